#include "app/session/round_controller.h"

#include "app/session/convert.h"
#include "app/session/round_steps.h"
#include "app/worker/received.h"
#include "workflow/round_watch.h"

#include <algorithm>
#include <utility>

namespace stet::app {

using namespace annotate;
using workflow::RoundEnd;
namespace method = contract::method;

namespace {

bool isNotANumber(const RoundAlert& alert)
{
    return alert.kind == AlertKind::NotANumber;
}

ui::RoundPhase phaseFrom(contract::Phase phase)
{
    switch (phase) {
    case contract::Phase::Checking:
        return ui::RoundPhase::Checking;
    case contract::Phase::Loading:
        return ui::RoundPhase::Loading;
    case contract::Phase::Scoring:
        return ui::RoundPhase::Scoring;
    case contract::Phase::Training:
        break;
    case contract::Phase::Saving:
        return ui::RoundPhase::Saving;
    case contract::Phase::Evaluating:
        return ui::RoundPhase::Evaluating;
    }
    return ui::RoundPhase::Training;
}

constexpr const char* kKeep = "keep";

QString causeOf(FailureKind kind, const std::vector<RoundAlert>& alerts)
{
    if (std::any_of(alerts.begin(), alerts.end(), isNotANumber)) {
        return RoundController::tr("Not a number");
    }
    switch (kind) {
    case FailureKind::OutOfMemory:
        return RoundController::tr("Memory");
    case FailureKind::BadInput:
    case FailureKind::Usage:
        return RoundController::tr("Data");
    case FailureKind::ModelRefused:
        return RoundController::tr("Model");
    case FailureKind::Interrupted:
        return RoundController::tr("Worker lost");
    case FailureKind::Internal:
        break;
    }
    return RoundController::tr("Fault of the program");
}

}  // namespace

RoundController::RoundController(const SessionContext& session, ui::RoundsPage& page, QObject* parent)
    : QObject(parent)
    , m_session(session)
    , m_page(page)
    , m_preview(session, page, this)
    , m_settings(session, *page.settings(), this)
{
    connect(&session.worker, &WorkerRequests::notified, this, [this](const QString& name, const std::string& params) {
        if (name == QLatin1String(method::kRoundProgress)) {
            progress(progressFrom(params));
        }
    });
    page.clear(session.state.currentRound());
    connectPage();
    connect(&m_settings, &RoundSettingsController::chosen, &m_preview, &RoundPreview::changed);
}

void RoundController::connectPage()
{
    using Page = ui::RoundsPage;
    Page* p = &m_page;
    connect(p, &Page::startRequested, this, &RoundController::start);
    connect(p, &Page::parentChosen, &m_preview, &RoundPreview::setParentRound);
    connect(p, &Page::lookedAt, this, [this](int round) {
        if (round > 0) {
            showCurves(round);
        }
    });
    connect(p, &Page::presetChanged, this, &RoundController::choosePreset);
    connect(p, &Page::pauseRequested, this, [this] { sendStop("pause"); });
    connect(p, &Page::stopRequested, this, [this](int, bool keep) { sendStop(keep ? "keep" : "discard"); });
    connect(p, &Page::saveNowRequested, this,
            [this] { m_session.worker.request(method::kRoundSave, Json::object(), this, {}); });
    connect(p, &Page::adoptRequested, this, &RoundController::adopt);
    connect(p, &Page::discardRequested, this, &RoundController::discard);
    connect(p, &Page::compareRequested, this, &RoundController::compareRequested);
    connect(p, &Page::failureDismissed, this, [this] { m_page.setFailure({}); });
    connect(p, &Page::resumeRequested, this, &RoundController::resume);
    connect(p, &Page::remedyChosen, this,
            [this](int round, const QString& id) { goOn(round, id == QLatin1String(kKeep)); });
}

void RoundController::open()
{
    m_settings.open();
    struct Opening {
        std::vector<RoundRecord> rounds;
        std::string preset;
        std::optional<RoundRecord> interrupted;
    };
    m_session.store.ask<Opening>(
        Priority::Write,  // before whatever is started here: that one is not interrupted
        [](Project& project) {
            // In a project open for reading only the round runs elsewhere.
            auto interrupted = project.readOnly() ? std::nullopt : workflow::takeUpInterrupted(project);
            return Opening{workflow::watchedRounds(project), project.setting("preset", "stable"),
                           std::move(interrupted)};
        },
        [this](const Opening& opening) {
            m_page.setPreset(qstr(opening.preset));
            m_preview.setPreset(qstr(opening.preset));
            showRounds(opening.rounds);
            if (!m_rounds.empty()) {
                showCurves(m_rounds.back().number);
            }
            if (opening.interrupted) {
                offerToResume(*opening.interrupted);
            }
        },
        m_session.reportFailure());
}

void RoundController::offerToResume(const RoundRecord& round)
{
    m_session.frame.notify({QStringLiteral("resume-round"),
                            ui::Notice::Level::Info,
                            tr("Round %1 was interrupted. It can go on where it stopped.").arg(round.number),
                            {{QStringLiteral("resume"), tr("Resume the round")}}});
}

void RoundController::resumePaused()
{
    if (const RoundRecord* round = paused()) {
        m_session.frame.setPage(ui::Page::Rounds);
        resume(round->number);
    }
}

const RoundRecord* RoundController::paused() const
{
    const auto found = std::find_if(m_rounds.rbegin(), m_rounds.rend(),
                                    [](const RoundRecord& round) { return round.state == RoundState::Paused; });
    return found == m_rounds.rend() ? nullptr : &*found;
}

// A paused round stays in sight until it goes on or is discarded.
void RoundController::showRounds(std::vector<RoundRecord> rounds)
{
    m_rounds = std::move(rounds);
    m_page.setRounds(m_rounds, m_session.state.currentRound());
    if (isRunning() || m_session.state.project().readOnly) {
        return;
    }
    if (const RoundRecord* round = paused()) {
        showPaused(*round);
    } else {
        m_page.setProgress({});
        m_session.frame.setRoundBar({});
    }
}

// Steps that come while the log is read are in it, or come again after it: a step that is drawn takes its place.
void RoundController::showCurves(int round)
{
    m_curvesOf = round;
    const auto known =
        std::find_if(m_rounds.begin(), m_rounds.end(), [round](const RoundRecord& one) { return one.number == round; });
    const int steps = known == m_rounds.end() ? 0 : known->steps;
    m_curves.ask<std::vector<RoundStep>>(
        m_session.store, Priority::Read,
        [round, steps](Project& project) { return stepsIn(project.roundFolder(round), steps); },
        [this, round](const std::vector<RoundStep>& found) { m_page.setSteps(round, found); },
        m_session.reportFailure());
}

void RoundController::showPaused(const RoundRecord& round)
{
    constexpr auto kPhase = ui::RoundPhase::Training;
    m_page.setProgress(ui::RoundProgress{round.number, kPhase, round.stepsDone, round.steps, -1, true});
    m_session.frame.setRoundBar(
        ui::RoundBar{round.number, ui::phaseInWords(kPhase), round.stepsDone, round.steps, -1, true});
}

void RoundController::reload()
{
    m_session.store.ask<std::vector<RoundRecord>>(
        Priority::Read, [](Project& project) { return workflow::watchedRounds(project); },
        [this](const std::vector<RoundRecord>& rounds) { showRounds(rounds); }, m_session.reportFailure());
}

void RoundController::choosePreset(const QString& preset)
{
    m_preview.setPreset(preset);
    m_session.store.ask<WhatLightsUp>(
        Priority::Write,
        [name = preset.toStdString()](Project& project) {
            project.setSetting("preset", name);
            return WhatLightsUp::of(project);
        },
        [this](const WhatLightsUp& now) { m_session.state.takeOver(now); }, m_session.reportFailure());
}

void RoundController::start(int parent, const QString& preset)
{
    const RoundPlan& plan = m_preview.plan();
    workflow::RoundSize planned{plan.criticised, plan.accepted};
    if (plan.flags && plan.flags->ofTokens > 0) {
        planned.flaggedShare = static_cast<double>(plan.flags->tokens) / plan.flags->ofTokens;
    }
    run([=, name = preset.toStdString()](Project& project) {
        return workflow::beginRound(project, workflow::prepareRound(project, parent, name).number, planned);
    });
}

void RoundController::resume(int round)
{
    goOn(round, false);
}

void RoundController::goOn(int round, bool keep)
{
    run([round](Project& project) { return workflow::beginRound(project, round); }, keep);
}

// One at a time: a second press while the first is on its way is none.
void RoundController::run(const std::function<RoundRecord(Project&)>& begin, bool keep)
{
    if (m_running || std::exchange(m_starting, true)) {
        return;
    }
    m_page.setFailure({});
    m_session.store.ask<Running>(
        Priority::Write,
        [begin](Project& project) {
            const RoundRecord record = begin(project);
            return Running{record, project.roundFolder(record.number)};
        },
        [this, keep](const Running& running) {
            m_starting = false;
            askWorker(running, keep);
            if (m_closing) {
                sendStop("pause");
            }
        },
        [this](const FailureReport& report) {
            m_starting = false;
            m_session.reportFailure()(report);
            if (m_closing) {
                std::exchange(m_closing, {})();
            }
        });
}

void RoundController::askWorker(const Running& running, bool keep)
{
    m_session.frame.hideHints();  // it is being done
    m_session.frame.dismiss(QStringLiteral("resume-round"));
    m_running = running;
    m_preview.hold(true);
    showCurves(running.record.number);  // of what was trained before a pause
    reload();
    showProgress();
    Json params = {{"dir", running.folder}};
    if (keep) {
        params["keep"] = true;
    }
    m_session.worker.request(method::kRoundStart, params, this, [this](const WorkerReply& reply) { ended(reply); });
}

void RoundController::progress(const contract::RoundProgress& told)
{
    if (!m_running) {
        return;
    }
    if (const auto phase = phaseFrom(told.phase); std::exchange(m_running->phase, phase) != phase) {
        m_running->secondsLeft = -1;  // it was the other phase's
    }
    if (told.total) {
        m_running->scored = static_cast<int>(told.done.value_or(0));
        m_running->toScore = static_cast<int>(*told.total);
        m_running->secondsLeft = told.secondsLeft.value_or(-1);
    }
    if (const auto step = stepFrom(told)) {
        m_running->record.steps = step->steps;
        m_running->record.stepsDone = step->step;
        m_running->secondsLeft = step->secondsLeft;
        if (m_curvesOf == m_running->record.number) {
            m_page.addStep(*step);
        }
    }
    if (told.warning) {
        m_page.setRemark(qstr(*told.warning));
    }
    showProgress();
}

void RoundController::showProgress()
{
    const auto& record = m_running->record;
    const bool scoring = m_running->phase == ui::RoundPhase::Scoring;
    const int done = scoring ? m_running->scored : record.stepsDone;
    const int total = scoring ? m_running->toScore : record.steps;
    m_page.setProgress(ui::RoundProgress{record.number, m_running->phase, done, total, m_running->secondsLeft, false,
                                         record.stepsDone > 0});
    m_session.frame.setRoundBar(ui::RoundBar{record.number, ui::phaseInWords(m_running->phase), done, total,
                                             m_running->secondsLeft, false,
                                             m_running->phase == ui::RoundPhase::Training});
}

void RoundController::sendStop(const char* how)
{
    if (m_running) {
        m_session.worker.request(method::kRoundStop, {{"dir", m_running->folder}, {"how", how}}, this, {});
    }
}

void RoundController::pauseForClosing(std::function<void()> done)
{
    m_closing = std::move(done);
    sendStop("pause");
}

void RoundController::ended(const WorkerReply& reply)
{
    if (!m_running) {
        return;
    }
    const RoundRecord record = std::exchange(m_running, {})->record;
    m_preview.hold(false);
    m_page.setProgress({});
    m_session.frame.setRoundBar({});
    RoundEnd end;  // cancelled: paused
    std::optional<FailureReport> failure;
    if (const auto* result = std::get_if<Json>(&reply)) {
        end = workflow::endFromOutcome(received<contract::RoundResult>(*result, method::kRoundStart).outcome);
    } else if (const auto* report = std::get_if<FailureReport>(&reply)) {
        end = workflow::endFromFailure(*report);
        failure = *report;
    }
    end.steps = record.steps;
    end.stepsDone = record.stepsDone;
    recordEnd(record.number, end, failure);
}

void RoundController::recordEnd(int round, const RoundEnd& end, const std::optional<FailureReport>& failure)
{
    m_session.store.ask<std::pair<RoundRecord, WhatLightsUp>>(
        Priority::Write,
        [round, end](Project& project) {
            auto record = workflow::endRound(project, round, end);
            return std::pair(std::move(record), WhatLightsUp::of(project));
        },
        [this, failure](const std::pair<RoundRecord, WhatLightsUp>& ended) {
            const RoundRecord& record = ended.first;
            if (failure) {
                showFailure(record, *failure);
            }
            m_session.state.takeOver(ended.second);  // a round makes its λ
            reload();
            if (m_closing) {
                std::exchange(m_closing, {})();
            } else if (record.state == RoundState::Finished) {
                Q_EMIT finished(record.number);
            }
        },
        [this](const FailureReport& report) {
            m_session.reportFailure()(report);
            if (m_closing) {
                std::exchange(m_closing, {})();
            }
        });
}

// After a loss that was no number the same steps would lead to it again.
void RoundController::showFailure(const RoundRecord& round, const FailureReport& report)
{
    ui::RoundFailure failure{
        round.number, causeOf(report.kind, round.alerts), qstr(report.message), m_session.worker.lastLogLines(), {}};
    const auto broken = std::find_if(round.alerts.begin(), round.alerts.end(), isNotANumber);
    if (broken == round.alerts.end()) {
        failure.remedies.push_back({QStringLiteral("resume"), tr("Go on from the last checkpoint")});
    } else if (broken->keptStep > 0) {
        failure.remedies.push_back(
            {QString::fromLatin1(kKeep), tr("Keep what was trained until step %1").arg(broken->keptStep)});
    }
    m_page.setFailure(failure);
}

void RoundController::adopt(int round)
{
    m_session.store.ask<std::string>(
        Priority::Write,
        [round](Project& project) {
            workflow::adoptRound(project, round);
            return project.adapterFolder(round);
        },
        [this, round](const std::string& adapter) {
            m_session.state.adopt(round, adapter);
            reload();
        },
        m_session.reportFailure());
}

void RoundController::discard(int round)
{
    m_session.store.ask<int>(
        Priority::Write,
        [round](Project& project) {
            workflow::discardRound(project, round);
            return project.currentRound();
        },
        [this](int current) {
            if (current != m_session.state.currentRound()) {
                m_session.state.adopt(current, {});
            }
            reload();
        },
        m_session.reportFailure());
}

}  // namespace stet::app
