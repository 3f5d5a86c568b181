#include "app/session/project_controller.h"

#include "annotate/exchange/export.h"
#include "annotate/exchange/formats/format.h"
#include "annotate/exchange/undo_import.h"
#include "app/session/convert.h"
#include "app/session/finding_texts.h"
#include "app/session/in_background.h"
#include "ui/common/number_text.h"

#include <QDir>
#include <QFileInfo>
#include <QLocale>

namespace stet::app {

using namespace annotate;

namespace {

constexpr std::chrono::minutes kBackupPause(30);

using Cancel = std::shared_ptr<std::atomic<bool>>;

// Store thread, where the controller may be gone.
ImportHooks importHooks(ui::ProjectPage* page, StoreThread& store, const Cancel& cancel, Project& project)
{
    ImportHooks hooks;
    hooks.cancelled = [cancel] { return cancel->load(); };
    hooks.onProgress = [page, &store, &project](int done) {
        store.handBack(
            [page, done] { page->setImportProgress(0, -1, ProjectController::tr("%n rows read …", nullptr, done)); });
        store.giveWay(project, Priority::Import);
    };
    return hooks;
}

}  // namespace

ProjectController::ProjectController(const SessionContext& session, ui::ProjectPage& page, QObject* parent)
    : QObject(parent), m_session(session), m_page(page)
{
    std::vector<ui::DataFormat> offered;
    for (const Format* format : formats()) {
        offered.push_back(
            {qstr(format->name()), qstr(format->title()), qstr(format->extension()), format->isWritten()});
    }
    m_page.setFormats(offered);
    connectImport();
    connectPage();
    connectBackups();
}

void ProjectController::connectImport()
{
    using Page = ui::ProjectPage;
    Page* p = &m_page;
    connect(p, &Page::importRequested, this, &ProjectController::checkFile);
    connect(p, &Page::importDecided, this,
            [this](const ui::RemedyChoice& choice) { importFile(remediesFrom(choice)); });
    connect(p, &Page::importCancelRequested, this, [this] { *m_cancelImport = true; });
    connect(p, &Page::undoImportRequested, this, &ProjectController::undoImport);
    connect(p, &Page::responseWanted, this, &ProjectController::showResponse);
}

void ProjectController::connectPage()
{
    using Page = ui::ProjectPage;
    Page* p = &m_page;
    connect(p, &Page::exportRequested, this, &ProjectController::exportFile);
    connect(p, &Page::exportCancelRequested, this, [this] { *m_cancelExport = true; });
    connect(p, &Page::guidelinesEdited, this, [this](const QString& text) {
        m_session.write([t = text.toStdString()](Project& project) { project.setSetting("guidelines", t); });
    });
    connect(p, &Page::checkRequested, this, [this] {
        m_session.store.ask<std::vector<std::string>>(
            Priority::Import, [](Project& project) { return project.check(); },
            [this](const std::vector<std::string>& problems) {
                const bool good = problems.empty();
                m_session.frame.notify(
                    {QStringLiteral("check"),
                     good ? ui::Notice::Level::Good : ui::Notice::Level::Problem,
                     good ? tr("The project is whole: every text is the one that was stored.")
                          : tr("%n problems were found. First: %1", nullptr, static_cast<int>(problems.size()))
                                .arg(qstr(problems.front())),
                     {}});
            },
            m_session.reportFailure());
    });
}

void ProjectController::connectBackups()
{
    using Page = ui::ProjectPage;
    Page* p = &m_page;
    connect(p, &Page::backupNowRequested, this, [this] {
        m_session.store.ask<std::string>(
            Priority::Read, [](Project& project) { return project.backup(); },
            [this](const std::string&) { listBackups(); }, m_session.reportFailure());
    });
    connect(p, &Page::restoreRequested, this, &ProjectController::restoreRequested);
    if (m_session.state.project().readOnly) {
        return;
    }
    m_backups.setInterval(kBackupPause);
    connect(&m_backups, &QTimer::timeout, this, [this] {
        m_session.store.ask<std::string>(
            Priority::Import, [](Project& project) { return project.backupIfChanged(); },
            [this](const std::string&) { listBackups(); }, m_session.reportFailure());
    });
    m_backups.start();
}

void ProjectController::open()
{
    auto* page = &m_page;
    page->setProjectName(m_session.state.project().title, m_session.state.project().folder);
    m_session.store.ask<std::pair<std::string, QueueCounts>>(
        Priority::Read, [](Project& project) { return std::pair(project.setting("guidelines"), project.counts()); },
        [page](const std::pair<std::string, QueueCounts>& state) {
            page->setGuidelines(qstr(state.first));
            page->setExportCounts(state.second);
        },
        m_session.reportFailure());
    listBackups();
}

void ProjectController::listBackups()
{
    std::vector<ui::BackupEntry> entries;
    const QDir folder(m_session.state.project().folder + QStringLiteral("/backups"));
    for (const auto& file : folder.entryInfoList({QStringLiteral("*.db")}, QDir::Files, QDir::Time)) {
        entries.push_back({file.absoluteFilePath(), file.lastModified(), file.size()});
    }
    m_page.setBackups(entries);
}

void ProjectController::modelDescribed(const contract::ModelDescription& model, const QString& reason)
{
    const QLocale locale;
    ui::ModelCard card;
    card.folder = m_session.state.project().modelFolder;
    const auto bytes = [](std::uint64_t count) { return ui::bytesText(static_cast<double>(count)); };
    card.architecture = tr("%1, %2 parameters, %3 layers")
                            .arg(qstr(model.architecture), locale.toString(static_cast<qlonglong>(model.parameters)))
                            .arg(model.layers);
    card.context = tr("%1 tokens").arg(model.contextLength);
    card.device = qstr(model.device).toUpper() + QStringLiteral(", ") + qstr(model.computeDtype);
    card.deviceReason = reason;
    card.memory = tr("weights %1, a round about %2").arg(bytes(model.memory.weights), bytes(model.memory.round));
    card.round = m_session.state.currentRound() == 0 ? tr("base model")
                                                     : tr("round %1 adopted").arg(m_session.state.currentRound());
    m_page.setModel(card);
}

void ProjectController::cancelTransfers()
{
    *m_cancelImport = true;
    *m_cancelExport = true;
}

void ProjectController::checkFile(const QString& path, const QString& format)
{
    m_path = path;
    m_format = format;
    openFile(tr("Checking …"), [this](const auto& file) { checkRows(file); });
}

void ProjectController::importFile(const Remedies& remedies)
{
    openFile(tr("Importing …"), [this, remedies](const auto& file) { importRows(file, remedies); });
}

// Opened beside everything else: a file may lie on a disk that is slow to answer.
void ProjectController::openFile(const QString& sentence, TakeFile opened)
{
    m_page.setImportProgress(0, -1, sentence);
    *m_cancelImport = false;
    const auto file = std::make_shared<DataFile>();
    inBackground(
        this, [file, p = m_path.toStdString(), f = m_format.toStdString()] { *file = openDataFile(p, f); },
        [this, file, opened = std::move(opened)](const QString& problem) {
            if (problem.isEmpty()) {
                opened(file);
            } else {
                m_page.setImportProgress(0, 0, problem);
            }
        });
}

// What the check finds is asked about; when there is nothing to ask, the file comes in.
void ProjectController::checkRows(const std::shared_ptr<DataFile>& file)
{
    auto* page = &m_page;
    m_session.store.ask<ImportResult>(
        Priority::Import,
        [page, file, &store = m_session.store, cancel = m_cancelImport](Project& project) {
            return annotate::checkFile(project, *file, importHooks(page, store, cancel, project));
        },
        [this](const ImportResult& found) {
            if (!offersRemedies(found.findings)) {
                importFile({});
                return;
            }
            m_page.setImportProgress(0, 0, {});
            m_page.askAbout(findingGroups(found.findings, false));
        },
        [page](const FailureReport& report) { page->setImportProgress(0, 0, qstr(report.message)); });
}

void ProjectController::importRows(const std::shared_ptr<DataFile>& file, const Remedies& remedies)
{
    auto* page = &m_page;
    m_session.store.ask<ImportResult>(
        Priority::Import,
        [page, file, remedies, &store = m_session.store, cancel = m_cancelImport](Project& project) {
            ImportHooks hooks = importHooks(page, store, cancel, project);
            hooks.remedies = remedies;
            return annotate::importFile(project, *file, hooks);
        },
        [this](const ImportResult& result) { showImported(result); },
        [page](const FailureReport& report) { page->setImportProgress(0, 0, qstr(report.message)); });
}

void ProjectController::showImported(const ImportResult& result)
{
    m_page.setImportProgress(0, 0, importedText(result));
    m_page.setFindings(findingGroups(result.findings, true));
    m_newest = result.batch;
    m_page.setUndoable(m_newest != 0);
    open();
    m_session.state.noteJudged();
    Q_EMIT imported();
}

void ProjectController::undoImport()
{
    auto* page = &m_page;
    page->setUndoing(tr("Taking the import back …"));
    m_session.store.ask<UndoneImport>(
        Priority::Import, [batch = m_newest](Project& project) { return annotate::undoImport(project, batch); },
        [this](const UndoneImport& undone) {
            QString text = tr("The import of %1 is taken back.").arg(qstr(undone.name));
            if (undone.kept > 0) {
                text += QLatin1Char(' ') + tr("%n response(s) stay: they were judged here.", nullptr, undone.kept);
            }
            m_page.setImportProgress(0, 0, text);
            open();
            m_session.state.noteJudged();
            Q_EMIT imported();
        },
        [page](const FailureReport& report) {
            page->setImportProgress(0, 0, qstr(report.message));
            page->setUndoable(true);
        });
}

void ProjectController::showResponse(const QString& externalId)
{
    m_session.store.ask<std::optional<ResponseId>>(
        Priority::Read, [id = externalId.toStdString()](Project& project) { return project.findExternal(id); },
        [this](const std::optional<ResponseId>& id) {
            if (id) {
                Q_EMIT responseWanted(*id);
            }
        },
        m_session.reportFailure());
}

// Store thread.
annotate::ExportHooks ProjectController::exportHooks(Project& project, QueueFilter filter)
{
    const int total = std::max(1, project.counts().of(filter));
    return {[total, page = &m_page, &store = m_session.store, &project](int done) {
                store.handBack([page, done, total] {
                    page->setExportProgress(done, total, tr("%n responses written …", nullptr, done));
                });
                store.giveWay(project, Priority::Import);
            },
            [cancel = m_cancelExport] { return cancel->load(); }};
}

void ProjectController::exportFile(const QString& file, const QString& format, QueueFilter filter)
{
    auto* page = &m_page;
    *m_cancelExport = false;
    page->setExportProgress(0, 1, tr("Exporting …"));
    const Format* byEnd = formatByExtension(file.toStdString());
    const QString chosen =
        format == QLatin1String("auto") ? qstr((byEnd != nullptr ? *byEnd : formatNamed("jsonl")).name()) : format;
    // How many there are, and how many of them the format could say.
    m_session.store.ask<std::pair<int, int>>(
        Priority::Import,
        [this, path = file.toStdString(), name = chosen.toStdString(), filter](Project& project) {
            const int all = project.counts().of(filter);
            return std::pair(all, annotate::exportFile(project, path, name, filter, exportHooks(project, filter)));
        },
        [page, file](const std::pair<int, int>& counts) {
            QString text = tr("%1 responses exported to %2.").arg(counts.second).arg(file);
            if (const int leftOut = counts.first - counts.second; leftOut > 0) {
                text += QLatin1Char(' ') + tr("%n were left out: the format has no place for them.", nullptr, leftOut);
            }
            page->setExportProgress(0, 0, text);
        },
        [page](const FailureReport& report) { page->setExportProgress(0, 0, qstr(report.message)); });
}

}  // namespace stet::app
