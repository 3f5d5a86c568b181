#include "app/session/project_session.h"

#include "app/session/convert.h"
#include "app/worker/received.h"
#include "ui/annotate/annotate_page.h"
#include "ui/project/project_page.h"

#include <QFileDialog>
#include <QFileInfo>

namespace stet::app {

using namespace annotate;
namespace method = contract::method;

struct ProjectSession::Opening {
    std::string model;
    std::string title;
    std::string adapter;
    WhatLightsUp lights;
    int currentRound = 0;
    int responses = 0;
    bool readOnly = false;
    std::string readOnlyReason;

    static Opening of(Project& project)
    {
        Opening o;
        o.model = project.setting("model");
        o.title = project.setting("title");
        o.lights = WhatLightsUp::of(project);
        o.currentRound = project.currentRound();
        o.adapter = project.adapterFolder(o.currentRound);
        o.responses = project.counts().total;
        o.readOnly = project.readOnly();
        o.readOnlyReason = project.readOnlyReason();
        return o;
    }
};

ProjectSession::ProjectSession(const QString& folder, WorkerClient& worker, ui::MainWindow& window, QObject* parent)
    : QObject(parent), m_folder(folder), m_worker(worker), m_window(window), m_context(std::make_unique<PostedCalls>())
{
    const auto executor = [calls = m_context.get()](std::function<void()> action) { calls->post(std::move(action)); };
    m_store = std::make_unique<StoreThread>(folder.toStdString(), executor,
                                            [this](const std::optional<FailureReport>& problem) {
                                                problem ? Q_EMIT failed(qstr(problem->message)) : readProject();
                                            });
}

ProjectSession::~ProjectSession()
{
    if (m_annotate) {
        m_annotate->flush();
        m_project->cancelTransfers();
    }
    for (const char* notice : {"model-missing", "round-finished", "resume-round", "model", "drafting"}) {
        m_window.dismiss(QString::fromLatin1(notice));
    }
    m_window.setRoundBar({});
    m_store.reset();    // finishes what is queued
    m_context.reset();  // late replies are dropped
}

void ProjectSession::readProject()
{
    m_store->ask<Opening>(
        Priority::Read, &Opening::of, [this](const Opening& opening) { start(opening); },
        [this](const FailureReport& report) { Q_EMIT failed(qstr(report.message)); });
}

void ProjectSession::start(const Opening& o)
{
    const QString name = o.title.empty() ? QFileInfo(m_folder).completeBaseName() : qstr(o.title);
    m_state = std::make_unique<SessionState>(OpenedProject{m_folder, name, qstr(o.model), o.readOnly});
    m_state->takeOver(o.lights);
    m_state->adopt(o.currentRound, o.adapter);
    const SessionContext session = context();
    m_annotate = std::make_unique<AnnotateController>(session, *m_window.annotatePage(), nullptr);
    m_rounds = std::make_unique<RoundController>(session, *m_window.roundsPage(), nullptr);
    m_export =
        std::make_unique<ModelExportController>(session, *m_window.roundsPage()->takeAlong(), QStringList(), nullptr);
    m_talk = std::make_unique<TalkController>(session, *m_window.roundsPage()->talk(), nullptr);
    m_baselines =
        std::make_unique<BaselinesController>(session, *m_window.roundsPage()->baselines(), QStringList(), nullptr);
    m_compare = std::make_unique<CompareController>(session, *m_window.comparePage(), nullptr);
    m_project = std::make_unique<ProjectController>(session, *m_window.projectPage(), nullptr);
    auto* instructions = m_window.projectPage()->instructions();
    m_instructions = std::make_unique<InstructionsController>(session, *instructions, nullptr);
    m_generation = std::make_unique<GenerationController>(session, *instructions->generate(), nullptr);
    m_drafts = std::make_unique<DraftController>(session, *m_window.annotatePage(), nullptr);
    wire();
    wireModel();
    wireInstructions();
    m_window.showProject(name);
    showModelLine();
    if (o.readOnly) {
        m_window.notify({QStringLiteral("read-only"),
                         ui::Notice::Level::Warning,
                         tr("The project is open for reading only. %1").arg(qstr(o.readOnlyReason)),
                         {}});
    }
    m_state->setModelLoaded(false);
    loadModel();
    m_annotate->open();
    m_rounds->open();
    m_project->open();
    m_instructions->refresh();
    m_generation->open();
    Q_EMIT counted(o.responses, o.currentRound);
    Q_EMIT opened();
}

// What one step of the loop hands to the next.
void ProjectSession::wire()
{
    connect(m_project.get(), &ProjectController::imported, m_annotate.get(), &AnnotateController::refresh);
    connect(m_project.get(), &ProjectController::responseWanted, m_annotate.get(), [this](annotate::ResponseId id) {
        m_annotate->show(id);
        m_window.setPage(ui::Page::Annotate);
    });
    connect(m_drafts.get(), &DraftController::drafted, m_annotate.get(), &AnnotateController::drafted);
    connect(&m_window, &ui::MainWindow::noticeAction, m_drafts.get(), &DraftController::takeNoticeAction);
    connect(m_project.get(), &ProjectController::restoreRequested, this, &ProjectSession::restoreRequested);
    connect(m_rounds.get(), &RoundController::finished, this,
            [this](int round) { m_compare->announce(round, m_window.page() == ui::Page::Compare); });
    connect(m_rounds.get(), &RoundController::compareRequested, m_compare.get(), &CompareController::compare);
    connect(m_compare.get(), &CompareController::compared, m_rounds.get(), &RoundController::reload);
    connect(m_talk.get(), &TalkController::kept, m_annotate.get(), &AnnotateController::arrived);
    connect(m_compare.get(), &CompareController::adoptRequested, m_rounds.get(), &RoundController::adopt);
    connect(m_compare.get(), &CompareController::discardRequested, this, [this](int round) {
        m_rounds->discard(round);
        m_compare->showDecision(round, false);
    });
    connect(&m_window, &ui::MainWindow::noticeAction, m_context.get(),
            [this](const QString& notice, const QString& action) { whenNoticeIsAnswered(notice, action); });
    connect(&m_window, &ui::MainWindow::roundBarClicked, m_context.get(),
            [this] { m_window.setPage(ui::Page::Rounds); });
    connect(&m_window, &ui::MainWindow::pageChanged, m_context.get(), [this](ui::Page page) {
        m_rounds->setVisible(page == ui::Page::Rounds);
        if (page == ui::Page::Rounds) {
            m_window.showHint(QStringLiteral("train"));
        }
    });
}

// Instructions come in, the model answers them, and the responses are the next queue.
void ProjectSession::wireInstructions()
{
    connect(m_project.get(), &ProjectController::imported, m_instructions.get(), &InstructionsController::refresh);
    connect(m_project.get(), &ProjectController::imported, m_generation.get(), &GenerationController::refresh);
    connect(m_instructions.get(), &InstructionsController::changed, m_generation.get(), &GenerationController::refresh);
    connect(m_rounds.get(), &RoundController::finished, m_generation.get(), &GenerationController::refresh);
    connect(m_generation.get(), &GenerationController::written, m_annotate.get(), &AnnotateController::arrived);
    connect(m_generation.get(), &GenerationController::ended, m_instructions.get(), &InstructionsController::refresh);
    connect(m_generation.get(), &GenerationController::freshCounted, m_window.comparePage(),
            &ui::ComparePage::setFreshInstructions);
    connect(m_generation.get(), &GenerationController::freshCounted, m_window.annotatePage(),
            &ui::AnnotatePage::setFreshInstructions);
    connect(m_window.annotatePage(), &ui::AnnotatePage::responsesWanted, m_generation.get(),
            [this] { showInstructions(); });
    connect(m_generation.get(), &GenerationController::instructionsNeeded, this, &ProjectSession::showInstructions);
    connect(m_compare.get(), &CompareController::nextRoundRequested, m_generation.get(),
            &GenerationController::nextRound);
    connect(m_generation.get(), &GenerationController::nextRoundBegun, this, [this] {
        m_annotate->showToDo();
        m_window.setPage(ui::Page::Annotate);
    });
    connect(m_compare.get(), &CompareController::instructionsRequested, this, &ProjectSession::showInstructions);
    connect(&m_window, &ui::MainWindow::noticeAction, m_generation.get(), &GenerationController::takeNoticeAction);
}

void ProjectSession::showInstructions()
{
    m_window.projectPage()->showInstructions();
    m_window.setPage(ui::Page::Project);
}

void ProjectSession::wireModel()
{
    connect(m_state.get(), &SessionState::adopted, this, [this](int round) {
        showModelLine();
        if (m_description) {
            showModel();
        }
        Q_EMIT counted(-1, round);
    });
    connect(&m_window, &ui::MainWindow::languageChanged, m_context.get(), [this] {
        if (m_description) {
            showModel();
        }
        m_compare->retranslate();
        m_baselines->retranslate();
    });
    // A restarted worker has no model: load it again.
    connect(&m_worker, &WorkerClient::ready, this, &ProjectSession::loadModel);
}

void ProjectSession::whenNoticeIsAnswered(const QString& notice, const QString& action)
{
    if (notice == QLatin1String("resume-round")) {
        m_window.dismiss(notice);
        if (action == QLatin1String("resume")) {
            m_rounds->resumePaused();
        }
    } else if (notice == QLatin1String("model-missing") && action == QLatin1String("choose")) {
        chooseModelAgain();
    } else if (notice == QLatin1String("round-finished") && action != QLatin1String("dismissed")) {
        m_compare->compare(action.toInt());
    }
}

SessionContext ProjectSession::context()
{
    return {*m_state, *m_store, m_worker, m_window};
}

void ProjectSession::showModelLine()
{
    const OpenedProject& project = m_state->project();
    m_window.setModelLine(modelName(project.modelFolder, project.title), m_state->currentRound());
}

void ProjectSession::loadModel()
{
    if (!m_state || m_worker.state() != WorkerClient::State::Ready) {
        return;
    }
    const auto report = context().reportFailure();
    m_store->ask<std::string>(
        Priority::Read, [](Project& project) { return project.promptStyle(); },
        [this](const std::string& style) { loadModelFrom(m_state->project().modelFolder, style); }, report);
}

// A folder other than the project's becomes the project's once it has been loaded.
void ProjectSession::loadModelFrom(const QString& folder, const std::string& promptStyle)
{
    m_state->setModelLoaded(false);
    const Json params = {{"model", folder.toStdString()}, {"prompt_style", promptStyle}};
    m_worker.request(method::kLoad, params, this, [this, folder](const WorkerReply& reply) {
        if (const auto* description = std::get_if<Json>(&reply)) {
            m_window.dismiss(QStringLiteral("model-missing"));
            if (folder != m_state->project().modelFolder) {
                m_state->setModelFolder(folder);
                context().write(
                    [model = folder.toStdString()](Project& project) { project.setSetting("model", model); });
                showModelLine();
            }
            m_state->setModelLoaded(true);
            m_description = received<contract::ModelDescription>(*description, method::kLoad);
            m_drafts->modelDescribed(*m_description);
            showModel();
            m_annotate->modelLoaded();
            m_rounds->modelLoaded();
        } else if (const auto* failure = std::get_if<FailureReport>(&reply);
                   failure != nullptr && failure->kind != FailureKind::Interrupted) {  // a new worker is asked anew
            modelMissing(*failure);
        }
    });
    m_annotate->modelLoaded();  // says that there is none yet
}

bool ProjectSession::modelIsFile() const
{
    return m_state->project().modelFolder.endsWith(QLatin1String(".gguf"), Qt::CaseInsensitive);
}

// Most often it was moved or renamed: it is chosen again where that is said.
void ProjectSession::modelMissing(const FailureReport& report)
{
    m_state->setModelLoaded(false, qstr(report.message));
    m_annotate->modelLoaded();
    m_window.notify(
        {QStringLiteral("model-missing"),
         ui::Notice::Level::Problem,
         tr("The model can't be loaded. %1").arg(qstr(report.message)),
         {{QStringLiteral("choose"), modelIsFile() ? tr("Choose its file …") : tr("Choose its folder …")}}});
}

void ProjectSession::chooseModelAgain()
{
    const QString& before = m_state->project().modelFolder;
    auto* dialog =
        new QFileDialog(&m_window, modelIsFile() ? tr("Choose the model's GGUF file") : tr("Choose the model's folder"),
                        modelIsFile() ? QFileInfo(before).path() : before);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    if (modelIsFile()) {
        dialog->setFileMode(QFileDialog::ExistingFile);
        dialog->setNameFilter(tr("GGUF models (*.gguf)"));
    } else {
        dialog->setFileMode(QFileDialog::Directory);
        dialog->setOption(QFileDialog::ShowDirsOnly);
    }
    connect(dialog, &QFileDialog::fileSelected, m_context.get(), [this](const QString& folder) {
        m_store->ask<std::string>(
            Priority::Read, [](Project& project) { return project.promptStyle(); },
            [this, folder](const std::string& style) { loadModelFrom(folder, style); }, context().reportFailure());
    });
    dialog->open();
}

void ProjectSession::showModel()
{
    const QString device = qstr(m_description->device).toUpper();
    const QString reason = deviceReason(m_description->deviceReason);
    m_window.setDevice(device, qstr(m_description->computeDtype), reason);
    m_project->modelDescribed(*m_description, reason);
    QStringList warnings;
    for (const auto& warning : m_description->warnings.value_or(std::vector<std::string>())) {
        warnings += qstr(warning);
    }
    if (!warnings.isEmpty()) {
        m_window.notify({QStringLiteral("model"), ui::Notice::Level::Warning, warnings.join(QLatin1Char('\n')), {}});
    }
}

bool ProjectSession::settled() const
{
    return (!m_annotate || m_annotate->allStored()) && (!m_rounds || !m_rounds->isRunning());
}

void ProjectSession::prepareToClose(std::function<void()> done, std::function<void(const QString&)> failed)
{
    if (!m_annotate) {
        done();
        return;
    }
    m_annotate->whenStored([this, done = std::move(done)]() mutable { pauseRound(std::move(done)); },
                           std::move(failed));
}

void ProjectSession::pauseRound(std::function<void()> done)
{
    if (m_rounds->isRunning()) {
        m_rounds->pauseForClosing(std::move(done));
    } else {
        done();
    }
}

}  // namespace stet::app
