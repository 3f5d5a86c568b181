#include "app/session/project_session.h"

#include "app/session/convert.h"
#include "ui/annotate/annotate_page.h"

#include <QFileInfo>

namespace stet::app {

using namespace annotate;
namespace method = contract::method;

namespace {

struct Opening {
    std::string model;
    std::string title;
    std::string promptStyle;
    std::string adapter;
    std::string contrast;
    double lambda = kDefaultLambda;
    int currentRound = 0;
    int responses = 0;
    bool readOnly = false;
    std::string readOnlyReason;
};

Opening readOpening(Project& project)
{
    Opening o;
    o.model = project.setting("model");
    o.title = project.setting("title");
    o.promptStyle = project.setting("prompt_style", "auto");
    o.contrast = project.contrastOf(project.setting("preset", "stable"));
    o.lambda = project.number("lambda", kDefaultLambda);
    o.currentRound = project.currentRound();
    o.adapter = project.adapterFolder(o.currentRound);
    o.responses = project.counts().total;
    o.readOnly = project.readOnly();
    o.readOnlyReason = project.readOnlyReason();
    return o;
}

}  // namespace

ProjectSession::ProjectSession(const QString& folder, WorkerClient& worker, ui::MainWindow& window, QObject* parent)
    : QObject(parent), m_folder(folder), m_worker(worker), m_window(window), m_context(std::make_unique<QObject>())
{
    QObject* context = m_context.get();
    const auto executor = [context](std::function<void()> action) {
        QMetaObject::invokeMethod(context, std::move(action), Qt::QueuedConnection);
    };
    m_store = std::make_unique<StoreThread>(folder.toStdString(), executor,
                                            [this](const std::optional<FailureReport>& problem) {
                                                problem ? Q_EMIT failed(qstr(problem->message)) : start();
                                            });
}

ProjectSession::~ProjectSession()
{
    if (m_annotate) {
        m_annotate->flush();
        m_project->cancelImport();
    }
    m_store.reset();    // finishes what is queued
    m_context.reset();  // late replies are dropped
}

void ProjectSession::complain(const FailureReport& report)
{
    m_window.notify({QStringLiteral("failure"), ui::Notice::Level::Problem, qstr(report.message), {}});
}

void ProjectSession::start()
{
    m_store->ask<Opening>(
        Priority::Read, readOpening,
        [this](const Opening& o) {
            const QString name = o.title.empty() ? QFileInfo(m_folder).completeBaseName() : qstr(o.title);
            m_access = std::make_unique<ProjectAccess>(ProjectAccess{
                m_folder, *m_store, m_worker, m_window, o.readOnly, qstr(o.model), name, o.adapter, o.currentRound,
                o.lambda, o.contrast, [this](const FailureReport& report) { complain(report); }});
            m_annotate = std::make_unique<AnnotateController>(*m_access, nullptr);
            m_rounds = std::make_unique<RoundController>(*m_access, nullptr);
            m_compare = std::make_unique<CompareController>(*m_access, nullptr);
            m_project = std::make_unique<ProjectController>(*m_access, nullptr);
            wire();
            m_window.showProject(name);
            m_window.setModelLine(modelName(m_access->modelFolder, name), o.currentRound);
            if (o.readOnly) {
                m_window.notify({QStringLiteral("read-only"),
                                 ui::Notice::Level::Warning,
                                 tr("The project is open for reading only. %1").arg(qstr(o.readOnlyReason)),
                                 {}});
            }
            loadModel();
            m_annotate->open();
            m_rounds->open();
            m_project->open();
            Q_EMIT counted(o.responses, o.currentRound);
            Q_EMIT opened();
        },
        [this](const FailureReport& report) { Q_EMIT failed(qstr(report.message)); });
}

void ProjectSession::wire()
{
    connect(&m_window, &ui::MainWindow::languageChanged, m_context.get(), [this] {
        if (!m_description.is_null()) {
            modelLoaded(Json(m_description));
        }
        m_compare->retranslate();
    });
    connect(m_annotate.get(), &AnnotateController::judged, m_rounds.get(), &RoundController::planChanged);
    connect(m_project.get(), &ProjectController::imported, m_annotate.get(), &AnnotateController::refresh);
    connect(m_project.get(), &ProjectController::imported, m_rounds.get(), &RoundController::planChanged);
    connect(m_project.get(), &ProjectController::restoreRequested, this, &ProjectSession::restoreRequested);
    connect(m_rounds.get(), &RoundController::finished, m_compare.get(), &CompareController::compare);
    connect(m_compare.get(), &CompareController::adoptRequested, m_rounds.get(), &RoundController::adopt);
    connect(m_compare.get(), &CompareController::discardRequested, this, [this](int round) {
        m_rounds->discard(round);
        m_compare->showDecision(round, false);
    });
    connect(m_rounds.get(), &RoundController::adopted, this, [this](int round) {
        m_window.setModelLine(modelName(m_access->modelFolder, m_access->title), round);
        m_compare->showDecision(round, true);
        m_annotate->modelChanged();
        Q_EMIT counted(-1, round);
    });
    connect(m_rounds.get(), &RoundController::contrastChanged, m_annotate.get(), &AnnotateController::modelChanged);
    // A restarted worker has no model: load it again.
    connect(&m_worker, &WorkerClient::ready, this, &ProjectSession::loadModel);
    connect(&m_window, &ui::MainWindow::pageChanged, this, [this](ui::Page page) {
        m_rounds->setVisible(page == ui::Page::Rounds);
        if (page == ui::Page::Rounds) {
            m_window.showHint(QStringLiteral("train"));
        }
    });
}

void ProjectSession::loadModel()
{
    if (!m_access || m_worker.state() != WorkerClient::State::Ready) {
        return;
    }
    m_store->ask<std::string>(
        Priority::Read, [](Project& project) { return project.setting("prompt_style", "auto"); },
        [this](const std::string& style) {
            m_worker.request(method::kLoad, {{"model", m_access->modelFolder.toStdString()}, {"prompt_style", style}},
                             this, [this](const WorkerReply& reply) {
                                 if (const auto* description = std::get_if<Json>(&reply)) {
                                     modelLoaded(*description);
                                 } else if (const auto* report = std::get_if<FailureReport>(&reply)) {
                                     m_window.annotatePage()->setScoreProblem(qstr(report->message));
                                     complain(*report);
                                 }
                             });
            m_annotate->modelChanged();
        },
        [this](const FailureReport& report) { complain(report); });
}

void ProjectSession::modelLoaded(const Json& description)
{
    m_description = description;
    const QString device = qstr(description.value("device", "")).toUpper();
    m_window.setDevice(device, qstr(description.value("compute_dtype", "")),
                       deviceReason(description.value("device_reason", "")));
    m_project->modelDescribed(description, deviceReason(description.value("device_reason", "")));
    m_rounds->planChanged();
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
