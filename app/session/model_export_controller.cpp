#include "app/session/model_export_controller.h"

#include "app/session/convert.h"
#include "app/worker/worker_client.h"

#include <QFileInfo>

#include <utility>

namespace stet::app {

using namespace annotate;

namespace {

std::vector<ui::ModelFormChoice> formChoices()
{
    std::vector<ui::ModelFormChoice> choices;
    for (const auto& form : workflow::modelForms()) {
        choices.push_back({QString::fromLatin1(form.name), form.folder, form.baseHasIt});
    }
    return choices;
}

// A program's forms are those it has a line for; another program may read any.
std::vector<ui::ProgramChoice> programChoices()
{
    std::vector<ui::ProgramChoice> choices;
    ui::ProgramChoice any;
    for (const auto& form : workflow::modelForms()) {
        any.forms << QString::fromLatin1(form.name);
    }
    for (const auto& program : workflow::programs()) {
        ui::ProgramChoice choice{QString::fromLatin1(program.name),
                                 QString::fromLatin1(program.title),
                                 {},
                                 QString::fromLatin1(program.tried)};
        for (const auto& form : workflow::modelForms()) {
            if (!workflow::useCommand(program, {1, form.name, "x", false}, "base").empty()) {
                choice.forms << QString::fromLatin1(form.name);
            }
        }
        choices.push_back(choice);
    }
    choices.push_back(any);
    return choices;
}

}  // namespace

ModelExportController::ModelExportController(const SessionContext& session, ui::TakeAlongPanel& panel,
                                             QStringList trainer, QObject* parent)
    : QObject(parent)
    , m_session(session)
    , m_panel(panel)
    , m_trainer(trainer.isEmpty() ? WorkerClient::usualCommand() : std::move(trainer))
{
    panel.setChoices(formChoices(), programChoices());
    panel.setFileName(QFileInfo(session.state.project().folder).completeBaseName());
    connect(&panel, &ui::TakeAlongPanel::exportRequested, this, &ModelExportController::begin);
    connect(&panel, &ui::TakeAlongPanel::cancelRequested, this, [this] {
        m_cancelled = true;
        m_process.stop();
    });
    connect(&m_process, &ScriptProcess::said, this, &ModelExportController::hear);
    connect(&m_process, &ScriptProcess::ended, this, &ModelExportController::ended);
    connect(&m_process, &ScriptProcess::notStarted, this, [this](const QString& name) {
        m_panel.setProblem(
            tr("%1, which writes the model, can't be started. Install the package stet-trainer, or build "
               "Stet again.")
                .arg(name));
    });
}

void ModelExportController::begin(int round, const QString& form, const QString& program, const QString& out)
{
    if (m_process.isRunning() || std::exchange(m_starting, true)) {
        return;
    }
    m_cancelled = false;
    m_panel.setRunning(0);
    Asked asked;
    asked.program = program.toStdString();
    asked.what = {round, form.toStdString(), QFileInfo(out).absoluteFilePath().toStdString(),
                  program == QLatin1String("ollama")};
    m_session.store.ask<Asked>(
        Priority::Read,
        [asked](Project& project) {
            Asked whole = asked;
            whole.base = project.setting("model");
            whole.arguments = workflow::exportArguments(project, asked.what);
            return whole;
        },
        [this](const Asked& whole) {
            m_starting = false;
            m_cancelled ? m_panel.setProblem(tr("Cancelled; nothing was written.")) : start(whole);
        },
        [this](const FailureReport& report) {
            m_starting = false;
            m_panel.setProblem(qstr(report.message));
        });
}

void ModelExportController::start(const Asked& asked)
{
    m_asked = asked;
    m_said.clear();
    m_notes.clear();
    QStringList arguments = m_trainer.mid(1);
    for (const std::string& argument : asked.arguments) {
        arguments << qstr(argument);
    }
    m_process.start(m_trainer.value(0), arguments << QStringLiteral("--progress") << QStringLiteral("json"));
}

void ModelExportController::hear(const QByteArray& line)
{
    const Json progress = Json::parse(line.begin(), line.end(), nullptr, false);
    if (progress.is_object()) {
        const double total = progress.value("total", 0.0);
        m_panel.setRunning(total > 0 ? progress.value("done", 0.0) / total : 0);
    } else if (line.startsWith("note: ")) {
        m_notes += QLatin1Char(' ') + QString::fromUtf8(line.mid(6)) + QLatin1Char('.');
    } else if (!line.isEmpty()) {
        m_said = QString::fromUtf8(line);
    }
}

void ModelExportController::ended(bool well)
{
    if (well) {
        const auto* program = workflow::findProgram(m_asked.program);
        m_panel.setDone(tr("Saved as %1.").arg(qstr(m_asked.what.out)) + m_notes,
                        program == nullptr ? QString()
                                           : qstr(workflow::useCommand(*program, m_asked.what, m_asked.base)));
        return;
    }
    const QString prefix = QStringLiteral("stet-trainer: ");
    const QString said = m_said.startsWith(prefix) ? m_said.mid(prefix.size()) : m_said;
    m_panel.setProblem(m_cancelled          ? tr("Cancelled; nothing was written.")
                           : said.isEmpty() ? tr("Saving the model ended early; nothing was written. Try again.")
                                            : said);
}

}  // namespace stet::app
