#include "annotate/store/import_batches.h"

#include "annotate/store/instruction_rows.h"
#include "annotate/store/response_writer.h"
#include "annotate/store/sql.h"
#include "base/json.h"
#include "base/sha256.h"

namespace stet::annotate {

namespace {

// Somebody did something to it here.
constexpr const char* kTouched =
    "(id IN (SELECT response FROM edits) OR id IN (SELECT response FROM drafts) OR id IN (SELECT response FROM "
    "revision_drafts) OR id IN (SELECT response FROM judgments GROUP BY response HAVING count(*) > 1))";

// Each row that goes is looked for in the columns that may point to it: a hundred thousand of them without an index
// take hours.
constexpr const char* kPointers[] = {"judgments (response)", "better_answers (response)", "responses (judgment)",
                                     "responses (revision)", "responses (demonstration)"};

template <typename Deletes> void withPointersIndexed(SQLite::Database& database, const Deletes& deletes)
{
    int number = 0;
    for (const char* columns : kPointers) {
        database.exec("CREATE INDEX going_" + std::to_string(++number) + " ON " + columns);
    }
    deletes();
    for (; number > 0; --number) {
        database.exec("DROP INDEX going_" + std::to_string(number));
    }
}

void moveTouched(SQLite::Database& database, std::int64_t batch)
{
    SQLite::Statement rest(database,
                           "INSERT INTO batches (name, published, at) SELECT name, 1, at FROM batches WHERE id = ?");
    rest.bind(1, batch);
    rest.exec();
    SQLite::Statement keep(database, std::string("UPDATE responses SET batch = ? WHERE batch = ? AND ") + kTouched);
    keep.bind(1, static_cast<std::int64_t>(database.getLastInsertRowid()));
    keep.bind(2, batch);
    keep.exec();
}

}  // namespace

std::string textsHash(const std::string& instruction, const std::string& input, const std::string& output,
                      const std::string& messages)
{
    Json texts = Json::array({instruction, input, output});
    if (!messages.empty()) {
        texts.push_back(messages);
    }
    return toHex(sha256(toLine(texts)));
}

std::int64_t ImportBatches::beginBatch(const std::string& name)
{
    return writing(m_project, [&](auto& database) {
        SQLite::Statement insert(database, "INSERT INTO batches (name, at) VALUES (?, " + std::string(kNow) + ")");
        insert.bind(1, name);
        insert.exec();
        return static_cast<std::int64_t>(database.getLastInsertRowid());
    });
}

void ImportBatches::addResponses(std::int64_t batch, const std::vector<NewResponse>& responses)
{
    writing(m_project, [&](auto& database) {
        ResponseWriter writer(database, batch);
        for (const auto& r : responses) {
            writer.add(r);
        }
    });
}

int ImportBatches::publishBatch(std::int64_t batch, HeldOutShare heldOut)
{
    return writing(m_project, [&](auto& database) {
        const int count = heldOut == HeldOutShare::ATenth ? holdOutATenth(database, batch) : 0;
        releaseHeldOut(database, batch);
        SQLite::Statement update(database, "UPDATE batches SET published = 1 WHERE id = ?");
        update.bind(1, batch);
        update.exec();
        return count;
    });
}

void ImportBatches::cancelBatch(std::int64_t batch)
{
    writing(m_project, [&](auto& database) {
        withPointersIndexed(database, [&] {
            for (const char* sql :
                 {"UPDATE responses SET judgment = NULL, revision = NULL, demonstration = NULL WHERE batch = ?",
                  "DELETE FROM better_answers WHERE response IN (SELECT id FROM responses WHERE batch = ?)",
                  "DELETE FROM judgments WHERE response IN (SELECT id FROM responses WHERE batch = ?)",
                  "DELETE FROM responses WHERE batch = ?", "DELETE FROM instructions WHERE batch = ?",
                  "DELETE FROM batches WHERE id = ?"}) {
                SQLite::Statement statement(database, sql);
                statement.bind(1, batch);
                statement.exec();
            }
        });
    });
}

std::vector<ImportBatch> ImportBatches::batches() const
{
    return reading(m_project, [&](auto& database) {
        std::vector<ImportBatch> list;
        SQLite::Statement query(
            database,
            "SELECT * FROM (SELECT id, name, at, (SELECT count(*) FROM responses WHERE batch = "
            "b.id) AS answers, (SELECT count(*) FROM instructions WHERE batch = b.id) AS asked FROM "
            "batches b WHERE published = 1 AND name <> ?) WHERE answers + asked > 0 ORDER BY id "
            "DESC");
        query.bind(1, kGeneratedBatch);
        while (query.executeStep()) {
            list.push_back({query.getColumn(0).getInt64(), query.getColumn(1), query.getColumn(2),
                            query.getColumn(3).getInt(), query.getColumn(4).getInt()});
        }
        return list;
    });
}

std::vector<std::string> ImportBatches::externalIds(std::int64_t batch) const
{
    return reading(m_project, [&](auto& database) {
        std::vector<std::string> ids;
        SQLite::Statement query(database, "SELECT external_id FROM responses WHERE batch = ?");
        query.bind(1, batch);
        while (query.executeStep()) {
            ids.push_back(query.getColumn(0));
        }
        return ids;
    });
}

int ImportBatches::takeBack(std::int64_t batch)
{
    // Out of sight in one small step; what is left of it after a kill goes when the project is opened next.
    const int kept = writing(m_project, [&](auto& database) {
        SQLite::Statement touched(database,
                                  std::string("SELECT count(*) FROM responses WHERE batch = ? AND ") + kTouched);
        touched.bind(1, batch);
        touched.executeStep();
        const int count = touched.getColumn(0).getInt();
        if (count > 0) {
            moveTouched(database, batch);
        }
        SQLite::Statement hide(database, "UPDATE batches SET published = 0 WHERE id = ?");
        hide.bind(1, batch);
        hide.exec();
        return count;
    });
    cancelBatch(batch);
    return kept;
}

void ImportBatches::cancelUnpublished()
{
    const auto batches = reading(m_project, [&](auto& database) {
        std::vector<std::int64_t> ids;
        SQLite::Statement query(database, "SELECT id FROM batches WHERE published = 0");
        while (query.executeStep()) {
            ids.push_back(query.getColumn(0).getInt64());
        }
        return ids;
    });
    for (const auto batch : batches) {
        cancelBatch(batch);
    }
}

}  // namespace stet::annotate
