// What revision 2 of the schema moves into its new columns. annotate/store only.
#pragma once

namespace SQLite {
class Database;
}

namespace stet::annotate {

struct NewResponse;

// Fills messages, revision, demonstration and set from the other fields. One is taken when it is what an import takes
// it for; anything else stays a field of the user's own.
void takeMeantFields(NewResponse& r);

// Of responses: the meant fields, which revision 1 kept among the file's other fields. Of what can be undone: the
// authors of verdicts and marks, as undo puts them back.
void moveIntoRevision2(SQLite::Database& database);

}  // namespace stet::annotate
