#include "annotate/store/project_folder.h"

#include "annotate/store/schema.h"
#include "annotate/store/sql.h"
#include "base/files.h"

#include <SQLiteCpp/Backup.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace stet::annotate {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kBackupsKept = 20;

void keepNewest(const std::string& folder, std::size_t count)
{
    std::vector<fs::path> copies;
    for (const auto& entry : fs::directory_iterator(folder)) {
        copies.push_back(entry.path());
    }
    std::sort(copies.rbegin(), copies.rend());
    std::error_code ignored;
    for (std::size_t i = count; i < copies.size(); ++i) {
        fs::remove(copies[i], ignored);
    }
}

}  // namespace

ProjectFolder::ProjectFolder(std::string folder) : m_folder(std::move(folder)) { }

ProjectFolder::~ProjectFolder()
{
    m_database.reset();
    if (m_lock >= 0) {
        ::close(m_lock);
    }
}

void ProjectFolder::open(Open how)
{
    takeLock();
    connect(how);
    migrate();
}

// The lock lives on a file of its own: closing any descriptor of the database would drop SQLite's locks.
void ProjectFolder::takeLock()
{
    m_lock = ::open((m_folder + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (m_lock < 0) {
        m_readOnly = true;
        m_readOnlyReason = "The folder can't be written: " + describeErrno(errno);
        return;
    }
    if (::flock(m_lock, LOCK_EX | LOCK_NB) != 0) {
        m_readOnly = true;
        m_readOnlyReason = "Another window or command has this project open";
    }
}

void ProjectFolder::connect(Open how)
{
    guardedSql(m_folder, [&] {
        const int writing = SQLite::OPEN_READWRITE | (how == Open::New ? SQLite::OPEN_CREATE : 0);
        m_database = std::make_unique<SQLite::Database>(m_folder + "/project.db",
                                                        m_readOnly ? SQLite::OPEN_READONLY : writing, 2000);
        // Before anything is written: every project's database has our id from its first transaction on.
        if (how == Open::Existing && m_database->execAndGet("PRAGMA application_id").getInt() != kApplicationId) {
            throw badInput(
                m_folder +
                "/project.db is empty or belongs to another program; it is left alone. Restore a copy from " +
                m_folder + "/backups");
        }
        m_database->exec("PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA mmap_size = 0;");
        if (!m_readOnly) {
            m_database->exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
        }
    });
}

void ProjectFolder::migrate()
{
    guardedSql(m_folder, [&] {
        const int have = m_database->execAndGet("PRAGMA user_version").getInt();
        const int newest = schemaRevisions().back().number;
        if (have > newest) {
            m_readOnly = true;
            m_readOnlyReason = "The project was written by a newer Stet; update to change it";
        }
        if (have >= newest || m_readOnly) {
            return;
        }
        if (have > 0) {
            backup();
        }
        SQLite::Transaction transaction(*m_database);
        for (const auto& revision : schemaRevisions()) {
            if (revision.number > have) {
                m_database->exec(revision.sql);
            }
        }
        m_database->exec("PRAGMA application_id = " + std::to_string(kApplicationId));
        m_database->exec("PRAGMA user_version = " + std::to_string(newest));
        transaction.commit();
    });
}

void ProjectFolder::requireWritable() const
{
    if (m_readOnly) {
        throw badInput("The project " + m_folder + " is open for reading only: " + m_readOnlyReason);
    }
}

std::string ProjectFolder::backup() const
{
    return guardedSql(m_folder, [&] {
        const std::string folder = m_folder + "/backups";
        const auto stamp = m_database->execAndGet("SELECT strftime('%Y%m%d-%H%M%f', 'now')").getString();
        std::string path = folder + "/project-" + stamp + ".db";
        const std::string temporary = path + ".stet-tmp-backup";
        fs::create_directories(folder);
        {
            SQLite::Database copy(temporary, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
            SQLite::Backup(copy, *m_database).executeStep();
            if (copy.execAndGet("PRAGMA quick_check").getString() != "ok") {
                throw badInput("The backup of " + m_folder + " could not be verified");
            }
        }
        fs::rename(temporary, path);
        syncFolder(folder);
        keepNewest(folder, kBackupsKept);
        return path;
    });
}

}  // namespace stet::annotate
