#include "app/session/window_controller.h"

#include "annotate/exchange/example_project.h"
#include "annotate/store/restore.h"
#include "app/session/convert.h"
#include "app/worker/received.h"
#include "app/session/in_background.h"
#include "ui/common/number_text.h"
#include "ui/common/theme.h"
#include "ui/common/translation.h"
#include "ui/project/project_page.h"
#include "workflow/project_start.h"

#include <QApplication>
#include <QDir>
#include <QFileInfo>
#include <QLocale>
#include <QSettings>
#include <QStandardPaths>
#include <QThread>

namespace stet::app {

namespace method = contract::method;

namespace {

constexpr int kRecentKept = 8;

QString dataFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
}

}  // namespace

WindowController::WindowController(ui::MainWindow& window, WorkerClient& worker, QString exampleFolder,
                                   QString realExampleFolder)
    : m_window(window)
    , m_worker(worker)
    , m_exampleFolder(std::move(exampleFolder))
    , m_realExample(std::move(realExampleFolder))
{
    connectStart();
    connectRealExample();
    connectWindow();
    connect(&worker, &WorkerClient::stateChanged, this, &WindowController::showWorker);
    connect(&worker, &WorkerClient::ready, this, &WindowController::showHardware);
    window.startPage()->setDefaultFolder(QDir::homePath());
    window.setSeenHints(QSettings().value(QStringLiteral("hints/seen")).toStringList());
    window.setCloseGuard([this] { return mayClose(); });
}

WindowController::~WindowController()
{
    m_window.setCloseGuard({});
}

void WindowController::connectStart()
{
    using Start = ui::StartPage;
    Start* start = m_window.startPage();
    connect(start, &Start::exampleRequested, this, &WindowController::openExample);
    connect(start, &Start::realExampleRequested, this, &WindowController::openRealExample);
    connect(start, &Start::cancelRequested, &m_realExample, &RealExample::cancel);
    connect(start, &Start::openRequested, this, &WindowController::open);
    connect(start, &Start::modelFolderPicked, this, &WindowController::describe);
    connect(start, &Start::createRequested, this, &WindowController::createProject);
    connect(start, &Start::forgetRequested, this, [this](const QString& path) {
        QSettings settings;
        QStringList list = settings.value(QStringLiteral("recent")).toStringList();
        list.removeAll(path);
        settings.setValue(QStringLiteral("recent"), list);
        showRecent();
    });
}

void WindowController::connectRealExample()
{
    ui::StartPage* start = m_window.startPage();
    connect(&m_realExample, &RealExample::progressed, start, &ui::StartPage::setBusy);
    connect(&m_realExample, &RealExample::made, this, &WindowController::open);
    connect(&m_realExample, &RealExample::cancelled, start, [start] { start->setBusy({}); });
    connect(&m_realExample, &RealExample::failed, start, &ui::StartPage::setProblem);
}

void WindowController::connectWindow()
{
    using Window = ui::MainWindow;
    connect(&m_window, &Window::openProjectRequested, this, &WindowController::open);
    connect(&m_window, &Window::closeProjectRequested, this, &WindowController::closeProject);
    connect(&m_window, &Window::workerRestartRequested, &m_worker, &WorkerClient::restartNow);
    connect(&m_window, &Window::languageChosen, this, [this](const QString& language) {
        QSettings().setValue(QStringLiteral("language"), language);
        ui::installTranslator(*qobject_cast<QApplication*>(qApp), language);
        m_window.setLanguage(language);
    });
    connect(&m_window, &Window::themeChosen, this, [this](ui::ThemeChoice choice) {
        QSettings().setValue(QStringLiteral("theme"), static_cast<int>(choice));
        ui::applyTheme(*qobject_cast<QApplication*>(qApp), choice);
        m_window.setThemeChoice(choice);
    });
    connect(&m_window, &Window::languageChanged, this, [this] {
        if (m_worker.state() == WorkerClient::State::Ready) {
            showHardware();
        }
    });
    connect(&m_window, &Window::hintSeen, this, [](const QString& id) {
        QSettings settings;
        settings.setValue(QStringLiteral("hints/seen"),
                          settings.value(QStringLiteral("hints/seen")).toStringList() << id);
    });
    connect(&m_window, &Window::hintsAgainRequested, this, [] { QSettings().remove(QStringLiteral("hints/seen")); });
    connect(&m_window, &Window::noticeAction, this, [this](const QString& notice, const QString& action) {
        if (action == QLatin1String("dismissed")) {
            m_window.dismiss(notice);
        } else if (notice == QLatin1String("made")) {
            m_window.dismiss(notice);
            m_window.projectPage()->showFindings();
            m_window.setPage(ui::Page::Project);
        } else if (notice == QLatin1String("unsaved") && m_leave) {
            m_window.dismiss(notice);
            QMetaObject::invokeMethod(this, std::exchange(m_leave, {}), Qt::QueuedConnection);
        }
    });
}

void WindowController::begin(const QString& word)
{
    m_worker.start();
    showRecent();
    if (word == QLatin1String("--example")) {
        openExample();
    } else if (word == QLatin1String("--real")) {
        m_window.showStart();
        openRealExample();
    } else if (!word.isEmpty()) {
        open(word);
    } else {
        m_window.showStart();
    }
}

void WindowController::showRecent()
{
    QSettings settings;
    std::vector<ui::RecentProject> projects;
    for (const QString& path : settings.value(QStringLiteral("recent")).toStringList()) {
        settings.beginGroup(QStringLiteral("project/") + QString::fromLatin1(path.toUtf8().toHex()));
        projects.push_back({path, QFileInfo(path).fileName(), settings.value(QStringLiteral("responses")).toInt(),
                            settings.value(QStringLiteral("round")).toInt(),
                            settings.value(QStringLiteral("opened")).toDateTime(),
                            !QFileInfo::exists(path + QStringLiteral("/project.db"))});
        settings.endGroup();
    }
    m_window.startPage()->setRecent(projects);
}

void WindowController::remember(const QString& folder, int responses, int round)
{
    QSettings settings;
    QStringList list = settings.value(QStringLiteral("recent")).toStringList();
    list.removeAll(folder);
    list.prepend(folder);
    settings.setValue(QStringLiteral("recent"), QStringList(list.mid(0, kRecentKept)));
    settings.beginGroup(QStringLiteral("project/") + QString::fromLatin1(folder.toUtf8().toHex()));
    if (responses >= 0) {
        settings.setValue(QStringLiteral("responses"), responses);
    }
    settings.setValue(QStringLiteral("round"), round);
    settings.setValue(QStringLiteral("opened"), QDateTime::currentDateTime());
    settings.endGroup();
}

void WindowController::open(const QString& folder)
{
    leaveProject([this, path = QFileInfo(folder).absoluteFilePath()] { openNow(path); });
}

void WindowController::openNow(const QString& path)
{
    m_realExample.cancel();  // somebody who opens another project no longer waits for it
    m_window.startPage()->setBusy(tr("Opening %1 …").arg(QFileInfo(path).fileName()));
    m_window.startPage()->setProblem({});
    m_session.reset();
    m_session = std::make_unique<ProjectSession>(path, m_worker, m_window, nullptr);
    connect(m_session.get(), &ProjectSession::opened, this, [this] {
        m_window.startPage()->setBusy({});
        if (const auto made = std::exchange(m_made, std::nullopt)) {
            showMade(*made);
        }
        Q_EMIT projectOpened();
    });
    connect(m_session.get(), &ProjectSession::counted, this,
            [this, path](int responses, int round) { remember(path, responses, round); });
    connect(m_session.get(), &ProjectSession::restoreRequested, this,
            [this, path](const QString& backup) { leaveProject([this, path, backup] { restore(path, backup); }); });
    connect(m_session.get(), &ProjectSession::failed, this, [this](const QString& sentence) {
        m_window.startPage()->setBusy({});
        m_window.startPage()->setProblem(sentence);
        m_window.showStart();
        // The session is the sender of this signal.
        m_session.release()->deleteLater();
    });
}

void WindowController::openExample()
{
    const QString target = dataFolder() + QStringLiteral("/ledger-example.stet");
    if (QFileInfo::exists(target + QStringLiteral("/project.db"))) {
        open(target);
        return;
    }
    m_window.startPage()->setBusy(tr("Copying the example …"));
    QDir().mkpath(dataFolder());
    const std::string from = m_exampleFolder.toStdString();
    inBackground(
        this, [from, to = target.toStdString()] { annotate::createExampleProject(from, to); },
        [this, target](const QString& problem) {
            m_window.startPage()->setBusy({});
            if (problem.isEmpty()) {
                open(target);
            } else {
                m_window.showStart();
                m_window.startPage()->setProblem(problem);
            }
        });
}

void WindowController::openRealExample()
{
    const QString target = dataFolder() + QStringLiteral("/smollm2-example.stet");
    if (QFileInfo::exists(target + QStringLiteral("/project.db"))) {
        open(target);
    } else {
        m_realExample.make(target);
    }
}

void WindowController::createProject(const ui::NewProject& wish)
{
    const QString target = QDir(wish.folder).filePath(wish.name + QStringLiteral(".stet"));
    m_window.startPage()->setBusy(tr("Making %1 …").arg(QFileInfo(target).fileName()));
    const auto made = std::make_shared<annotate::ImportResult>();
    inBackground(
        this,
        [made, to = target.toStdString(), model = wish.modelFolder.toStdString(), data = wish.dataFile.toStdString()] {
            *made = workflow::createProject(to, model, data);
        },
        [this, target, made](const QString& problem) {
            m_window.startPage()->setBusy({});
            if (problem.isEmpty()) {
                m_made = *made;
                open(target);
            } else {
                m_window.startPage()->setProblem(problem);
            }
        });
}

// What came in with the data, and what the check found there.
void WindowController::showMade(const annotate::ImportResult& made)
{
    QString text = importedText(made);
    if (text.isEmpty()) {
        return;
    }
    m_session->projectController()->showImported(made);
    std::vector<ui::Notice::Action> actions;
    if (!made.findings.empty()) {
        text += QLatin1Char(' ') + tr("The check found %n thing(s).", nullptr, static_cast<int>(made.findings.size()));
        actions.push_back({QStringLiteral("findings"), tr("Look at them")});
    }
    m_window.notify({QStringLiteral("made"), ui::Notice::Level::Good, text, actions});
}

void WindowController::closeProject()
{
    leaveProject([this] {
        m_session.reset();
        showRecent();
        m_window.showStart();
    });
}

// Then comes when every word is on the disk and a running round has its checkpoint, from the event loop: a controller
// of the session may be on the stack. Words that can't be written keep the project open until they can, or until the
// person lets them go.
void WindowController::leaveProject(std::function<void()> then)
{
    if (!m_session) {
        then();
        return;
    }
    if (m_session->roundController() != nullptr && m_session->roundController()->isRunning()) {
        m_window.notify(
            {QStringLiteral("closing"), ui::Notice::Level::Info, tr("Saving the round's checkpoint …"), {}});
    }
    m_leave = std::move(then);
    m_session->prepareToClose(
        [this] {
            m_window.dismiss(QStringLiteral("closing"));
            QMetaObject::invokeMethod(this, std::exchange(m_leave, {}), Qt::QueuedConnection);
        },
        [this](const QString& problem) {
            m_window.dismiss(QStringLiteral("closing"));
            m_window.notify(
                {QStringLiteral("unsaved"),
                 ui::Notice::Level::Problem,
                 tr("What you typed last could not be saved yet, so the project stays open. %1").arg(problem),
                 {{QStringLiteral("leave"), tr("Close without them")}}});
        });
}

// The project is left; what it was before is kept, so that nobody need be asked whether they are sure.
void WindowController::restore(const QString& folder, const QString& backup)
{
    m_session.reset();
    inBackground(
        this, [folder = folder.toStdString(), copy = backup.toStdString()] { annotate::restoreBackup(folder, copy); },
        [this, folder](const QString& problem) {
            open(folder);
            m_window.notify({QStringLiteral("restore"),
                             problem.isEmpty() ? ui::Notice::Level::Good : ui::Notice::Level::Problem,
                             problem.isEmpty()
                                 ? tr("The backup is restored. What was there before is among the backups, too.")
                                 : problem,
                             {}});
        });
}

bool WindowController::mayClose()
{
    if (m_readyToClose || !m_session || m_session->settled()) {
        return true;
    }
    leaveProject([this] {
        m_readyToClose = true;
        m_window.close();
    });
    return false;
}

void WindowController::describe(const QString& modelFolder)
{
    m_worker.request(
        method::kDescribe, {{"model", modelFolder.toStdString()}}, this, [this, modelFolder](const WorkerReply& reply) {
            auto* start = m_window.startPage();
            if (const auto* json = std::get_if<Json>(&reply)) {
                const auto model = received<contract::ModelDescription>(*json, method::kDescribe);
                const auto need = model.memory.score;
                const auto free = model.freeMemory;
                const QString size = QLocale().toString(static_cast<qlonglong>(model.parameters));
                start->setModelVerdict(
                    modelFolder, need <= free,
                    need <= free ? tr("%1, %2 parameters; it fits.").arg(qstr(model.architecture), size)
                                 : tr("%1, %2 parameters; it needs %3 and %4 are free.")
                                       .arg(qstr(model.architecture), size, ui::bytesText(static_cast<double>(need)),
                                            ui::bytesText(static_cast<double>(free))));
            } else if (const auto* report = std::get_if<FailureReport>(&reply)) {
                start->setModelVerdict(modelFolder, false, qstr(report->message));
            }
        });
}

void WindowController::showHardware()
{
    const auto hello = received<contract::Hello>(m_worker.hello(), method::kHello);
    const QString reason = deviceReason(hello.deviceReason.value_or(""));
    m_window.startPage()->setHardware(
        hardwareLine(hello, QThread::idealThreadCount()),
        tr("A GPU is used when an NVIDIA driver (R580 or newer) and its libraries are there. Now: %1. Worker %2, "
           "LibTorch %3.")
            .arg(reason, qstr(hello.version), qstr(hello.libtorch)));
}

void WindowController::showWorker(WorkerClient::State state, const QString& detail)
{
    static const std::map<WorkerClient::State, ui::WorkerState> kStates = {
        {WorkerClient::State::Stopped, ui::WorkerState::Off},
        {WorkerClient::State::Starting, ui::WorkerState::Starting},
        {WorkerClient::State::Ready, ui::WorkerState::Ready},
        {WorkerClient::State::Restarting, ui::WorkerState::Restarting},
        {WorkerClient::State::Lost, ui::WorkerState::Lost}};
    m_window.setWorker(kStates.at(state), detail);
}

}  // namespace stet::app
