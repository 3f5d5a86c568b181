// Project: import with findings, export, guidelines, backups (every 30 minutes, when something changed), integrity. GUI
// thread.
#pragma once

#include "annotate/exchange/export.h"
#include "annotate/exchange/import.h"
#include "app/session/session_context.h"
#include "contract/model.h"
#include "ui/project/project_page.h"

#include <QObject>
#include <QTimer>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

namespace stet::app {

class ProjectController : public QObject {
    Q_OBJECT

public:
    ProjectController(const SessionContext& session, ui::ProjectPage& page, QObject* parent);
    void open();
    void modelDescribed(const contract::ModelDescription& model, const QString& reason);
    void cancelTransfers();  // an import or an export under way; they say so where they show their progress
    void showImported(const annotate::ImportResult& result);  // also of the data a project was made with
    QTimer& backupTimer() { return m_backups; }

Q_SIGNALS:
    void imported();                               // the queue is another one
    void responseWanted(annotate::ResponseId id);  // is to be looked at
    void restoreRequested(const QString& backup);  // the project has to be left for it

private:
    void connectPage();
    void connectBackups();
    void connectImport();
    void checkFile(const QString& path, const QString& format);
    void importFile(const annotate::Remedies& remedies);
    using TakeFile = std::function<void(const std::shared_ptr<annotate::DataFile>& file)>;
    void openFile(const QString& sentence, TakeFile opened);
    void checkRows(const std::shared_ptr<annotate::DataFile>& file);
    void importRows(const std::shared_ptr<annotate::DataFile>& file, const annotate::Remedies& remedies);
    void undoImport();
    void showResponse(const QString& externalId);
    void exportFile(const QString& file, const QString& format, annotate::QueueFilter filter);
    annotate::ExportHooks exportHooks(annotate::Project& project, annotate::QueueFilter filter);
    void listBackups();

    SessionContext m_session;
    ui::ProjectPage& m_page;
    QTimer m_backups;
    QString m_path;  // of the file that is checked or imported
    QString m_format;
    std::int64_t m_newest = 0;  // the import that may be taken back
    // Shared with the store's thread, which may outlive this.
    std::shared_ptr<std::atomic<bool>> m_cancelImport = std::make_shared<std::atomic<bool>>(false);
    std::shared_ptr<std::atomic<bool>> m_cancelExport = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace stet::app
