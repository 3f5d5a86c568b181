#include "ui/annotate/judgment_panel.h"

#include "annotate/judgment/drafted_judgment.h"
#include "ui/annotate/author_text.h"
#include "ui/annotate/correction_panel.h"
#include "ui/common/key_map.h"
#include "ui/common/parts.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

namespace stet::ui {

QString savedText(const SavedState& state)
{
    switch (state.kind) {
    case SavedState::Kind::Saved:
        return state.at.isValid() ? JudgmentPanel::tr("Saved %1").arg(state.at.toString(QStringLiteral("HH:mm:ss")))
                                  : JudgmentPanel::tr("All saved");
    case SavedState::Kind::Unsaved:
        return JudgmentPanel::tr("Not saved yet");
    case SavedState::Kind::Saving:
        return JudgmentPanel::tr("Saving …");
    case SavedState::Kind::Failed:
        return state.problem;
    }
    return {};
}

JudgmentPanel::JudgmentPanel(QWidget* parent)
    : QWidget(parent)
    , m_accept(lookButton(this))
    , m_criticise(lookButton(this))
    , m_skip(lookButton(this))
    , m_correctionToggle(new QToolButton(this))
    , m_guidelinesToggle(new QToolButton(this))
    , m_guidelines(wrappedLabel(nullptr))
    , m_editName(plainLabel(this, "dim"))
    , m_draft(lookButton(this, "link"))
    , m_edit(new JudgmentEdit(this))
    , m_correction(new CorrectionPanel(this))
    , m_coach(plainLabel(this, "dim"))
    , m_markQuoted(lookButton(this, "link"))
    , m_leaveOut(lookButton(this, "link"))
    , m_useLambda(lookButton(this, "link"))
    , m_submit(lookButton(this, "primary"))
    , m_saved(plainLabel(this, "dim"))
{
    build();
    retranslate();
    setVerdict(annotate::Verdict::Open);
    setCoach({});
    const auto pick = [this](QPushButton* button, annotate::Verdict verdict) {
        button->setCheckable(true);
        button->setFocusPolicy(Qt::TabFocus);
        connect(button, &QPushButton::clicked, this, [this, verdict] { Q_EMIT verdictPicked(verdict); });
    };
    pick(m_accept, annotate::Verdict::Accepted);
    pick(m_criticise, annotate::Verdict::Criticised);
    pick(m_skip, annotate::Verdict::Skipped);
    connect(m_submit, &QPushButton::clicked, this, &JudgmentPanel::submitPressed);
    for (const WritingEdit* edit : {static_cast<WritingEdit*>(m_edit), m_correction->edit()}) {
        connect(edit, &WritingEdit::submitPressed, this, &JudgmentPanel::submitPressed);
    }
    connect(m_correctionToggle, &QToolButton::clicked, this,
            [this](bool open) { open ? Q_EMIT correctPressed() : m_correction->setOpen(false); });
    connect(m_draft, &QPushButton::clicked, this,
            [this] { m_drafter.isEmpty() ? Q_EMIT draftPressed() : Q_EMIT dropPressed(); });
    connect(m_markQuoted, &QPushButton::clicked, this, &JudgmentPanel::markQuotedPressed);
    connect(m_leaveOut, &QPushButton::clicked, this, &JudgmentPanel::leaveOutPressed);
    connect(m_useLambda, &QPushButton::clicked, this, [this] { Q_EMIT lambdaProposed(m_proposedLambda.value_or(0)); });
}

void JudgmentPanel::build()
{
    auto* verdicts = new QHBoxLayout;
    verdicts->setSpacing(6);
    verdicts->addWidget(m_accept);
    verdicts->addWidget(m_criticise);
    verdicts->addWidget(m_skip);
    verdicts->addStretch(1);
    for (QToolButton* toggle : {m_correctionToggle, m_guidelinesToggle}) {
        verdicts->addWidget(toggle);
        toggle->setCheckable(true);
        toggle->setArrowType(Qt::RightArrow);
        toggle->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        toggle->setFocusPolicy(Qt::TabFocus);
    }
    connect(m_correction, &CorrectionPanel::openChanged, m_correctionToggle, [this](bool open) {
        m_correctionToggle->setChecked(open);
        m_correctionToggle->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
    });
    m_guidelinesToggle->hide();
    auto* guidelinesScroll = new QScrollArea(this);
    guidelinesScroll->setObjectName(QStringLiteral("guidelines"));
    guidelinesScroll->setWidgetResizable(true);
    guidelinesScroll->setMaximumHeight(fontMetrics().height() * 7);
    m_guidelines->setContentsMargins(8, 4, 8, 4);
    m_guidelines->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    guidelinesScroll->setWidget(m_guidelines);
    guidelinesScroll->hide();
    connect(m_guidelinesToggle, &QToolButton::toggled, guidelinesScroll, [this, guidelinesScroll](bool open) {
        guidelinesScroll->setVisible(open);
        m_guidelinesToggle->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
    });
    m_edit->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Maximum);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    m_coach->setWordWrap(true);
    m_coach->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    setTight(true);  // until the page knows its height
    m_coach->setAlignment(Qt::AlignVCenter | Qt::AlignLeft);
    auto* coach = new QHBoxLayout;
    coach->addWidget(m_coach, 1);
    coach->addWidget(m_markQuoted);
    coach->addWidget(m_leaveOut);
    coach->addWidget(m_useLambda);
    auto* submit = new QHBoxLayout;
    submit->addWidget(m_submit);
    submit->addStretch(1);
    submit->addWidget(m_saved);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addLayout(verdicts);
    layout->addWidget(guidelinesScroll);
    auto* name = new QHBoxLayout;
    name->addWidget(m_editName, 1);
    name->addWidget(m_draft);
    m_editName->setWordWrap(true);
    m_draft->setFocusPolicy(Qt::TabFocus);
    layout->addLayout(name);
    layout->addWidget(m_edit);
    layout->addLayout(coach);
    layout->addWidget(m_correction);
    layout->addLayout(submit);
    m_editName->setBuddy(m_edit);
}

void JudgmentPanel::retranslate()
{
    // The key that works wherever the focus is; on the response the number alone will do.
    const auto verdict = [](QPushButton* button, KeyAction action, const QString& name, const QString& tip) {
        button->setText(QStringLiteral("%1  %2").arg(keyText(action), name));
        button->setAccessibleName(name);
        button->setToolTip(tip);
    };
    verdict(m_accept, KeyAction::AcceptWhileTyping, tr("Accept"),
            tr("The response may stand. It is trained on as it is. The next one comes."));
    verdict(m_criticise, KeyAction::CriticiseWhileTyping, tr("Criticise"),
            tr("Say what is wrong. The flagged tokens are trained down, the rest may stand."));
    verdict(m_skip, KeyAction::SkipWhileTyping, tr("Skip"),
            tr("Leave this response out of training. The next one comes."));
    m_correctionToggle->setText(QStringLiteral("%1  %2").arg(keyText(KeyAction::CorrectResponse), tr("Correct")));
    m_correctionToggle->setAccessibleName(tr("Correct the response"));
    m_correctionToggle->setToolTip(
        tr("Write the response as it should have been. Optional: some objectives train on it, and exports have it."));
    m_guidelinesToggle->setText(tr("Guidelines"));
    m_guidelinesToggle->setAccessibleName(tr("Guidelines"));
    setLead(m_lead);
    m_markQuoted->setAccessibleName(tr("Mark what is quoted"));
    m_markQuoted->setText(QStringLiteral("%1  %2").arg(keyText(KeyAction::MarkQuoted), m_markQuoted->accessibleName()));
    m_leaveOut->setText(tr("Leave it out"));
    showProposedLambda();
    m_submit->setText(tr("Submit and next") + QStringLiteral("   ") + keyText(KeyAction::SubmitAndNext));
    m_submit->setAccessibleName(tr("Submit and next"));
    showSaved();
}

void JudgmentPanel::setVerdict(annotate::Verdict verdict)
{
    m_verdict = verdict;
    m_accept->setChecked(verdict == annotate::Verdict::Accepted);
    m_criticise->setChecked(verdict == annotate::Verdict::Criticised);
    m_skip->setChecked(verdict == annotate::Verdict::Skipped);
}

void JudgmentPanel::setCoach(const CoachAdvice& advice)
{
    const bool warns = advice.kind != CoachAdvice::Kind::None && advice.kind != CoachAdvice::Kind::Fine;
    m_coach->setText(advice.sentence.isEmpty() ? QString() : QStringLiteral("ⓘ ") + advice.sentence);
    setTone(m_coach, warns ? "warning" : "dim");
    m_markQuoted->setVisible(advice.offerMarkQuoted);
    m_leaveOut->setVisible(advice.offerLeaveOut);
    m_proposedLambda = advice.proposedLambda;
    showProposedLambda();
}

void JudgmentPanel::showProposedLambda()
{
    m_useLambda->setVisible(m_proposedLambda.has_value());
    if (m_proposedLambda) {
        m_useLambda->setText(tr("Set λ to %1").arg(*m_proposedLambda, 0, 'f', 2));
        m_useLambda->setToolTip(tr("False alarms are 5 % of the tokens then."));
    }
}

void JudgmentPanel::setLead(const QString& text)
{
    m_lead = text;
    showName();
}

void JudgmentPanel::setReplaced(annotate::Verdict stored)
{
    m_replaced = stored;
    showName();
}

void JudgmentPanel::setSuggestion(const annotate::ResponseItem& item)
{
    const bool drafted = item.verdict == annotate::Verdict::Open && isDrafted(item);
    m_edit->setSuggestion(QString::fromStdString(item.hint));
    m_drafter = drafted ? modelText(item.hintedBy) : QString();
    m_nothingWrong = drafted && item.hint.empty();
    m_draft->setVisible(drafted || waitsForDraft(item));
    showName();
}

void JudgmentPanel::showName()
{
    QString name = m_lead.isEmpty() ? tr("Judgment") : m_lead;
    if (m_nothingWrong) {
        name = tr("Drafted by %1: nothing is wrong (%2 accepts)").arg(m_drafter, keyText(KeyAction::AcceptWhileTyping));
    } else if (!m_drafter.isEmpty()) {
        name = tr("Judgment · Drafted by %1, not reviewed yet").arg(m_drafter);
    }
    m_draft->setText(m_drafter.isEmpty()
                         ? QStringLiteral("%1  %2").arg(keyText(KeyAction::DraftJudgment), tr("Let the model draft it"))
                         : tr("Drop the draft"));
    if (m_replaced == annotate::Verdict::Accepted) {
        name = tr("Judgment (this response was: accepted)");
    } else if (m_replaced == annotate::Verdict::Skipped) {
        name = tr("Judgment (this response was: skipped)");
    }
    m_editName->setText(name);
    setTone(m_editName, m_lead.isEmpty() || m_replaced != annotate::Verdict::Open ? "dim" : "lead");
}

void JudgmentPanel::setReadOnly(bool readOnly)
{
    m_edit->setReadOnly(readOnly);
    m_correction->setReadOnly(readOnly);
    m_correctionToggle->setEnabled(!readOnly || m_correction->isOpen());
    for (QPushButton* button :
         {m_accept, m_criticise, m_skip, m_draft, m_markQuoted, m_leaveOut, m_useLambda, m_submit}) {
        button->setEnabled(!readOnly);
    }
}

void JudgmentPanel::setTight(bool tight)
{
    // Room for two lines, so that nothing jumps while the coach changes its mind.
    m_coach->setMinimumHeight(fontMetrics().height() * (tight ? 1 : 2) + 2);
}

void JudgmentPanel::askForVerdict()
{
    say(tr("Nothing to submit yet: %1 accepts, %2 skips, or write a judgment.")
            .arg(keyText(KeyAction::AcceptWhileTyping), keyText(KeyAction::SkipWhileTyping)));
}

void JudgmentPanel::askWhetherMeant(const QString& judgment)
{
    say(tr("“%1” is very short for a judgment. %2 again submits it; %3 accepts the response.")
            .arg(judgment, keyText(KeyAction::SubmitAndNext), keyText(KeyAction::AcceptWhileTyping)));
}

void JudgmentPanel::askForWords()
{
    say(tr("The response is corrected; say what was wrong, too. %1 again submits it without words.")
            .arg(keyText(KeyAction::SubmitAndNext)));
}

void JudgmentPanel::say(const QString& sentence)
{
    m_coach->setText(QStringLiteral("ⓘ ") + sentence);
    setTone(m_coach, "warning");
    m_markQuoted->hide();
    m_leaveOut->hide();
    m_useLambda->hide();
}

void JudgmentPanel::setSaved(const SavedState& state)
{
    m_savedState = state;
    showSaved();
}

void JudgmentPanel::showSaved()
{
    m_saved->setText(savedText(m_savedState));
    setTone(m_saved, m_savedState.kind == SavedState::Kind::Failed ? "problem" : "dim");
}

void JudgmentPanel::setGuidelines(const QString& text)
{
    m_guidelines->setText(text);
    m_guidelinesToggle->setVisible(!text.isEmpty());
    if (text.isEmpty()) {
        m_guidelinesToggle->setChecked(false);
    }
}

void JudgmentPanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
}

}  // namespace stet::ui
