#include "annotate/store/project_folder.h"

#include "annotate/store/schema.h"
#include "annotate/store/sql.h"
#include "base/files.h"

#include <SQLiteCpp/Backup.h>

#include <algorithm>
#include <vector>

namespace stet::annotate {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kBackupsKept = 20;

void keepNewest(const std::string& folder, std::size_t count)
{
    std::vector<fs::path> copies;
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.path().extension() == ".db") {
            copies.push_back(entry.path());
        }
    }
    std::sort(copies.rbegin(), copies.rend());
    std::error_code ignored;
    for (std::size_t i = count; i < copies.size(); ++i) {
        fs::remove(copies[i], ignored);
    }
}

// SQLite keeps a file beside a database in WAL mode even to read it; told that nothing changes, it needs none. That
// holds where the last writer left nothing in its own file.
std::unique_ptr<SQLite::Database> openUnwritable(const std::string& folder)
{
    std::error_code ignored;
    if (fs::exists(folder + "/project.db-wal", ignored) && fs::file_size(folder + "/project.db-wal", ignored) > 0) {
        throw badInput("The project " + folder +
                       " can't be read where nothing may be written: its last words are in project.db-wal; copy the "
                       "folder to a place of your own");
    }
    std::string path;
    for (const char c : fs::absolute(folder + "/project.db").string()) {
        path += c == '%' ? "%25" : c == '?' ? "%3f" : c == '#' ? "%23" : std::string(1, c);
    }
    return std::make_unique<SQLite::Database>("file://" + path + "?immutable=1",
                                              SQLite::OPEN_READONLY | SQLite::OPEN_URI);
}

// Of a database that may not be written: a private copy, which SQLite keeps in memory as long as it is small.
std::unique_ptr<SQLite::Database> migratedCopy(SQLite::Database& from, int have)
{
    auto copy = std::make_unique<SQLite::Database>("", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    SQLite::Backup(*copy, from).executeStep();
    copy->exec("PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;");
    migrateSchema(*copy, have);
    return copy;
}

}  // namespace

ProjectFolder::ProjectFolder(std::string folder) : m_folder(std::move(folder)) { }

ProjectFolder::~ProjectFolder() = default;  // the connection first, then the lock

void ProjectFolder::open(Open how)
{
    m_lock = std::make_unique<FolderLock>(m_folder);
    m_readOnly = !m_lock->held();
    m_readOnlyReason = m_lock->held() ? ""
        : m_lock->unwritable()        ? "The folder can't be written: " + m_lock->whyUnwritable()
                                      : "Another window or command has this project open";
    connect(how);
    migrate();
}

void ProjectFolder::connect(Open how)
{
    guardedSql(m_folder, [&] {
        const int writing = SQLite::OPEN_READWRITE | (how == Open::New ? SQLite::OPEN_CREATE : 0);
        m_database = m_lock->unwritable()
            ? openUnwritable(m_folder)
            : std::make_unique<SQLite::Database>(m_folder + "/project.db", m_readOnly ? SQLite::OPEN_READONLY : writing,
                                                 2000);
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
        if (have >= newest) {
            return;
        }
        if (m_readOnly) {
            m_database = migratedCopy(*m_database, have);
            return;
        }
        if (have > 0) {
            backup();
        }
        migrateSchema(*m_database, have);
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
        m_changesCopied = m_database->getTotalChanges();
        return path;
    });
}

std::string ProjectFolder::backupIfChanged() const
{
    return m_database->getTotalChanges() == m_changesCopied ? std::string() : backup();
}

}  // namespace stet::annotate
