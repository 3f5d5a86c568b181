#include "app/session/round_controller.h"

#include "app/session/convert.h"

#include <QDateTime>

namespace stet::app {

using namespace annotate;
namespace method = contract::method;

namespace {

ui::RoundPhase phaseFrom(const std::string& name)
{
    static const std::map<std::string, ui::RoundPhase> kPhases = {
        {"checking", ui::RoundPhase::Checking}, {"loading", ui::RoundPhase::Loading},
        {"scoring", ui::RoundPhase::Scoring},   {"training", ui::RoundPhase::Training},
        {"saving", ui::RoundPhase::Saving},     {"evaluating", ui::RoundPhase::Evaluating}};
    const auto it = kPhases.find(name);
    return it == kPhases.end() ? ui::RoundPhase::Training : it->second;
}

std::string now()
{
    return QDateTime::currentDateTimeUtc().toString(Qt::ISODate).toStdString();
}

}  // namespace

RoundController::RoundController(ProjectAccess& access, QObject* parent)
    : QObject(parent), m_access(access), m_preview(access, this)
{
    connect(&access.worker, &WorkerRequests::notified, this, [this](const QString& name, const std::string& params) {
        if (name == QLatin1String(method::kRoundProgress)) {
            progress(Json::parse(params, nullptr, false));
        }
    });
    connectPage();
}

ui::RoundsPage& RoundController::page() const
{
    return *m_access.window.roundsPage();
}

void RoundController::connectPage()
{
    using Page = ui::RoundsPage;
    Page* p = &page();
    connect(p, &Page::startRequested, this, &RoundController::start);
    connect(p, &Page::presetChanged, this, [this](const QString& preset) {
        m_preview.setPreset(preset);
        m_access.store.ask<std::string>(
            Priority::Write,
            [name = preset.toStdString()](Project& project) {
                project.setSetting("preset", name);
                return project.contrastOf(name);
            },
            [this](const std::string& contrast) {
                if (std::exchange(m_access.contrast, contrast) != contrast) {
                    Q_EMIT contrastChanged();
                }
            },
            m_access.complain);
    });
    connect(p, &Page::pauseRequested, this, [this] { sendStop("pause"); });
    connect(p, &Page::stopRequested, this, [this](int, bool keep) { sendStop(keep ? "keep" : "discard"); });
    connect(p, &Page::saveNowRequested, this,
            [this] { m_access.worker.request(method::kRoundSave, Json::object(), this, {}); });
    connect(p, &Page::adoptRequested, this, &RoundController::adopt);
    connect(p, &Page::discardRequested, this, &RoundController::discard);
    connect(p, &Page::compareRequested, this, &RoundController::finished);
    connect(p, &Page::failureDismissed, this, [this] { page().setFailure({}); });
    const auto resume = [this](int number) {
        for (const auto& round : m_rounds) {
            if (round.number == number && !m_running) {
                page().setFailure({});
                run(round);
            }
        }
    };
    connect(p, &Page::resumeRequested, this, resume);
    connect(p, &Page::remedyChosen, this, [resume](int round, const QString&) { resume(round); });
    connect(&m_access.window, &ui::MainWindow::noticeAction, this,
            [this, resume](const QString& notice, const QString& action) {
                if (notice == QLatin1String("resume-round")) {
                    m_access.window.dismiss(notice);
                    if (action == QLatin1String("resume") && !m_rounds.empty()) {
                        m_access.window.setPage(ui::Page::Rounds);
                        resume(m_rounds.back().number);
                    }
                }
            });
    connect(&m_access.window, &ui::MainWindow::roundBarClicked, this,
            [this] { m_access.window.setPage(ui::Page::Rounds); });
}

void RoundController::open()
{
    m_access.store.ask<std::pair<std::vector<RoundRecord>, std::string>>(
        Priority::Read,
        [](Project& project) { return std::pair(project.rounds(), project.setting("preset", "stable")); },
        [this](const std::pair<std::vector<RoundRecord>, std::string>& state) {
            page().setPreset(qstr(state.second));
            m_preview.setPreset(qstr(state.second));
            m_rounds = state.first;
            takeUpInterrupted();
            page().setRounds(m_rounds, m_access.currentRound);
        },
        m_access.complain);
}

// A round that ran when the program ended has its checkpoint. In a project open for reading only it runs elsewhere.
void RoundController::takeUpInterrupted()
{
    if (m_access.readOnly) {
        return;
    }
    for (auto& round : m_rounds) {
        if (round.state == RoundState::Running) {
            round.state = RoundState::Paused;
            store(round);
        }
    }
    if (!m_rounds.empty() && m_rounds.back().state == RoundState::Paused) {
        m_access.window.notify(
            {QStringLiteral("resume-round"),
             ui::Notice::Level::Info,
             tr("Round %1 was interrupted. It can go on where it stopped.").arg(m_rounds.back().number),
             {{QStringLiteral("resume"), tr("Resume the round")}}});
    }
}

void RoundController::reload()
{
    m_access.store.ask<std::vector<RoundRecord>>(
        Priority::Read, [](Project& project) { return project.rounds(); },
        [this](const std::vector<RoundRecord>& rounds) {
            m_rounds = rounds;
            page().setRounds(m_rounds, m_access.currentRound);
            Q_EMIT roundsChanged();
        },
        m_access.complain);
}

void RoundController::planChanged()
{
    m_preview.changed();
}

std::string RoundController::folderOf(int round) const
{
    return QStringLiteral("%1/rounds/%2").arg(m_access.folder).arg(round, 4, 10, QLatin1Char('0')).toStdString();
}

void RoundController::start(int parent, const QString& preset)
{
    if (m_running) {
        return;
    }
    page().setFailure({});
    page().setSteps({});
    const std::string name = preset.toStdString();
    m_access.store.ask<RoundRecord>(
        Priority::Write,
        [=](Project& project) {
            const int number = project.addRound(parent, name);
            project.writeRoundInput(number);
            return project.rounds().back();
        },
        [this](const RoundRecord& record) { run(record); }, m_access.complain);
}

void RoundController::run(const RoundRecord& record)
{
    m_access.window.hideHints();  // it is being done
    m_running = Running{record};
    m_preview.hold(true);
    m_running->record.state = RoundState::Running;
    if (record.criticised == 0) {
        m_running->record.criticised = m_preview.plan().criticised;
        m_running->record.accepted = m_preview.plan().accepted;
    }
    if (m_running->record.startedAt.empty()) {
        m_running->record.startedAt = now();
    }
    store(m_running->record);
    showProgress();
    m_running->request = m_access.worker.request(method::kRoundStart, {{"dir", folderOf(record.number)}}, this,
                                                 [this](const WorkerReply& reply) { ended(reply); });
}

void RoundController::progress(const Json& params)
{
    if (!m_running || !params.is_object()) {
        return;
    }
    if (params.contains("phase") && params.at("phase").is_string()) {
        m_running->phase = phaseFrom(params.at("phase").get<std::string>());
    }
    if (const auto step = stepFrom(params)) {
        m_running->record.steps = step->steps;
        m_running->record.stepsDone = step->step;
        m_running->secondsLeft = step->secondsLeft;
        page().addStep(*step);
    }
    if (params.contains("warning") && params.at("warning").is_string()) {
        page().setRemark(qstr(params.at("warning").get<std::string>()));
    }
    showProgress();
}

void RoundController::showProgress()
{
    const auto& record = m_running->record;
    page().setProgress(ui::RoundProgress{record.number, m_running->phase, record.stepsDone, record.steps,
                                         m_running->secondsLeft, false});
    m_access.window.setRoundBar(ui::RoundBar{record.number, ui::phaseInWords(m_running->phase), record.stepsDone,
                                             record.steps, m_running->secondsLeft, false});
}

void RoundController::sendStop(const char* how)
{
    if (m_running) {
        m_access.worker.request(method::kRoundStop, {{"dir", folderOf(m_running->record.number)}, {"how", how}}, this,
                                {});
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
    RoundRecord record = m_running->record;
    bool trained = false;
    std::optional<FailureReport> problem;
    if (const auto* result = std::get_if<Json>(&reply)) {
        const std::string outcome = result->value("outcome", "");
        trained = outcome == "finished" || outcome == "kept" || outcome == "already finished";
        record.state = trained       ? RoundState::Finished
            : outcome == "discarded" ? RoundState::Discarded
                                     : RoundState::Paused;
        const Json totals =
            result->contains("report") ? result->at("report").value("totals", Json::object()) : Json::object();
        record.criticised = totals.value("criticised", record.criticised);
        record.accepted = totals.value("accepted", record.accepted);
        record.finishedAt = trained ? now() : std::string();
    } else if (const auto* report = std::get_if<FailureReport>(&reply)) {
        problem = *report;
        record.state = report->kind == FailureKind::Interrupted ? RoundState::Paused : RoundState::Failed;
        record.failure = report->message;
    } else {
        record.state = RoundState::Paused;
    }
    m_running.reset();
    m_preview.hold(false);
    page().setProgress({});
    m_access.window.setRoundBar({});
    store(record);
    if (problem) {
        ui::RoundFailure failure{
            record.number, tr("Round failed"), qstr(problem->message), m_access.worker.lastLogLines(), {}};
        failure.cause = causeOf(problem->kind);
        failure.remedies.push_back({QStringLiteral("resume"), tr("Go on from the last checkpoint")});
        page().setFailure(failure);
    }
    if (m_closing) {
        std::exchange(m_closing, {})();
    } else if (trained) {
        Q_EMIT finished(record.number);
    }
}

QString RoundController::causeOf(FailureKind kind)
{
    switch (kind) {
    case FailureKind::OutOfMemory:
        return tr("Memory");
    case FailureKind::BadInput:
    case FailureKind::Usage:
        return tr("Data");
    case FailureKind::ModelRefused:
        return tr("Model");
    case FailureKind::Interrupted:
        return tr("Worker lost");
    case FailureKind::Internal:
        break;
    }
    return tr("Fault of the program");
}

void RoundController::store(const RoundRecord& record)
{
    m_access.store.ask<bool>(
        Priority::Write,
        [record](Project& project) {
            project.updateRound(record);
            return true;
        },
        [this](bool) { reload(); }, m_access.complain);
}

void RoundController::adopt(int round)
{
    m_access.store.ask<std::string>(
        Priority::Write,
        [round](Project& project) {
            project.adopt(round);
            return project.adapterFolder(round);
        },
        [this, round](const std::string& adapter) {
            m_access.adapter = adapter;
            m_access.currentRound = round;
            reload();
            planChanged();
            Q_EMIT adopted(round);
        },
        m_access.complain);
}

void RoundController::discard(int round)
{
    for (auto record : m_rounds) {
        if (record.number == round) {
            record.state = RoundState::Discarded;
            store(record);
        }
    }
    if (m_access.currentRound == round) {
        adopt(0);
    }
}

}  // namespace stet::app
