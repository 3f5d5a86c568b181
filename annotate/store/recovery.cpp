#include "annotate/store/recovery.h"

#include "annotate/store/author_columns.h"
#include "annotate/store/schema.h"
#include "annotate/store/schema_revision_2.h"
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

// What an older revision lacks, as what a new response has there.
std::string responseColumns(int revision)
{
    const std::string since1 = "id, external_id, instruction, input, output, stopped_by_length, hint, extra, sha256, "
                               "verdict, judgment, marks, trashed, batch, ";
    const std::string since2 = revision < 2 ? "'', 1, '', NULL, NULL, NULL, '', '', NULL, NULL, '', '', NULL"
                                            : "messages, has_output, in_set, revision, demonstration, " +
            authorColumns("author") + ", " + authorColumns("marks_author");
    const std::string since5 = revision < 5 ? "0, '', '', NULL" : authorColumns("hint_author");
    return since1 + since2 + (revision < 3 ? ", ''" : ", sampling") + ", " + since5;
}

struct Written {
    std::string text;
    Author author;
};

std::map<std::int64_t, Written> readWritten(SQLite::Database& database, const std::string& table, int revision,
                                            bool& whole)
{
    std::map<std::int64_t, Written> texts;
    const std::string author =
        revision < 2 ? "CASE author WHEN 'you' THEN 1 ELSE 0 END, '', '', NULL" : authorColumns("author");
    whole &= TableReader(database, table, "seq, text, " + author).each([&](Row& row) {
        texts[row.getColumn(0).getInt64()] = {row.getColumn(1).getString(), authorFrom(row, 2)};
    });
    return texts;
}

NewResponse responseFrom(Row& row)
{
    NewResponse r;
    r.externalId = row.getColumn(1).getString();
    r.instruction = row.getColumn(2).getString();
    r.input = row.getColumn(3).getString();
    r.output = row.getColumn(4).getString();
    r.stoppedByLength = row.getColumn(5).getInt() != 0;
    r.hint = row.getColumn(6).getString();
    r.extra = isObject(row.getColumn(7).getString()) ? row.getColumn(7).getString() : "{}";
    r.verdict = static_cast<Verdict>(std::clamp(row.getColumn(9).getInt(), 0, 3));
    r.marks = marksOf(row.getColumn(11).getString());
    r.messages = row.getColumn(14).getString();
    r.hasOutput = row.getColumn(15).getInt() != 0;
    r.set = row.getColumn(16).getString();
    r.author = authorFrom(row, 19);
    r.markedBy = authorFrom(row, 19 + kAuthorColumns);
    r.sampling = row.getColumn(19 + 2 * kAuthorColumns).getString();
    r.hintedBy = authorFrom(row, 20 + 2 * kAuthorColumns);
    return r;
}

using Texts = std::map<std::int64_t, Written>;

void addJudgment(NewResponse& r, std::int64_t key, const Texts& judgments, Recovered& recovered)
{
    const auto judgment = judgments.find(key);
    if (judgment != judgments.end()) {
        r.judgment = judgment->second.text;
        r.judgedBy = judgment->second.author;
    } else if (r.verdict == Verdict::Criticised) {
        r.verdict = Verdict::Open;
        recovered.unjudged.push_back(r.externalId);
    }
}

void addBetterAnswer(std::optional<std::string>& text, Author& author, std::int64_t key, const Texts& answers)
{
    if (const auto answer = answers.find(key); answer != answers.end()) {
        text = answer->second.text;
        author = answer->second.author;
    }
}

void readTexts(SQLite::Database& database, Recovered& recovered)
{
    const int revision = database.execAndGet("PRAGMA user_version").getInt();
    const auto unpublished = unpublishedBatches(database);
    const Texts judgments = readWritten(database, "judgments", revision, recovered.whole);
    const Texts answers = revision < 2 ? Texts() : readWritten(database, "better_answers", revision, recovered.whole);
    std::map<std::int64_t, NewResponse> responses;  // by key: the passes come from both ends
    recovered.whole &= TableReader(database, "responses", responseColumns(revision)).each([&](Row& row) {
        NewResponse r = responseFrom(row);
        if (row.getColumn(12).getInt() != 0 || unpublished.count(row.getColumn(13).getInt64()) > 0 ||
            !Json::accept(r.externalId) || responses.contains(row.getColumn(0).getInt64())) {
            return;
        }
        if (textsHash(r.instruction, r.input, r.output, r.messages) != row.getColumn(8).getString()) {
            recovered.changed.push_back(r.externalId);
        }
        if (revision < 2) {
            takeMeantFields(r);
        }
        addJudgment(r, row.getColumn(10).getInt64(), judgments, recovered);
        addBetterAnswer(r.revision, r.revisedBy, row.getColumn(17).getInt64(), answers);
        addBetterAnswer(r.demonstration, r.demonstratedBy, row.getColumn(18).getInt64(), answers);
        responses.emplace(row.getColumn(0).getInt64(), std::move(r));
    });
    const auto readDrafts = [&](const char* table, std::vector<std::pair<std::string, std::string>>& drafts) {
        recovered.whole &= TableReader(database, table, "response, text").each([&](Row& row) {
            const auto response = responses.find(row.getColumn(0).getInt64());
            if (response != responses.end()) {
                drafts.emplace_back(response->second.externalId, row.getColumn(1).getString());
            }
        });
    };
    readDrafts("drafts", recovered.drafts);
    if (revision >= 4) {
        readDrafts("revision_drafts", recovered.revisionDrafts);
    }
    for (auto& [key, response] : responses) {
        recovered.responses.push_back(std::move(response));
    }
}

void readRest(SQLite::Database& database, Recovered& recovered)
{
    recovered.whole &= TableReader(database, "settings", "rowid, key, value").each([&](Row& row) {
        recovered.settings[row.getColumn(1).getString()] = row.getColumn(2).getString();
    });
    std::map<std::int64_t, std::pair<std::string, Instruction>> all;
    const bool old = database.execAndGet("PRAGMA user_version").getInt() < 3;
    const auto unpublished = unpublishedBatches(database);
    const std::string columns =
        std::string("id, in_set, external_id, instruction, input, output, ") + (old ? "'', NULL" : "messages, batch");
    recovered.whole &= TableReader(database, "instructions", columns).each([&](Row& row) {
        if (unpublished.count(row.getColumn(7).getInt64()) == 0) {
            all[row.getColumn(0).getInt64()] = {row.getColumn(1).getString(),
                                                {row.getColumn(2).getString(), row.getColumn(3).getString(),
                                                 row.getColumn(4).getString(), row.getColumn(5).getString(),
                                                 row.getColumn(6).getString()}};
        }
    });
    for (auto& [key, one] : all) {
        recovered.instructions[one.first].push_back(std::move(one.second));
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
std::optional<Recovered> readFrom(const std::string& path)
{
    try {
        SQLite::Database database(path, SQLite::OPEN_READONLY, 2000);
        // Without it SQLite refuses a file that is shorter than its header says.
        database.exec("PRAGMA writable_schema = ON; PRAGMA trusted_schema = OFF; PRAGMA mmap_size = 0;");
        if (database.execAndGet("PRAGMA application_id").getInt() != kApplicationId) {
            return std::nullopt;
        }
        Recovered recovered;
        recovered.source = path;
        readTexts(database, recovered);
        readRest(database, recovered);
        return recovered;
    } catch (const SQLite::Exception&) {
        return std::nullopt;
    }
}

}  // namespace

Recovered readWhatIsLeft(const std::string& folder)
{
    if (!fs::exists(folder + "/project.db")) {
        throw badInput(folder + " is not a Stet project: it has no project.db; check the path");
    }
    std::optional<Recovered> best;
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
