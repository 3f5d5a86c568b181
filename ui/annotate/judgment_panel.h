// Under the response: verdict, the judgment in the person's own words, the coach, submit. Fed by AnnotatePage; GUI
// thread.
#pragma once

#include "annotate/judgment/types.h"
#include "ui/annotate/judgment_edit.h"
#include "ui/common/saved_state.h"
#include "ui/score/coach.h"

#include <QWidget>

#include <optional>

class QLabel;
class QPushButton;
class QToolButton;

namespace stet::ui {

class CorrectionPanel;

class JudgmentPanel : public QWidget {
    Q_OBJECT

public:
    explicit JudgmentPanel(QWidget* parent = nullptr);

    JudgmentEdit* edit() const { return m_edit; }
    CorrectionPanel* correction() const { return m_correction; }
    void setVerdict(annotate::Verdict verdict);
    // What is stored, where submitting would change it: said over the box. Open: nothing is.
    void setReplaced(annotate::Verdict stored);
    annotate::Verdict verdict() const { return m_verdict; }
    // The suggestion in the box, and whose it is: a model's draft can be dropped, and where there is none one can be
    // asked for.
    void setSuggestion(const annotate::ResponseItem& item);
    void setCoach(const CoachAdvice& advice);
    void setSaved(const SavedState& state);
    void setGuidelines(const QString& text);
    void setLead(const QString& text);  // a hint in place of the word "Judgment" over the box; empty: the word
    void setReadOnly(bool readOnly);    // nothing can be said
    void setTight(bool tight);          // there is little height: what only keeps the rest from jumping is given up
    void askForVerdict();               // Submit was pressed with nothing to submit
    void askWhetherMeant(const QString& judgment);  // Submit was pressed with hardly anything
    void askForWords();                             // … with a correction and no judgment

Q_SIGNALS:
    void verdictPicked(stet::annotate::Verdict verdict);
    void submitPressed();
    void correctPressed();  // the correction is opened by its button
    void draftPressed();    // the model is to draft a judgment
    void dropPressed();     // the draft is not wanted
    void leaveOutPressed();
    void markQuotedPressed();
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
    QToolButton* m_correctionToggle;
    QToolButton* m_guidelinesToggle;
    QLabel* m_guidelines;
    QLabel* m_editName;
    QPushButton* m_draft;
    JudgmentEdit* m_edit;
    CorrectionPanel* m_correction;
    QLabel* m_coach;
    QPushButton* m_markQuoted;
    QPushButton* m_leaveOut;
    QPushButton* m_useLambda;
    std::optional<double> m_proposedLambda;
    QPushButton* m_submit;
    QLabel* m_saved;
    annotate::Verdict m_verdict = annotate::Verdict::Open;
    annotate::Verdict m_replaced = annotate::Verdict::Open;
    SavedState m_savedState;
    QString m_lead;
    QString m_drafter;            // empty: nobody drafted
    bool m_nothingWrong = false;  // says the draft
};

QString savedText(const SavedState& state);

}  // namespace stet::ui
