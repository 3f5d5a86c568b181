#include "app/session/round_controller.h"

#include "app/session/convert.h"
#include "app/worker/received.h"

#include <utility>

namespace stet::app {

using namespace annotate;
using workflow::RoundEnd;
namespace method = contract::method;

namespace {

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

QString causeOf(FailureKind kind)
{
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
    : QObject(parent), m_session(session), m_page(page), m_preview(session, page, this)
{
    connect(&session.worker, &WorkerRequests::notified, this, [this](const QString& name, const std::string& params) {
        if (name == QLatin1String(method::kRoundProgress)) {
            progress(progressFrom(params));
        }
    });
    connectPage();
}

void RoundController::connectPage()
{
    using Page = ui::RoundsPage;
    Page* p = &m_page;
    connect(p, &Page::startRequested, this, &RoundController::start);
    connect(p, &Page::presetChanged, this, &RoundController::choosePreset);
    connect(p, &Page::pauseRequested, this, [this] { sendStop("pause"); });
    connect(p, &Page::stopRequested, this, [this](int, bool keep) { sendStop(keep ? "keep" : "discard"); });
    connect(p, &Page::saveNowRequested, this,
            [this] { m_session.worker.request(method::kRoundSave, Json::object(), this, {}); });
    connect(p, &Page::adoptRequested, this, &RoundController::adopt);
    connect(p, &Page::discardRequested, this, &RoundController::discard);
    connect(p, &Page::compareRequested, this, &RoundController::finished);
    connect(p, &Page::failureDismissed, this, [this] { m_page.setFailure({}); });
    connect(p, &Page::resumeRequested, this, &RoundController::resume);
    connect(p, &Page::remedyChosen, this, [this](int round, const QString&) { resume(round); });
}

void RoundController::open()
{
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
            return Opening{project.rounds(), project.setting("preset", "stable"), std::move(interrupted)};
        },
        [this](const Opening& opening) {
            m_page.setPreset(qstr(opening.preset));
            m_preview.setPreset(qstr(opening.preset));
            m_rounds = opening.rounds;
            m_page.setRounds(m_rounds, m_session.state.currentRound());
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

void RoundController::resumeNewest()
{
    if (!m_rounds.empty()) {
        m_session.frame.setPage(ui::Page::Rounds);
        resume(m_rounds.back().number);
    }
}

void RoundController::reload()
{
    m_session.store.ask<std::vector<RoundRecord>>(
        Priority::Read, [](Project& project) { return project.rounds(); },
        [this](const std::vector<RoundRecord>& rounds) {
            m_rounds = rounds;
            m_page.setRounds(m_rounds, m_session.state.currentRound());
        },
        m_session.reportFailure());
}

void RoundController::choosePreset(const QString& preset)
{
    m_preview.setPreset(preset);
    m_session.store.ask<contract::Detection>(
        Priority::Write,
        [name = preset.toStdString()](Project& project) {
            project.setSetting("preset", name);
            return project.detection(name);
        },
        [this](const contract::Detection& detection) { m_session.state.setDetection(detection); },
        m_session.reportFailure());
}

void RoundController::start(int parent, const QString& preset)
{
    const workflow::RoundSize planned{m_preview.plan().criticised, m_preview.plan().accepted};
    run([=, name = preset.toStdString()](Project& project) {
        return workflow::beginRound(project, workflow::prepareRound(project, parent, name).number, planned);
    });
}

void RoundController::resume(int round)
{
    run([round](Project& project) { return workflow::beginRound(project, round); });
}

// One at a time: a second press while the first is on its way is none.
void RoundController::run(const std::function<RoundRecord(Project&)>& begin)
{
    if (m_running || std::exchange(m_starting, true)) {
        return;
    }
    m_page.setFailure({});
    m_page.setSteps({});
    m_session.store.ask<Running>(
        Priority::Write,
        [begin](Project& project) {
            const RoundRecord record = begin(project);
            return Running{record, project.roundFolder(record.number)};
        },
        [this](const Running& running) {
            m_starting = false;
            askWorker(running);
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

void RoundController::askWorker(const Running& running)
{
    m_session.frame.hideHints();  // it is being done
    m_running = running;
    m_preview.hold(true);
    reload();
    showProgress();
    m_session.worker.request(method::kRoundStart, {{"dir", running.folder}}, this,
                             [this](const WorkerReply& reply) { ended(reply); });
}

void RoundController::progress(const contract::RoundProgress& told)
{
    if (!m_running) {
        return;
    }
    m_running->phase = phaseFrom(told.phase);
    if (const auto step = stepFrom(told)) {
        m_running->record.steps = step->steps;
        m_running->record.stepsDone = step->step;
        m_running->secondsLeft = step->secondsLeft;
        m_page.addStep(*step);
    }
    if (told.warning) {
        m_page.setRemark(qstr(*told.warning));
    }
    showProgress();
}

void RoundController::showProgress()
{
    const auto& record = m_running->record;
    m_page.setProgress(ui::RoundProgress{record.number, m_running->phase, record.stepsDone, record.steps,
                                         m_running->secondsLeft, false});
    m_session.frame.setRoundBar(ui::RoundBar{record.number, ui::phaseInWords(m_running->phase), record.stepsDone,
                                             record.steps, m_running->secondsLeft, false});
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
    if (const auto* result = std::get_if<Json>(&reply)) {
        end = workflow::endFromOutcome(received<contract::RoundResult>(*result, method::kRoundStart).outcome);
    } else if (const auto* report = std::get_if<FailureReport>(&reply)) {
        end = workflow::endFromFailure(*report);
        showFailure(record.number, *report);
    }
    end.steps = record.steps;
    end.stepsDone = record.stepsDone;
    recordEnd(record.number, end);
}

void RoundController::recordEnd(int round, const RoundEnd& end)
{
    m_session.store.ask<RoundRecord>(
        Priority::Write, [round, end](Project& project) { return workflow::endRound(project, round, end); },
        [this](const RoundRecord& record) {
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

void RoundController::showFailure(int round, const FailureReport& report)
{
    ui::RoundFailure failure{round, causeOf(report.kind), qstr(report.message), m_session.worker.lastLogLines(), {}};
    failure.remedies.push_back({QStringLiteral("resume"), tr("Go on from the last checkpoint")});
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
