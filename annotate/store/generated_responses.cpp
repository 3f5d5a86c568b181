#include "annotate/store/generated_responses.h"

#include "annotate/store/author_columns.h"
#include "annotate/store/import_batches.h"
#include "annotate/store/instruction_rows.h"
#include "annotate/store/response_writer.h"
#include "annotate/store/sql.h"
#include "base/json.h"

#include <limits>

namespace stet::annotate {

namespace {

// What may be answered: nothing that is held out.
const std::string kAskable = std::string(" FROM instructions i WHERE ") + kVisibleInstruction +
    " AND i.in_set NOT IN ('heldout', 'control') AND (:set = '' OR i.in_set = :set) AND NOT EXISTS (SELECT 1 FROM "
    "instructions h WHERE h.in_set = 'heldout' AND h.asked = i.asked)";

// A text once, however many sets it is in.
constexpr const char* kOnce =
    " AND i.id = (SELECT min(o.id) FROM instructions o WHERE o.asked = i.asked AND o.in_set NOT IN ('heldout', "
    "'control') AND (:set = '' OR o.in_set = :set))";

// By this model in one of these ways; r: the response.
constexpr const char* kSoMade = "r.author_kind = 2 AND r.author_round = :round AND r.sampling IN (SELECT value FROM "
                                "json_each(:samplings))";

// Those that `wanted` is about, in their order, each with its key.
std::vector<std::pair<Instruction, std::string>> candidates(SQLite::Database& database, const WantedResponses& wanted)
{
    std::string sql = "SELECT i.external_id, i.instruction, i.input, i.messages, i.asked" + kAskable + kOnce;
    if (wanted.fresh) {
        sql += std::string(" AND NOT EXISTS (SELECT 1 FROM responses r WHERE r.asked = i.asked AND NOT coalesce(") +
            kSoMade + ", 0))";
    }
    SQLite::Statement query(database, sql + " ORDER BY i.id LIMIT :limit");
    query.bind(":set", wanted.set);
    query.bind(":limit", wanted.fresh.value_or(std::numeric_limits<int>::max()));
    if (wanted.fresh) {
        query.bind(":round", wanted.round);
        query.bind(":samplings", Json(wanted.samplings).dump());
    }
    std::vector<std::pair<Instruction, std::string>> list;
    while (query.executeStep()) {
        list.emplace_back(
            Instruction{query.getColumn(0), query.getColumn(1), query.getColumn(2), {}, query.getColumn(3)},
            query.getColumn(4).getString());
    }
    return list;
}

bool isTaken(SQLite::Database& database, const std::string& externalId)
{
    SQLite::Statement query(database, "SELECT 1 FROM responses WHERE external_id = ? LIMIT 1");
    query.bind(1, externalId);
    return query.executeStep();
}

// "a-7", round 2 → "a-7-r2", "a-7-r2-2", …
std::string freeId(SQLite::Database& database, const std::string& instructionId, int round)
{
    const Json id = Json::parse(instructionId, nullptr, false);
    const std::string base = (id.is_string() ? id.get<std::string>() : instructionId) +
        (round == 0 ? "-base" : "-r" + std::to_string(round));
    std::string free = Json(base).dump();
    for (int number = 2; isTaken(database, free); ++number) {
        free = Json(base + "-" + std::to_string(number)).dump();
    }
    return free;
}

// All of them are of one batch, which is published from the beginning.
std::int64_t batchOf(SQLite::Database& database)
{
    SQLite::Statement query(database, "SELECT id FROM batches WHERE name = ? AND published = 1");
    query.bind(1, kGeneratedBatch);
    if (query.executeStep()) {
        return query.getColumn(0).getInt64();
    }
    SQLite::Statement insert(database,
                             "INSERT INTO batches (name, published, at) VALUES (?, 1, " + std::string(kNow) + ")");
    insert.bind(1, kGeneratedBatch);
    insert.exec();
    return database.getLastInsertRowid();
}

}  // namespace

MissingResponses GeneratedResponses::missingResponses(const WantedResponses& wanted) const
{
    return reading(m_project, [&](auto& database) {
        MissingResponses result;
        const auto list = candidates(database, wanted);
        SQLite::Statement made(database,
                               "SELECT 1 FROM responses WHERE asked = ? AND author_kind = 2 AND author_round = ? AND "
                               "sampling = ? LIMIT 1");
        for (std::size_t i = 0; i < wanted.samplings.size(); ++i) {
            for (const auto& [instruction, asked] : list) {
                made.reset();
                made.bind(1, asked);
                made.bind(2, wanted.round);
                made.bind(3, wanted.samplings[i]);
                if (made.executeStep()) {
                    ++result.there;
                } else {
                    result.missing.push_back({instruction, i});
                }
            }
        }
        return result;
    });
}

int GeneratedResponses::freshInstructions(const std::string& set) const
{
    return reading(m_project, [&](auto& database) {
        SQLite::Statement query(database,
                                "SELECT count(DISTINCT i.asked)" + kAskable +
                                    " AND NOT EXISTS (SELECT 1 FROM responses r WHERE r.asked = i.asked)");
        query.bind(":set", set);
        query.executeStep();
        return query.getColumn(0).getInt();
    });
}

ResponseId GeneratedResponses::addGenerated(NewResponse response)
{
    return writing(m_project, [&](auto& database) {
        response.externalId = freeId(database, response.externalId, response.author.round.value_or(0));
        return ResponseWriter(database, batchOf(database)).add(response);
    });
}

bool GeneratedResponses::addDraftedJudgment(ResponseId id, const std::string& judgment, const Author& author)
{
    return writing(m_project, [&](auto& database) {
        SQLite::Statement update(database,
                                 "UPDATE responses SET hint = ?, (" + authorColumns("hint_author") +
                                     ") = (?, ?, ?, ?) WHERE id = ? AND verdict = 0 AND hint = '' AND "
                                     "hint_author_kind = 0");
        update.bind(1, judgment);
        bindAuthor(update, 2, author);
        update.bind(2 + kAuthorColumns, id.value);
        return update.exec() > 0;
    });
}

}  // namespace stet::annotate
