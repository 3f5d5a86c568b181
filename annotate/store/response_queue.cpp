// Searching scans ranges of ids: a trigram index misses two-character Chinese words.
#include "annotate/store/response_queue.h"

#include "annotate/store/response_rows.h"
#include "annotate/store/settings.h"
#include "annotate/store/sql.h"

namespace stet::annotate {

namespace {

constexpr const char* kVisible = "b.published = 1";
constexpr const char* kDrafted = "r.verdict = 0 AND r.hint_author_kind = 2";
constexpr const char* kHasDraft = "(d.response IS NOT NULL OR w.response IS NOT NULL)";
// "+": by key, in their order. The index begins with `trashed`, and SQLite would sort all that is left for each piece.
std::string filterSql(QueueFilter filter)
{
    switch (filter) {
    case QueueFilter::All:
        return "+r.trashed = 0";
    case QueueFilter::Open:
        return "r.trashed = 0 AND r.verdict = 0";
    case QueueFilter::Draft:
        return std::string("+r.trashed = 0 AND ") + kHasDraft;
    case QueueFilter::Drafted:
        return std::string("r.trashed = 0 AND ") + kDrafted;
    case QueueFilter::Accepted:
        return "r.trashed = 0 AND r.verdict = 1";
    case QueueFilter::Criticised:
        return "r.trashed = 0 AND r.verdict = 2";
    case QueueFilter::Skipped:
        return "r.trashed = 0 AND r.verdict = 3";
    case QueueFilter::Bookmarked:
        return "+r.trashed = 0 AND r.flagged = 1";
    case QueueFilter::Trash:
        return "r.trashed = 1";
    }
    return "1";
}

// instr() has no wildcards, so that % and _ in a search are text. Lower case of ASCII is ignored.
std::string searchSql(const std::string& search)
{
    return search.empty() ? "1"
                          : "(instr(lower(r.instruction), lower(:search)) OR instr(lower(r.output), lower(:search)) OR "
                            "instr(lower(coalesce(d.text, j.text, '')), lower(:search)))";
}

void bindSearch(SQLite::Statement& query, const std::string& search)
{
    if (!search.empty()) {
        query.bind(":search", search);
    }
}

ResponseSummary summaryFrom(SQLite::Statement& query)
{
    ResponseSummary row;
    row.id = {query.getColumn(0).getInt64()};
    row.instruction = query.getColumn(1).getString();
    row.instruction.resize(std::min(row.instruction.size(), row.instruction.find('\n')));
    row.verdict = static_cast<Verdict>(query.getColumn(2).getInt());
    row.hasDraft = query.getColumn(3).getInt() != 0;
    row.bookmarked = query.getColumn(4).getInt() != 0;
    return row;
}

// What is compared by is not learned from.
constexpr const char* kNotHeldOut =
    " AND NOT EXISTS (SELECT 1 FROM instructions h WHERE h.in_set = 'heldout' AND h.asked = r.asked)";

constexpr const char* kUnjudgedWithBetterAnswer =
    "r.trashed = 0 AND r.verdict = 0 AND (r.revision IS NOT NULL OR r.demonstration IS NOT NULL)";

std::string summaryColumns()
{
    return std::string("SELECT r.id, r.instruction, r.verdict, ") + kHasDraft + ", r.flagged";
}

}  // namespace

QueuePage ResponseQueue::page(QueueFilter filter, const std::string& search, ResponseId after, int limit) const
{
    return reading(m_project, [&](auto& database) {
        QueuePage page;
        SQLite::Statement query(database,
                                summaryColumns() + kFromResponses + "WHERE " + kVisible + " AND r.id > :after AND " +
                                    filterSql(filter) + " AND " + searchSql(search) + " ORDER BY r.id LIMIT :limit");
        query.bind(":after", static_cast<std::int64_t>(after.value));
        query.bind(":limit", limit + 1);
        bindSearch(query, search);
        while (query.executeStep()) {
            page.rows.push_back(summaryFrom(query));
        }
        page.more = static_cast<int>(page.rows.size()) > limit;
        page.rows.resize(std::min<std::size_t>(page.rows.size(), static_cast<std::size_t>(limit)));
        return page;
    });
}

ResponseSummary ResponseQueue::summary(ResponseId id) const
{
    return reading(m_project, [&](auto& database) {
        SQLite::Statement query(database, summaryColumns() + kFromResponses + "WHERE r.id = ?");
        query.bind(1, id.value);
        return query.executeStep() ? summaryFrom(query) : ResponseSummary{id, {}, Verdict::Open, false, false};
    });
}

QueueCounts ResponseQueue::counts() const
{
    return reading(m_project, [&](auto& database) {
        QueueCounts counts;
        SQLite::Statement query(
            database,
            std::string("SELECT sum(r.trashed = 0 AND r.verdict = 0), sum(r.trashed = 0 AND ") + kHasDraft +
                "), sum(r.trashed = 0 AND " + kDrafted +
                "), sum(r.trashed = 0 AND r.verdict = 1), sum(r.trashed = 0 AND r.verdict = 2), "
                "sum(r.trashed = 0 AND r.verdict = 3), sum(r.trashed = 0 AND r.flagged), sum(r.trashed), "
                "sum(r.trashed = 0)" +
                kFromResponses + "WHERE " + kVisible);
        query.executeStep();
        int* const fields[] = {&counts.open,       &counts.draft,      &counts.drafted,
                               &counts.accepted,   &counts.criticised, &counts.skipped,
                               &counts.bookmarked, &counts.trash,      &counts.total};
        int column = 0;
        for (int* field : fields) {
            *field = query.getColumn(column).isNull() ? 0 : query.getColumn(column).getInt();
            ++column;
        }
        return counts;
    });
}

std::optional<ResponseItem> ResponseQueue::item(ResponseId id) const
{
    return reading(m_project, [&](auto& database) -> std::optional<ResponseItem> {
        SQLite::Statement query(database, selectResponseItems() + "WHERE r.id = ?");
        query.bind(1, id.value);
        return query.executeStep() ? std::optional(responseItemFrom(query)) : std::nullopt;
    });
}

std::vector<ResponseItem> ResponseQueue::items(QueueFilter filter, ResponseId after, int limit) const
{
    return itemsWhere(filterSql(filter), after, limit);
}

std::vector<ResponseItem> ResponseQueue::toLearnFrom(QueueFilter filter, ResponseId after, int limit) const
{
    return itemsWhere(filterSql(filter) + kNotHeldOut, after, limit);
}

std::vector<ResponseItem> ResponseQueue::unjudgedWithBetterAnswer(ResponseId after, int limit) const
{
    return itemsWhere(std::string(kUnjudgedWithBetterAnswer) + kNotHeldOut, after, limit);
}

int ResponseQueue::judgedHeldOut() const
{
    return reading(m_project, [&](auto& database) {
        SQLite::Statement query(
            database,
            std::string("SELECT count(*) FROM responses r JOIN batches b ON b.id = r.batch WHERE ") + kVisible +
                " AND r.trashed = 0 AND r.verdict IN (1, 2) AND r.asked IN (SELECT asked FROM instructions WHERE "
                "in_set "
                "= 'heldout')");
        query.executeStep();
        return query.getColumn(0).getInt();
    });
}

bool ResponseQueue::hasUnjudgedWithBetterAnswer() const
{
    return !unjudgedWithBetterAnswer({0}, 1).empty();
}

std::vector<ResponseItem> ResponseQueue::itemsWhere(const std::string& condition, ResponseId after, int limit) const
{
    return reading(m_project, [&](auto& database) {
        std::vector<ResponseItem> list;
        SQLite::Statement query(database,
                                selectResponseItems() + "WHERE " + kVisible + " AND r.id > ? AND " + condition +
                                    " ORDER BY r.id LIMIT ?");
        query.bind(1, after.value);
        query.bind(2, limit);
        while (query.executeStep()) {
            list.push_back(responseItemFrom(query));
        }
        return list;
    });
}

std::optional<ResponseId> ResponseQueue::neighbour(ResponseId from, bool forward, QueueFilter filter,
                                                   const std::string& search) const
{
    return reading(m_project, [&](auto& database) -> std::optional<ResponseId> {
        SQLite::Statement query(database,
                                std::string("SELECT r.id") + kFromResponses + "WHERE " + kVisible + " AND r.id " +
                                    (forward ? ">" : "<") + " :from AND " + filterSql(filter) + " AND " +
                                    searchSql(search) + " ORDER BY r.id " + (forward ? "ASC" : "DESC") + " LIMIT 1");
        query.bind(":from", from.value);
        bindSearch(query, search);
        return query.executeStep() ? std::optional(ResponseId{query.getColumn(0).getInt64()}) : std::nullopt;
    });
}

std::optional<ResponseId> ResponseQueue::firstOpen() const
{
    return neighbour({0}, true, QueueFilter::Open, {});
}

int ResponseQueue::position(ResponseId id) const
{
    return reading(m_project, [&](auto& database) {
        SQLite::Statement query(
            database,
            std::string("SELECT count(*) FROM responses r JOIN batches b ON b.id = r.batch WHERE ") + kVisible +
                " AND r.trashed = 0 AND r.id <= ?");
        query.bind(1, id.value);
        query.executeStep();
        return query.getColumn(0).getInt();
    });
}

std::optional<ResponseId> ResponseQueue::findExternal(const std::string& externalId) const
{
    return reading(m_project, [&](auto& database) -> std::optional<ResponseId> {
        SQLite::Statement query(database,
                                std::string("SELECT r.id") + kFromResponses + "WHERE " + kVisible +
                                    " AND r.external_id = ? ORDER BY r.id LIMIT 1");
        query.bind(1, externalId);
        return query.executeStep() ? std::optional(ResponseId{query.getColumn(0).getInt64()}) : std::nullopt;
    });
}

int ResponseQueue::countExternal(const std::string& externalId) const
{
    return reading(m_project, [&](auto& database) {
        SQLite::Statement query(
            database, std::string("SELECT count(*)") + kFromResponses + "WHERE " + kVisible + " AND r.external_id = ?");
        query.bind(1, externalId);
        query.executeStep();
        return query.getColumn(0).getInt();
    });
}

std::vector<ResponseId> ResponseQueue::ids(QueueFilter filter) const
{
    return reading(m_project, [&](auto& database) {
        std::vector<ResponseId> all;
        SQLite::Statement query(database,
                                std::string("SELECT r.id") + kFromResponses + "WHERE " + kVisible + " AND " +
                                    filterSql(filter) + " ORDER BY r.id");
        while (query.executeStep()) {
            all.push_back({query.getColumn(0).getInt64()});
        }
        return all;
    });
}

std::vector<ResponseId> ResponseQueue::undrafted(QueueFilter filter, ResponseId after, int limit) const
{
    return reading(m_project, [&](auto& database) {
        std::vector<ResponseId> list;
        SQLite::Statement query(database,
                                std::string("SELECT r.id") + kFromResponses + "WHERE " + kVisible +
                                    " AND r.id > ? AND " + filterSql(filter) +
                                    " AND r.verdict = 0 AND r.has_output = 1 AND r.hint = '' AND " +
                                    "r.hint_author_kind = 0 ORDER BY r.id LIMIT ?");
        query.bind(1, after.value);
        query.bind(2, limit);
        while (query.executeStep()) {
            list.push_back({query.getColumn(0).getInt64()});
        }
        return list;
    });
}

std::vector<std::pair<ResponseId, std::string>> ResponseQueue::criticised() const
{
    return reading(m_project, [&](auto& database) {
        std::vector<std::pair<ResponseId, std::string>> all;
        SQLite::Statement query(database,
                                std::string("SELECT r.id, coalesce(j.text, '')") + kFromResponses + "WHERE " +
                                    kVisible + " AND r.has_output = 1 AND " + filterSql(QueueFilter::Criticised) +
                                    kNotHeldOut + " ORDER BY r.id");
        while (query.executeStep()) {
            all.emplace_back(ResponseId{query.getColumn(0).getInt64()}, query.getColumn(1).getString());
        }
        return all;
    });
}

AnnotatorProgress ResponseQueue::progress() const
{
    const Author annotator = ownPerson(m_settings.setting("annotator"));
    return reading(m_project, [&](auto& database) {
        AnnotatorProgress progress;
        // A draft that was taken as it is has the model as its author, and was judged here nevertheless.
        SQLite::Statement judged(database,
                                 "SELECT count(*) FROM responses r JOIN judgments j ON j.seq = r.judgment WHERE "
                                 "r.trashed = 0 AND j.verdict IN (1, 2) AND ((j.author_kind = ? AND j.author = ?) OR "
                                 "(j.author_kind = 2 AND r.id IN (SELECT response FROM edits WHERE kind = 'verdict' "
                                 "AND undone = 0)))");
        SQLite::Statement recent(database,
                                 "SELECT count(*), (julianday('now') - julianday(min(at))) * 24 FROM judgments WHERE "
                                 "author_kind = ? AND author = ? AND julianday('now') - julianday(at) < 1.0 / 24");
        for (SQLite::Statement* query : {&judged, &recent}) {
            query->bind(1, static_cast<int>(annotator.kind));
            query->bind(2, annotator.name);
            query->executeStep();
        }
        progress.judged = judged.getColumn(0).getInt();
        const double hours = recent.getColumn(1).isNull() ? 0 : recent.getColumn(1).getDouble();
        if (recent.getColumn(0).getInt() >= 3 && hours > 0.02) {
            progress.perHour = recent.getColumn(0).getInt() / hours;
        }
        return progress;
    });
}

}  // namespace stet::annotate
