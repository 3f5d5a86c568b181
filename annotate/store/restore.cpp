#include "annotate/store/restore.h"

#include "annotate/store/project.h"
#include "annotate/store/schema.h"
#include "annotate/store/sql.h"
#include "base/files.h"
#include "base/folder_lock.h"

#include <SQLiteCpp/Backup.h>

#include <array>
#include <ctime>

namespace stet::annotate {

namespace fs = std::filesystem;

namespace {

void refuseUnlessWhole(const std::string& path)
{
    const auto refuse = [&](const std::string& why) {
        throw badInput(path + " can't be restored: " + why + "; choose another copy");
    };
    if (!fs::is_regular_file(path)) {
        refuse("there is no such file");
    }
    try {
        SQLite::Database copy(path, SQLite::OPEN_READONLY);
        if (copy.execAndGet("PRAGMA application_id").getInt() != kApplicationId) {
            refuse("it is no project of Stet's");
        }
        if (copy.execAndGet("PRAGMA user_version").getInt() > schemaRevisions().back().number) {
            refuse("it was written by a newer Stet");
        }
        if (copy.execAndGet("PRAGMA integrity_check").getString() != "ok") {
            refuse("it is damaged");
        }
    } catch (const SQLite::Exception& error) {
        refuse(error.what());
    }
}

void refuseWhileOpen(const FolderLock& lock, const std::string& folder)
{
    if (!lock.held()) {
        throw badInput(folder + " can't be restored now: " +
                       (lock.unwritable() ? lock.whyUnwritable() : "another window or command has it open; close it"));
    }
}

// Through SQLite, so that a copy whose last words are in a file beside it (-wal) comes whole.
void copyDatabase(const std::string& from, const std::string& to)
{
    SQLite::Database source(from, SQLite::OPEN_READONLY);
    SQLite::Database target(to, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    SQLite::Backup(target, source).executeStep();
}

bool keepAsBackup(const std::string& folder)
{
    try {
        const auto project = Project::open(folder);
        project->backup();
        return !project->readOnly();
    } catch (const Failure&) {
        return false;
    }
}

// Bytes that can't be read, or a newer Stet's: not among the copies that are thinned.
void keepAsItIs(const std::string& folder)
{
    const std::time_t now = std::time(nullptr);
    std::array<char, 32> stamp{};
    std::strftime(stamp.data(), stamp.size(), "%Y%m%d-%H%M%S", std::gmtime(&now));
    for (const char* end : {"", "-wal"}) {
        const std::string file = folder + "/project.db" + end;
        if (fs::exists(file)) {
            fs::rename(file, folder + "/backups/damaged-" + stamp.data() + ".sqlite" + end);
        }
    }
}

}  // namespace

void restoreBackup(const std::string& folder, const std::string& copy)
{
    if (!fs::is_directory(folder + "/backups")) {
        throw badInput(folder + " is not a Stet project; check the path");
    }
    refuseUnlessWhole(copy);
    refuseWhileOpen(FolderLock(folder), folder);
    const std::string fresh = folder + "/project.db.stet-tmp-restore";
    guardedSql(folder, [&] {
        fs::remove(fresh);
        // Before what is there is kept: that thins the old copies, and this may be one of them.
        copyDatabase(copy, fresh);
        const bool kept = keepAsBackup(folder);
        const FolderLock lock(folder);
        refuseWhileOpen(lock, folder);
        if (!kept) {
            keepAsItIs(folder);
        }
        // Another database's: SQLite would take them for the restored one's.
        fs::remove(folder + "/project.db-wal");
        fs::remove(folder + "/project.db-shm");
        fs::rename(fresh, folder + "/project.db");
        syncFolder(folder);
    });
}

}  // namespace stet::annotate
