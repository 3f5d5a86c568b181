#include "annotate/store/import_batches.h"

#include "annotate/store/author_columns.h"
#include "annotate/store/sql.h"
#include "annotate/store/texts.h"
#include "base/json.h"
#include "base/sha256.h"

namespace stet::annotate {

namespace {

void bindResponse(SQLite::Statement& insert, std::int64_t batch, const NewResponse& r)
{
    insert.bind(1, batch);
    insert.bind(2, r.externalId);
    insert.bind(3, r.instruction);
    insert.bind(4, r.input);
    insert.bind(5, r.output);
    insert.bind(6, r.stoppedByLength ? 1 : 0);
    insert.bind(7, r.hint);
    insert.bind(8, r.extra);
    insert.bind(9, textsHash(r.instruction, r.input, r.output, r.messages));
    insert.bind(10, contract::marksToText(r.marks));
    insert.bind(11, r.messages);
    insert.bind(12, r.hasOutput ? 1 : 0);
    insert.bind(13, r.set);
    bindAuthor(insert, 14, r.author);
    bindAuthor(insert, 14 + kAuthorColumns, r.markedBy);
}

void addTexts(SQLite::Database& database, ResponseId id, const NewResponse& r)
{
    if (r.verdict != Verdict::Open) {
        addJudgment(database, id, r.verdict, r.judgment, r.judgedBy);
    }
    if (r.revision) {
        addBetterAnswer(database, id, kRevision, *r.revision, r.revisedBy);
    }
    if (r.demonstration) {
        addBetterAnswer(database, id, kDemonstration, *r.demonstration, r.demonstratedBy);
    }
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
        SQLite::Statement insert(database,
                                 "INSERT INTO responses (batch, external_id, instruction, input, output, "
                                 "stopped_by_length, hint, extra, sha256, marks, messages, has_output, in_set, " +
                                     authorColumns("author") + ", " + authorColumns("marks_author") +
                                     ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        for (const auto& r : responses) {
            insert.reset();
            bindResponse(insert, batch, r);
            insert.exec();
            addTexts(database, {database.getLastInsertRowid()}, r);
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
        for (const char* sql :
             {"UPDATE responses SET judgment = NULL, revision = NULL, demonstration = NULL WHERE batch = ?",
              "DELETE FROM better_answers WHERE response IN (SELECT id FROM responses WHERE batch = ?)",
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
