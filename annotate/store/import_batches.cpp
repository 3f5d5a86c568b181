#include "annotate/store/import_batches.h"

#include "annotate/store/judgments.h"
#include "annotate/store/sql.h"
#include "base/json.h"
#include "base/sha256.h"

namespace stet::annotate {

std::string textsHash(const std::string& instruction, const std::string& input, const std::string& output)
{
    return toHex(
        sha256(Json::array({instruction, input, output}).dump(-1, ' ', false, Json::error_handler_t::replace)));
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
        SQLite::Statement insert(database,
                                 "INSERT INTO responses (batch, external_id, instruction, input, output, "
                                 "stopped_by_length, hint, extra, sha256, "
                                 "marks) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        for (const auto& r : responses) {
            insert.reset();
            insert.bind(1, batch);
            insert.bind(2, r.externalId);
            insert.bind(3, r.instruction);
            insert.bind(4, r.input);
            insert.bind(5, r.output);
            insert.bind(6, r.stoppedByLength ? 1 : 0);
            insert.bind(7, r.hint);
            insert.bind(8, r.extra);
            insert.bind(9, textsHash(r.instruction, r.input, r.output));
            insert.bind(10, contract::marksToText(r.marks));
            insert.exec();
            if (r.verdict != Verdict::Open) {
                addJudgment(database, {database.getLastInsertRowid()}, r.verdict, r.judgment, r.judgedBy);
            }
        }
    });
}

void ImportBatches::publishBatch(std::int64_t batch)
{
    writing(m_project, [&](auto& database) {
        SQLite::Statement update(database, "UPDATE batches SET published = 1 WHERE id = ?");
        update.bind(1, batch);
        update.exec();
    });
}

void ImportBatches::cancelBatch(std::int64_t batch)
{
    writing(m_project, [&](auto& database) {
        for (const char* sql : {"UPDATE responses SET judgment = NULL WHERE batch = ?",
                                "DELETE FROM judgments WHERE response IN (SELECT id FROM responses WHERE batch = ?)",
                                "DELETE FROM responses WHERE batch = ?", "DELETE FROM batches WHERE id = ?"}) {
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
