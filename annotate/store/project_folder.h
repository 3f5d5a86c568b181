// A project's folder NAME.stet/ on the disk: its lock, and the one connection to project.db, opened and brought to the
// newest schema revision. What is in the database is the repositories' business (settings.h, response_queue.h …).
//
// Used on one thread at a time. WAL, synchronous=FULL: what a call has written is durable when it returns.
#pragma once

#include "base/folder_lock.h"

#include <memory>
#include <string>

namespace SQLite {
class Database;
}

namespace stet::annotate {

class ProjectFolder {
public:
    ProjectFolder(const ProjectFolder&) = delete;
    ProjectFolder& operator=(const ProjectFolder&) = delete;
    ~ProjectFolder();

    const std::string& folder() const { return m_folder; }
    bool readOnly() const { return m_readOnly; }
    const std::string& readOnlyReason() const { return m_readOnlyReason; }

    // Copies the database into backups/, verified; thins old copies. The copy's path.
    std::string backup() const;
    // The same, when something was written through this object since its last copy; else an empty path.
    std::string backupIfChanged() const;

    // For the repositories, through sql.h.
    SQLite::Database& database() const { return *m_database; }
    void requireWritable() const;  // Failure(BadInput) with the reason when it is not

    enum class Open { Existing, New };

protected:
    explicit ProjectFolder(std::string folder);
    // Locks (or is read-only, when another process has the lock or the file is newer than this program), connects,
    // migrates.
    void open(Open how);

private:
    void connect(Open how);
    void migrate();

    std::string m_folder;
    std::unique_ptr<FolderLock> m_lock;  // a file of its own: closing any of the database would drop SQLite's locks
    std::unique_ptr<SQLite::Database> m_database;
    bool m_readOnly = false;
    std::string m_readOnlyReason;
    mutable int m_changesCopied = 0;  // what SQLite had counted at the last backup
};

}  // namespace stet::annotate
