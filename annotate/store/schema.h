// The numbered revisions of project.db: each a sentence and its SQL. A file with a larger number than the last is newer
// than this program. A revision adds and does not take away what the queue reads, so that an older program can still
// open the file for reading.
#pragma once

#include <vector>

namespace SQLite {
class Database;
}

namespace stet::annotate {

struct SchemaRevision {
    int number;
    const char* sentence;
    const char* sql;
    void (*fill)(SQLite::Database&) = nullptr;  // what SQL alone can't say; after `sql`, in the same transaction
};

constexpr int kApplicationId = 0x53746574;  // "Stet"

const std::vector<SchemaRevision>& schemaRevisions();

// Brings a database from revision `have` to the newest, in one transaction.
void migrateSchema(SQLite::Database& database, int have);

}  // namespace stet::annotate
