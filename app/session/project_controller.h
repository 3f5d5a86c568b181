// Project: import with findings, export, guidelines, backups, integrity. GUI thread.
#pragma once

#include "app/session/project_access.h"

#include <QObject>

#include <atomic>
#include <memory>

namespace stet::app {

class ProjectController : public QObject {
    Q_OBJECT

public:
    ProjectController(ProjectAccess& access, QObject* parent);
    void open();
    void modelDescribed(const Json& description, const QString& reason);

Q_SIGNALS:
    void imported();

private:
    void importFile(const QString& file, const QString& format);
    void exportFile(const QString& file, const QString& format, annotate::QueueFilter filter);
    void listBackups();

    ProjectAccess& m_access;
    std::shared_ptr<std::atomic<bool>> m_cancelImport = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace stet::app
