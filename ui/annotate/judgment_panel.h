// Under the response: verdict, the judgment in the person's own words, the coach, submit. Fed by AnnotatePage; GUI
// thread.
#pragma once

#include "annotate/judgment/types.h"
#include "ui/common/saved_state.h"
#include "ui/score/coach.h"

#include <QPlainTextEdit>
#include <QWidget>

#include <optional>

class QLabel;
class QPushButton;
class QToolButton;

namespace stet::ui {

// The text box: a grey suggestion that Tab takes while the box is empty; undo inside the text first, then across items.
class JudgmentEdit : public QPlainTextEdit {
    Q_OBJECT

public:
    explicit JudgmentEdit(QWidget* parent = nullptr);

    void setSuggestion(const QString& suggestion);  // empty: the general placeholder
    void replaceText(const QString& text);          // another item's: forgets the undo history
    QSize sizeHint() const override;                // five lines; two where the window is small
    QSize minimumSizeHint() const override;
    QString suggestion() const { return m_suggestion; }
    bool takeSuggestion();  // false: there is none, or the box has words

Q_SIGNALS:
    void undoBeyond();
    void redoBeyond();
    void submitPressed();
    void leavePressed();

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool focusNextPrevChild(bool next) override;
    void insertFromMimeData(const QMimeData* source) override;

private:
    void retranslate();

    QString m_suggestion;
};

class JudgmentPanel : public QWidget {
    Q_OBJECT

public:
    explicit JudgmentPanel(QWidget* parent = nullptr);

    JudgmentEdit* edit() const { return m_edit; }
    void setVerdict(annotate::Verdict verdict);
    // What is stored, where submitting would change it: said over the box. Open: nothing is.
    void setReplaced(annotate::Verdict stored);
    annotate::Verdict verdict() const { return m_verdict; }
    void setCoach(const CoachAdvice& advice);
    void setSaved(const SavedState& state);
    void setGuidelines(const QString& text);
    void setLead(const QString& text);  // a hint in place of the word "Judgment" over the box; empty: the word
    void setReadOnly(bool readOnly);    // nothing can be said
    void setTight(bool tight);          // there is little height: what only keeps the rest from jumping is given up
    void askForVerdict();               // Submit was pressed with nothing to submit
    void askWhetherMeant(const QString& judgment);  // Submit was pressed with hardly anything

Q_SIGNALS:
    void verdictPicked(stet::annotate::Verdict verdict);
    void submitPressed();
    void leaveOutPressed();
    void lambdaProposed(double lambda);  // the coach's, taken

protected:
    void changeEvent(QEvent* event) override;

private:
    void build();
    void retranslate();
    void showSaved();
    void showName();
    void say(const QString& sentence);
    void showProposedLambda();

    QPushButton* m_accept;
    QPushButton* m_criticise;
    QPushButton* m_skip;
    QToolButton* m_guidelinesToggle;
    QLabel* m_guidelines;
    QLabel* m_editName;
    JudgmentEdit* m_edit;
    QLabel* m_coach;
    QPushButton* m_leaveOut;
    QPushButton* m_useLambda;
    std::optional<double> m_proposedLambda;
    QPushButton* m_submit;
    QLabel* m_saved;
    annotate::Verdict m_verdict = annotate::Verdict::Open;
    annotate::Verdict m_replaced = annotate::Verdict::Open;
    SavedState m_savedState;
    QString m_lead;
};

QString savedText(const SavedState& state);

}  // namespace stet::ui
