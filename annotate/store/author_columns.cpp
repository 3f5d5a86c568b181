#include "annotate/store/author_columns.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>

namespace stet::annotate {

std::string authorColumns(const std::string& prefix)
{
    return prefix + "_kind, " + prefix + ", " + prefix + "_model, " + prefix + "_round";
}

void bindAuthor(SQLite::Statement& statement, int first, const Author& author)
{
    statement.bind(first, static_cast<int>(author.kind));
    statement.bind(first + 1, author.name);
    statement.bind(first + 2, author.model);
    if (author.round) {
        statement.bind(first + 3, *author.round);
    } else {
        statement.bind(first + 3);
    }
}

Author authorFrom(SQLite::Statement& row, int first)
{
    if (row.getColumn(first).isNull()) {
        return {};
    }
    Author author;
    author.kind = static_cast<AuthorKind>(std::clamp(row.getColumn(first).getInt(), 0, 3));
    author.name = row.getColumn(first + 1).getString();
    author.model = row.getColumn(first + 2).getString();
    if (!row.getColumn(first + 3).isNull()) {
        author.round = row.getColumn(first + 3).getInt();
    }
    return author;
}

}  // namespace stet::annotate
