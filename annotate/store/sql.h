// Turns SQLite's errors into Failures that name the project and the next step. annotate/store only.
#pragma once

#include "base/failure.h"

#include <SQLiteCpp/Exception.h>

#include <filesystem>
#include <string>

#include <sqlite3.h>

namespace stet::annotate {

constexpr const char* kNow = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";

inline std::string sqlProblem(const std::string& folder, const SQLite::Exception& error)
{
    switch (error.getErrorCode() & 0xFF) {
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
        throw badInput("The project " + folder + " could not be read or saved: " + error.code().message());
    }
}

}  // namespace stet::annotate
