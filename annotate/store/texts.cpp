#include "annotate/store/texts.h"

#include "annotate/store/author_columns.h"
#include "annotate/store/sql.h"
#include "base/json.h"
#include "base/sha256.h"

namespace stet::annotate {

std::string askedKey(const std::string& instruction, const std::string& input, const std::string& messages)
{
    constexpr std::size_t kDigits = 32;  // 128 bits tell more texts apart than there are
    return toHex(sha256(toLine(Json::array({instruction, input, messages})))).substr(0, kDigits);
}

void addJudgment(SQLite::Database& database, ResponseId id, Verdict verdict, const std::string& text,
                 const Author& author)
{
    SQLite::Statement insert(database,
                             "INSERT INTO judgments (response, verdict, text, sha256, " + authorColumns("author") +
                                 ", at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, " + kNow + ")");
    insert.bind(1, id.value);
    insert.bind(2, static_cast<int>(verdict));
    insert.bind(3, text);
    insert.bind(4, toHex(sha256(text)));
    bindAuthor(insert, 5, author);
    insert.exec();
    SQLite::Statement update(database, "UPDATE responses SET verdict = ?, judgment = last_insert_rowid() WHERE id = ?");
    update.bind(1, static_cast<int>(verdict));
    update.bind(2, id.value);
    update.exec();
}

void addBetterAnswer(SQLite::Database& database, ResponseId id, const char* kind, const std::string& text,
                     const Author& author)
{
    SQLite::Statement insert(database,
                             "INSERT INTO better_answers (response, kind, text, sha256, " + authorColumns("author") +
                                 ", at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, " + kNow + ")");
    insert.bind(1, id.value);
    insert.bind(2, kind);
    insert.bind(3, text);
    insert.bind(4, toHex(sha256(text)));
    bindAuthor(insert, 5, author);
    insert.exec();
    SQLite::Statement update(database,
                             "UPDATE responses SET " + std::string(kind) + " = last_insert_rowid() WHERE id = ?");
    update.bind(1, id.value);
    update.exec();
}

void withdrawBetterAnswer(SQLite::Database& database, ResponseId id, const char* kind)
{
    SQLite::Statement update(database, "UPDATE responses SET " + std::string(kind) + " = NULL WHERE id = ?");
    update.bind(1, id.value);
    update.exec();
}

}  // namespace stet::annotate
