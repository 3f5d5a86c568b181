#include "app/session/baselines_controller.h"

#include "app/session/convert.h"
#include "app/worker/worker_client.h"
#include "ui/common/number_text.h"
#include "ui/round/round_card.h"

#include <cmath>
#include <utility>

namespace stet::app {

using namespace annotate;
using workflow::Baseline;
using workflow::BaselineJob;
using workflow::BaselineTable;

namespace {

QString number(double value, int digits)
{
    return std::isfinite(value) ? QString::number(value, 'f', digits).replace(QLatin1Char('-'), QChar(0x2212))
                                : QStringLiteral("–");
}

QString bothSides(const contract::BeforeAfter& measure, int digits)
{
    return std::isfinite(measure.before)
        ? number(measure.before, digits) + QStringLiteral(" → ") + number(measure.after, digits)
        : QStringLiteral("–");
}

ui::BaselineResult resultOf(const Baseline& row)
{
    const auto& summary = row.summary;
    return {qstr(row.objective),
            {QString::number(row.steps), ui::durationText(row.seconds), bothSides(summary.criticisedFlaggedLogProb, 2),
             bothSides(summary.praisedLogProb, 2), number(summary.controlKl.after, 3),
             std::isfinite(row.changed) ? ui::percentText(row.changed) : QStringLiteral("–"),
             bothSides(summary.length, 0)}};
}

// The worker's rules are workflow/baselines', in the window's language.
QString whyImpossible(const std::string& objective)
{
    if (objective == "ilf") {
        return BaselinesController::tr("No response has a revision, which it imitates.");
    }
    if (objective == "dpo") {
        return BaselinesController::tr("No criticised response has a revision or a demonstration to prefer.");
    }
    if (objective == "sft") {
        return BaselinesController::tr("No response is accepted, revised or written anew, and it imitates those.");
    }
    return BaselinesController::tr("No judgment has words, which it learns to say.");
}

}  // namespace

BaselinesController::BaselinesController(const SessionContext& session, ui::BaselinesPanel& panel, QStringList trainer,
                                         QObject* parent)
    : QObject(parent)
    , m_session(session)
    , m_panel(panel)
    , m_trainer(trainer.isEmpty() ? WorkerClient::usualCommand() : std::move(trainer))
{
    panel.clear();
    connect(&panel, &ui::BaselinesPanel::opened, this, &BaselinesController::refresh);
    connect(&panel, &ui::BaselinesPanel::startRequested, this, &BaselinesController::begin);
    connect(&panel, &ui::BaselinesPanel::stopRequested, this, [this] {
        m_stopped = true;
        m_process.stop();
    });
    connect(&m_process, &ScriptProcess::said, this, &BaselinesController::hear);
    connect(&m_process, &ScriptProcess::ended, this, &BaselinesController::ended);
    connect(&m_process, &ScriptProcess::notStarted, this, [this](const QString& name) {
        m_busy = false;
        m_panel.setRunning({}, 0);
        m_panel.setProblem(
            tr("%1, which trains, can't be started. Install the package stet-trainer, or build Stet again.").arg(name));
    });
}

void BaselinesController::refresh()
{
    if (m_busy) {
        return;
    }
    m_session.store.ask<BaselineTable>(
        Priority::Read, [](Project& project) { return workflow::readBaselines(project); },
        [this](const BaselineTable& table) { show(table); },
        [this](const FailureReport& report) { m_panel.setProblem(qstr(report.message)); });
}

void BaselinesController::begin(const QStringList& objectives, bool anew)
{
    if (std::exchange(m_busy, true)) {
        return;
    }
    m_stopped = false;
    m_panel.setProblem({});
    workflow::BaselineWish wish;
    wish.anew = anew;
    for (const QString& objective : objectives) {
        wish.objectives.push_back(objective.toStdString());
    }
    go([wish](Project& project) { workflow::prepareBaselines(project, wish); });
}

void BaselinesController::go(const std::function<void(Project&)>& before)
{
    m_session.store.ask<Turn>(
        Priority::Read,  // words that are typed meanwhile go first
        [before](Project& project) {
            before(project);
            return Turn{workflow::nextBaselineJob(project), workflow::readBaselines(project)};
        },
        [this](const Turn& turn) {
            show(turn.table);
            if (turn.job && !m_stopped) {
                start(*turn.job);
            } else {
                m_busy = false;
                m_panel.setRunning({}, 0);
            }
        },
        [this](const FailureReport& report) {
            m_busy = false;
            m_panel.setRunning({}, 0);
            m_panel.setProblem(qstr(report.message));
        });
}

void BaselinesController::start(const BaselineJob& job)
{
    m_job = job;
    m_said.clear();
    showProgress(0);
    QStringList arguments = m_trainer.mid(1);
    for (const std::string& argument : job.arguments) {
        arguments << qstr(argument);
    }
    m_process.start(m_trainer.value(0), arguments << QStringLiteral("--progress") << QStringLiteral("json"));
}

void BaselinesController::showProgress(double share)
{
    const QString what = m_job.compares ? tr("%1 (%2 of %3): comparing") : tr("%1 (%2 of %3): training");
    m_panel.setRunning(what.arg(qstr(m_job.objective)).arg(m_job.number).arg(m_job.count), share);
}

void BaselinesController::hear(const QByteArray& line)
{
    const Json progress = Json::parse(line.begin(), line.end(), nullptr, false);
    if (progress.is_object()) {
        const double total = progress.value("total", 0.0);
        if (total > 0 && progress.value("phase", "") != "scoring") {
            showProgress(progress.value("done", 0.0) / total);
        }
    } else if (!line.isEmpty()) {
        m_said = QString::fromUtf8(line);
    }
}

void BaselinesController::ended(bool well)
{
    if (well || m_stopped) {
        go([](Project&) {});
        return;
    }
    const QString prefix = QStringLiteral("stet-trainer: ");
    QString said = m_said.startsWith(prefix) ? m_said.mid(prefix.size()) : m_said;
    if (said.isEmpty()) {
        said = tr("Training ended early; start again to go on.");
    }
    go([job = m_job, reason = said.toStdString()](Project& project) { workflow::failBaseline(project, job, reason); });
}

void BaselinesController::show(const BaselineTable& table)
{
    std::vector<ui::BaselineChoice> choices;
    std::vector<ui::BaselineResult> results;
    for (const Baseline& row : table.rows) {
        ui::BaselineChoice choice;
        choice.objective = qstr(row.objective);
        choice.chosen = row.wanted || !table.prepared;
        if (row.state == Baseline::State::Impossible) {
            choice.impossible = whyImpossible(row.objective);
        } else if (row.state == Baseline::State::Failed) {
            choice.failed = qstr(row.reason);
        } else if (row.state == Baseline::State::Done) {
            results.push_back(resultOf(row));
        }
        choices.push_back(choice);
    }
    m_panel.setChoices(choices);
    m_panel.setResults(results);
    QString remark;
    if (table.prepared) {
        remark = tr("They start from: %1.").arg(ui::roundName(table.start));
        if (table.outdated) {
            remark += QLatin1Char(' ') + tr("Judgments have changed since these were trained.");
        }
    }
    m_panel.setRemark(remark);
    m_shown = table;
}

void BaselinesController::retranslate()
{
    if (m_shown) {
        show(*m_shown);
    }
}

}  // namespace stet::app
