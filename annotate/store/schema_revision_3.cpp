#include "annotate/store/schema_revision_3.h"

#include "annotate/store/texts.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>
#include <vector>

namespace stet::annotate {

namespace {

void fill(SQLite::Database& database, const std::string& table)
{
    constexpr int kRowsAtOnce = 1000;
    SQLite::Statement rows(
        database, "SELECT id, instruction, input, messages FROM " + table + " WHERE id > ? ORDER BY id LIMIT ?");
    SQLite::Statement update(database, "UPDATE " + table + " SET asked = ? WHERE id = ?");
    std::int64_t last = 0;
    for (bool any = true; any;) {
        any = false;
        std::vector<std::pair<std::int64_t, std::string>> keys;  // their rows are written when these are read
        rows.reset();
        rows.bind(1, last);
        rows.bind(2, kRowsAtOnce);
        while (rows.executeStep()) {
            keys.emplace_back(rows.getColumn(0).getInt64(),
                              askedKey(rows.getColumn(1), rows.getColumn(2), rows.getColumn(3)));
        }
        for (const auto& [id, key] : keys) {
            update.reset();
            update.bind(1, key);
            update.bind(2, id);
            update.exec();
            last = id;
            any = true;
        }
    }
}

}  // namespace

void fillRevision3(SQLite::Database& database)
{
    fill(database, "responses");
    fill(database, "instructions");
}

}  // namespace stet::annotate
