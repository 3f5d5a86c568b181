// What revision 3 of the schema writes into its new columns. annotate/store only.
#pragma once

namespace SQLite {
class Database;
}

namespace stet::annotate {

// The key of what was asked, beside every response and every instruction.
void fillRevision3(SQLite::Database& database);

}  // namespace stet::annotate
