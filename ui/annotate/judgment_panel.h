// Under the response: verdict, the judgment in the person's own words, the coach, submit. Fed by AnnotatePage; GUI
// thread.
#pragma once

#include "annotate/judgment/types.h"
#include "ui/common/saved_state.h"
#include "ui/score/coach.h"

#include <QPlainTextEdit>
#include <QWidget>

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
    QString suggestion() const { return m_suggestion; }

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
    annotate::Verdict verdict() const { return m_verdict; }
    void setCoach(const CoachAdvice& advice);
    void setSaved(const SavedState& state);
    void setGuidelines(const QString& text);
    void setLead(const QString& text);  // a hint in place of the word "Judgment" over the box; empty: the word
    void setReadOnly(bool readOnly);    // nothing can be said
    void askForVerdict();               // Submit was pressed with nothing to submit

Q_SIGNALS:
    void verdictPicked(stet::annotate::Verdict verdict);
    void submitPressed();
    void leaveOutPressed();

protected:
    void changeEvent(QEvent* event) override;

private:
    void build();
    void retranslate();
    void showSaved();

    QPushButton* m_accept;
    QPushButton* m_criticise;
    QPushButton* m_skip;
    QToolButton* m_guidelinesToggle;
    QLabel* m_guidelines;
    QLabel* m_editName;
    JudgmentEdit* m_edit;
    QLabel* m_coach;
    QPushButton* m_leaveOut;
    QPushButton* m_submit;
    QLabel* m_saved;
    annotate::Verdict m_verdict = annotate::Verdict::Open;
    SavedState m_savedState;
    QString m_lead;
};

QString savedText(const SavedState& state);

}  // namespace stet::ui
