// Another program that writes to a project's database and does not end: what a full disk is to the one that wants to
// write, but can be lifted.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>

namespace stet::test {

class HeldDatabase {
public:
    explicit HeldDatabase(const std::string& projectFolder)
        : m_database(projectFolder + "/project.db", SQLite::OPEN_READWRITE)
    {
        m_database.exec("BEGIN IMMEDIATE");
    }

private:
    SQLite::Database m_database;  // lets go when it is closed
};

}  // namespace stet::test
