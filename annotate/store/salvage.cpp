#include "annotate/store/salvage.h"

#include "annotate/store/schema.h"
#include "annotate/store/sql.h"
#include "base/json.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <optional>
#include <set>

namespace stet::annotate {

namespace fs = std::filesystem;

namespace {

using Row = SQLite::Statement;
using UseRow = std::function<void(Row&)>;

// Keys that are asked for one by one past the first damaged page when no end is known.
constexpr std::int64_t kBlindKeys = 50'000;

// A table's rows by their integer key, with a damaged page in the way: forwards to it, backwards to it, and key by key
// between, because each key has a way of its own through the tree.
class TableReader {
public:
    TableReader(SQLite::Database& database, std::string table, std::string columns)
        : m_database(database), m_table(std::move(table)), m_columns(std::move(columns))
    {
    }

    // Column 0 is the key. False when something could not be read.
    bool each(const UseRow& use)
    {
        std::int64_t first = 0;
        std::int64_t end = std::numeric_limits<std::int64_t>::max();
        if (pass("ASC", first, use)) {
            return true;
        }
        pass("DESC", end, use);
        end = std::min(end, first + kBlindKeys);
        for (std::int64_t key = first + 1; key < end; ++key) {
            one(key, use);
        }
        return false;
    }

private:
    std::string select() const { return "SELECT " + m_columns + " FROM " + m_table + " NOT INDEXED "; }

    bool pass(const char* order, std::int64_t& last, const UseRow& use)
    {
        try {
            Row rows(m_database, select() + "ORDER BY 1 " + order);
            while (rows.executeStep()) {
                last = rows.getColumn(0).getInt64();
                use(rows);
            }
            return true;
        } catch (const SQLite::Exception&) {
            return false;
        }
    }

    void one(std::int64_t key, const UseRow& use)
    {
        try {
            Row row(m_database, select() + "WHERE rowid = ?");
            row.bind(1, key);
            if (row.executeStep()) {
                use(row);
            }
        } catch (const SQLite::Exception&) {
            return;  // this one is lost
        }
    }

    SQLite::Database& m_database;
    std::string m_table;
    std::string m_columns;
};

std::vector<Mark> marksOf(const std::string& json)
{
    try {
        return contract::marksFromText(json, "marks");
    } catch (const std::exception&) {
        return {};
    }
}

bool isObject(const std::string& json)
{
    return Json::parse(json, nullptr, false).is_object();
}

// Of imports that were killed: nobody has seen their rows.
std::set<std::int64_t> unpublishedBatches(SQLite::Database& database)
{
    std::set<std::int64_t> unpublished;
    TableReader(database, "batches", "id, published").each([&](Row& row) {
        if (row.getColumn(1).getInt() == 0) {
            unpublished.insert(row.getColumn(0).getInt64());
        }
    });
    return unpublished;
}

void readTexts(SQLite::Database& database, Salvaged& salvaged)
{
    const auto unpublished = unpublishedBatches(database);
    std::map<std::int64_t, std::string> judgments;
    salvaged.whole &= TableReader(database, "judgments", "seq, text").each([&](Row& row) {
        judgments[row.getColumn(0).getInt64()] = row.getColumn(1).getString();
    });
    std::map<std::int64_t, NewResponse> responses;  // by key: the passes come from both ends
    const char* columns = "id, external_id, instruction, input, output, stopped_by_length, hint, extra, sha256, "
                          "verdict, judgment, marks, trashed, batch";
    salvaged.whole &= TableReader(database, "responses", columns).each([&](Row& row) {
        NewResponse r;
        r.externalId = row.getColumn(1).getString();
        r.instruction = row.getColumn(2).getString();
        r.input = row.getColumn(3).getString();
        r.output = row.getColumn(4).getString();
        r.stoppedByLength = row.getColumn(5).getInt() != 0;
        r.hint = row.getColumn(6).getString();
        r.extra = isObject(row.getColumn(7).getString()) ? row.getColumn(7).getString() : "{}";
        r.verdict = static_cast<Verdict>(std::clamp(row.getColumn(9).getInt(), 0, 3));
        r.judgedBy = "recovered";
        r.marks = marksOf(row.getColumn(11).getString());
        if (row.getColumn(12).getInt() != 0 || unpublished.count(row.getColumn(13).getInt64()) > 0 ||
            !Json::accept(r.externalId) || !responses.emplace(row.getColumn(0).getInt64(), r).second) {
            return;
        }
        if (textsHash(r.instruction, r.input, r.output) != row.getColumn(8).getString()) {
            salvaged.changed.push_back(r.externalId);
        }
        const auto judgment = judgments.find(row.getColumn(10).getInt64());
        if (judgment != judgments.end()) {
            responses[row.getColumn(0).getInt64()].judgment = judgment->second;
        } else if (r.verdict == Verdict::Criticised) {
            responses[row.getColumn(0).getInt64()].verdict = Verdict::Open;
            salvaged.unjudged.push_back(r.externalId);
        }
    });
    salvaged.whole &= TableReader(database, "drafts", "response, text").each([&](Row& row) {
        const auto response = responses.find(row.getColumn(0).getInt64());
        if (response != responses.end()) {
            salvaged.drafts.emplace_back(response->second.externalId, row.getColumn(1).getString());
        }
    });
    for (auto& [key, response] : responses) {
        salvaged.responses.push_back(std::move(response));
    }
}

void readRest(SQLite::Database& database, Salvaged& salvaged)
{
    salvaged.whole &= TableReader(database, "settings", "rowid, key, value").each([&](Row& row) {
        salvaged.settings[row.getColumn(1).getString()] = row.getColumn(2).getString();
    });
    std::map<std::int64_t, std::pair<std::string, Instruction>> all;
    const char* columns = "id, in_set, external_id, instruction, input, output";
    salvaged.whole &= TableReader(database, "instructions", columns).each([&](Row& row) {
        all[row.getColumn(0).getInt64()] = {row.getColumn(1).getString(),
                                            {row.getColumn(2).getString(), row.getColumn(3).getString(),
                                             row.getColumn(4).getString(), row.getColumn(5).getString()}};
    });
    for (auto& [key, one] : all) {
        salvaged.instructions[one.first].push_back(std::move(one.second));
    }
}

// project.db first, then the backups, newest first.
std::vector<std::string> sources(const std::string& folder)
{
    std::vector<std::string> backups;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder + "/backups", ignored)) {
        if (entry.path().extension() == ".db") {
            backups.push_back(entry.path().string());
        }
    }
    std::sort(backups.rbegin(), backups.rend());
    backups.insert(backups.begin(), folder + "/project.db");
    return backups;
}

// Nothing when not even its tables are known.
std::optional<Salvaged> readFrom(const std::string& path)
{
    try {
        SQLite::Database database(path, SQLite::OPEN_READONLY, 2000);
        // Without it SQLite refuses a file that is shorter than its header says.
        database.exec("PRAGMA writable_schema = ON; PRAGMA trusted_schema = OFF; PRAGMA mmap_size = 0;");
        if (database.execAndGet("PRAGMA application_id").getInt() != kApplicationId) {
            return std::nullopt;
        }
        Salvaged salvaged;
        salvaged.source = path;
        readTexts(database, salvaged);
        readRest(database, salvaged);
        return salvaged;
    } catch (const SQLite::Exception&) {
        return std::nullopt;
    }
}

}  // namespace

Salvaged salvage(const std::string& folder)
{
    if (!fs::exists(folder + "/project.db")) {
        throw badInput(folder + " is not a Stet project: it has no project.db; check the path");
    }
    std::optional<Salvaged> best;
    for (const auto& path : sources(folder)) {
        auto one = readFrom(path);
        if (one && !one->settings["model"].empty() && (one->whole || !one->responses.empty())) {
            return std::move(*one);
        }
        best = best ? std::move(best) : std::move(one);
    }
    if (!best) {
        throw badInput("Nothing of " + folder +
                       " can be read: neither project.db nor a copy in its backups is one of Stet's");
    }
    return std::move(*best);
}

}  // namespace stet::annotate
