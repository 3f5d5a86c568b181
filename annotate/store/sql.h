// How the repositories speak to the database: SQLite's errors turned into Failures that name the project and the next
// step, and what is written in one transaction. annotate/store only.
#pragma once

#include "annotate/store/project_folder.h"
#include "base/failure.h"
#include "base/files.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>
#include <string>

#include <sqlite3.h>

namespace stet::annotate {

constexpr const char* kNow = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";

inline std::string sqlProblem(const std::string& folder, const SQLite::Exception& error)
{
    // SQLite has no room for the files it works with: it says that reading or writing failed.
    const int code = error.getErrorCode() & 0xFF;
    std::error_code unknown;
    const bool noRoom = code == SQLITE_IOERR && std::filesystem::space(folder, unknown).available < (1U << 17U);
    switch (noRoom ? SQLITE_FULL : code) {
    case SQLITE_FULL:
        return "The project " + folder + " could not be saved: the disk is full; free some space, nothing is lost";
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return "The project " + folder + " can't be written there; change the folder's permissions or move it";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return "The project " + folder + " is damaged (project.db); run: stet recover " + folder +
            " --out NEW, or restore a backup";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return "The project " + folder + " is in use by another program; close it and try again";
    default:
        return "The project " + folder + " could not be read or saved: " + error.what();
    }
}

template <typename Action> auto guardedSql(const std::string& folder, const Action& action) -> decltype(action())
{
    try {
        return action();
    } catch (const SQLite::Exception& error) {
        throw badInput(sqlProblem(folder, error));
    } catch (const std::filesystem::filesystem_error& error) {
        throw badInput("The project " + folder + " could not be read or saved: " + describeErrno(error.code().value()));
    }
}

// action(database), for what only reads.
template <typename Action> auto reading(const ProjectFolder& project, const Action& action)
{
    return guardedSql(project.folder(), [&] { return action(project.database()); });
}

// action(database) in one transaction; refused when the project is read-only, undone when it throws.
template <typename Action> auto writing(const ProjectFolder& project, const Action& action)
{
    project.requireWritable();
    return guardedSql(project.folder(), [&] {
        SQLite::Transaction transaction(project.database());
        if constexpr (std::is_void_v<decltype(action(project.database()))>) {
            action(project.database());
            transaction.commit();
        } else {
            auto result = action(project.database());
            transaction.commit();
            return result;
        }
    });
}

}  // namespace stet::annotate
