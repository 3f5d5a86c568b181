#include "ui/round/rounds_page.h"

#include "ui/common/key_map.h"
#include "ui/common/parts.h"
#include "ui/round/alerts_panel.h"
#include "ui/round/baselines_panel.h"
#include "ui/round/failure_card.h"
#include "ui/round/plan_panel.h"
#include "ui/round/progress_panel.h"
#include "ui/round/round_chain.h"
#include "ui/round/round_curves.h"
#include "ui/round/take_along_panel.h"
#include "ui/round/talk_panel.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QShortcut>
#include <QVBoxLayout>

namespace stet::ui {

QString phaseInWords(RoundPhase phase)
{
    switch (phase) {
    case RoundPhase::Checking:
        return RoundsPage::tr("checking");
    case RoundPhase::Loading:
        return RoundsPage::tr("loading the model");
    case RoundPhase::Scoring:
        return RoundsPage::tr("scoring the judgments");
    case RoundPhase::Training:
        return RoundsPage::tr("training");
    case RoundPhase::Saving:
        return RoundsPage::tr("saving");
    case RoundPhase::Evaluating:
        return RoundsPage::tr("evaluating");
    }
    return {};
}

RoundsPage::RoundsPage(QWidget* parent) : QWidget(parent)
{
    QWidget* page = scrolledPage(this, 1500);
    m_title = titleLabel(page);
    m_chain = new RoundChain(page);
    m_alerts = new RoundAlertsPanel(page);
    m_remark = wrappedLabel(page, "dim");
    m_failure = new RoundFailureCard(page);
    m_takeAlong = new TakeAlongPanel(page);
    m_talk = new TalkPanel(page);
    m_baselines = new BaselinesPanel(page);
    m_openBaselines = lookButton(page, "link");
    m_plan = new RoundPlanPanel(page);
    m_progress = new RoundProgressPanel(page);
    m_curvesName = plainLabel(page, "heading");
    m_curves = new RoundCurves(page);
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(12);
    auto* head = new QHBoxLayout;
    head->addWidget(m_title, 1);
    head->addWidget(m_openBaselines);
    layout->addLayout(head);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_chain, m_alerts, m_remark, m_failure, m_takeAlong, m_talk,
                                                           m_baselines, m_plan, m_progress}) {
        layout->addWidget(widget);
    }
    layout->addWidget(m_curvesName);
    layout->addWidget(m_curves, 1);
    layout->addStretch(0);  // takes the room only while there are no curves
    for (QWidget* widget : std::initializer_list<QWidget*>{m_chain, m_alerts, m_failure, m_takeAlong, m_talk,
                                                           m_baselines, m_plan, m_progress}) {
        widget->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    }
    for (QWidget* widget : std::initializer_list<QWidget*>{m_remark, m_failure, m_takeAlong, m_talk, m_baselines,
                                                           m_progress, m_curvesName, m_curves}) {
        widget->hide();
    }
    retranslate();
    const auto start = [this] {
        if (m_paused > 0) {
            Q_EMIT resumeRequested(m_paused);
        } else if (m_plan->canStart()) {
            Q_EMIT startRequested(m_chain->chosenParent(), m_plan->preset());
        }
    };
    auto* key = new QShortcut(defaultKeys().key(KeyAction::StartRound), this);
    key->setContext(Qt::WidgetWithChildrenShortcut);
    connect(key, &QShortcut::activated, this, start);
    connect(m_plan, &RoundPlanPanel::startPressed, this, start);
    connect(m_plan, &RoundPlanPanel::presetChanged, this, &RoundsPage::presetChanged);
    connect(m_progress, &RoundProgressPanel::pausePressed, this, &RoundsPage::pauseRequested);
    connect(m_progress, &RoundProgressPanel::resumePressed, this, &RoundsPage::resumeRequested);
    connect(m_progress, &RoundProgressPanel::stopPressed, this, &RoundsPage::stopRequested);
    connect(m_progress, &RoundProgressPanel::savePressed, this, &RoundsPage::saveNowRequested);
    connect(m_progress, &RoundProgressPanel::discardPressed, this, &RoundsPage::discardRequested);
    connect(m_chain, &RoundChain::resumeRequested, this, &RoundsPage::resumeRequested);
    connect(m_chain, &RoundChain::lookedAt, this, &RoundsPage::lookedAt);
    connect(m_chain, &RoundChain::lookedAt, m_alerts, &RoundAlertsPanel::lookAt);
    connect(m_alerts, &RoundAlertsPanel::backRequested, this, &RoundsPage::adoptRequested);
    connect(m_alerts, &RoundAlertsPanel::compareRequested, this, &RoundsPage::compareRequested);
    connect(m_chain, &RoundChain::parentChosen, this, &RoundsPage::parentChosen);
    connect(m_chain, &RoundChain::compareRequested, this, &RoundsPage::compareRequested);
    connect(m_chain, &RoundChain::adoptRequested, this, &RoundsPage::adoptRequested);
    connect(m_chain, &RoundChain::discardRequested, this, &RoundsPage::discardRequested);
    connect(m_chain, &RoundChain::useRequested, m_takeAlong, &TakeAlongPanel::open);
    connect(m_chain, &RoundChain::talkRequested, m_talk, &TalkPanel::open);
    connect(m_openBaselines, &QPushButton::clicked, m_baselines, &BaselinesPanel::open);
    connect(m_baselines, &BaselinesPanel::runningChanged, this, [this](bool running) {
        m_trainingBaselines = running;
        holdOneForTheOther();
    });
    connect(m_failure, &RoundFailureCard::remedyPressed, this, &RoundsPage::remedyChosen);
    connect(m_failure, &RoundFailureCard::dismissed, this, [this](int round) {
        m_failure->hide();
        Q_EMIT failureDismissed(round);
    });
}

void RoundsPage::retranslate()
{
    setAccessibleName(tr("Rounds"));
    m_title->setText(tr("Rounds"));
    m_openBaselines->setText(tr("Other objectives …"));
    m_curvesName->setText(tr("Curves of round %1").arg(m_curvesRound));
}

void RoundsPage::clear(int current)
{
    m_chain->setParentRound(current);
    m_alerts->lookAt(0);
    setRounds({}, current);
    setPlan(std::nullopt);
    setProgress(std::nullopt);
    setSteps(0, {});
    setFailure(std::nullopt);
    m_takeAlong->hide();
    m_talk->clear();
    m_baselines->clear();
    setRemark({});
}

void RoundsPage::setRounds(const std::vector<annotate::RoundRecord>& rounds, int current)
{
    m_chain->setRounds(rounds, current);
    m_alerts->setRounds(rounds, current);
}

void RoundsPage::setPlan(const std::optional<annotate::RoundPlan>& plan, const QString& obstacle)
{
    m_plan->setPlan(plan, obstacle);
}

RoundSettingsPanel* RoundsPage::settings() const
{
    return m_plan->settings();
}

void RoundsPage::setPreset(const QString& preset)
{
    m_plan->setPreset(preset);
}

void RoundsPage::setProgress(const std::optional<RoundProgress>& progress)
{
    m_progress->setVisible(progress.has_value());
    m_training = progress.has_value();
    m_paused = progress && progress->paused ? progress->round : 0;
    holdOneForTheOther();
    if (progress) {
        m_progress->setProgress(*progress);
    }
}

// Two trainings at once are slower than one after the other, and may not fit.
void RoundsPage::holdOneForTheOther()
{
    m_plan->setRunning(m_training || m_trainingBaselines);
    m_baselines->setHeld(m_training && m_paused == 0);
}

void RoundsPage::setSteps(int round, const std::vector<annotate::RoundStep>& steps)
{
    m_curvesRound = round;
    m_curves->setSteps(steps);
    m_curves->setVisible(!steps.empty());
    m_curvesName->setVisible(!steps.empty());
    retranslate();
}

void RoundsPage::addStep(const annotate::RoundStep& step)
{
    m_curves->addStep(step);
    m_curves->show();
    m_curvesName->show();
}

void RoundsPage::setFailure(const std::optional<RoundFailure>& failure)
{
    m_failure->setVisible(failure.has_value());
    if (failure) {
        m_failure->setFailure(*failure);
    }
}

void RoundsPage::setRemark(const QString& sentence)
{
    setOrHide(m_remark, sentence);
}

void RoundsPage::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
}

}  // namespace stet::ui
