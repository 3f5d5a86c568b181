#include "annotate/store/judgments.h"

#include "annotate/store/sql.h"
#include "base/sha256.h"

namespace stet::annotate {

void addJudgment(SQLite::Database& database, ResponseId id, Verdict verdict, const std::string& text,
                 const std::string& author)
{
    SQLite::Statement insert(
        database,
        std::string("INSERT INTO judgments (response, verdict, text, author, at, sha256) VALUES (?, ?, ?, ?, ") + kNow +
            ", ?)");
    insert.bind(1, id.value);
    insert.bind(2, static_cast<int>(verdict));
    insert.bind(3, text);
    insert.bind(4, author);
    insert.bind(5, toHex(sha256(text)));
    insert.exec();
    SQLite::Statement update(database, "UPDATE responses SET verdict = ?, judgment = last_insert_rowid() WHERE id = ?");
    update.bind(1, static_cast<int>(verdict));
    update.bind(2, id.value);
    update.exec();
}

}  // namespace stet::annotate
