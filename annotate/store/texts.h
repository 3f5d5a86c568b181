// What is written about a response: judgments, and the better answers "revision" and "demonstration". Append-only
// revisions, each with its author and its text's hash; the newest is the response's. annotate/store only, inside a
// transaction of the caller's.
#pragma once

#include "annotate/judgment/types.h"

#include <string>

namespace SQLite {
class Database;
}

namespace stet::annotate {

// Tells whether two texts ask the same: of an instruction with its input and its conversation.
std::string askedKey(const std::string& instruction, const std::string& input, const std::string& messages);

void addJudgment(SQLite::Database& database, ResponseId id, Verdict verdict, const std::string& text,
                 const Author& author);

// kind: the column of `responses` that refers to it.
constexpr const char* kRevision = "revision";
constexpr const char* kDemonstration = "demonstration";
void addBetterAnswer(SQLite::Database& database, ResponseId id, const char* kind, const std::string& text,
                     const Author& author);
// What was written stays in the table; the response has none in force.
void withdrawBetterAnswer(SQLite::Database& database, ResponseId id, const char* kind);

}  // namespace stet::annotate
