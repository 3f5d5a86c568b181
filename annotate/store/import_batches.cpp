#include "annotate/store/import_batches.h"

#include "annotate/store/instruction_rows.h"
#include "annotate/store/response_writer.h"
#include "annotate/store/sql.h"
#include "base/json.h"
#include "base/sha256.h"

namespace stet::annotate {

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
