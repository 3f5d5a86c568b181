// The judgments of responses: append-only revisions, each with its text's hash; the newest is the response's verdict.
// annotate/store only, inside a transaction of the caller's.
#pragma once

#include "annotate/judgment/types.h"

#include <string>

namespace SQLite {
class Database;
}

namespace stet::annotate {

// author: who judged ("you", an import's name), shown beside the verdict.
void addJudgment(SQLite::Database& database, ResponseId id, Verdict verdict, const std::string& text,
                 const std::string& author);

}  // namespace stet::annotate
