// An author as it stands beside a text in the database: four columns, in the order kind, name, model, round.
// annotate/store only.
#pragma once

#include "annotate/judgment/author.h"

#include <string>

namespace SQLite {
class Statement;
}

namespace stet::annotate {

constexpr int kAuthorColumns = 4;

// "j.author_kind, j.author, j.author_model, j.author_round" for the prefix "j.author".
std::string authorColumns(const std::string& prefix);

void bindAuthor(SQLite::Statement& statement, int first, const Author& author);
Author authorFrom(SQLite::Statement& row, int first);  // of a row that a LEFT JOIN did not find: nobody

}  // namespace stet::annotate
