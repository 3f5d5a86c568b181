// A project folder NAME.stet/: project.db, rounds/NNNN/, backups/, lock. The one connection to the database; the only
// SQL of the program is in annotate/store.
//
// Used on one thread at a time (StoreThread's in the window, main's in commands). Texts are append-only revisions,
// deleting is a tombstone, every deed is one transaction, durable when the call returns (WAL, synchronous=FULL).
// Failures are Failure(BadInput) with the folder's name and the next step; after one the project is as before the call.
#pragma once

#include "annotate/judgment/types.h"
#include "base/json.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace SQLite {
class Database;
}

namespace stet::annotate {

struct NewResponse {
    std::string externalId;  // as JSON text
    std::string instruction;
    std::string input;
    std::string output;
    bool stoppedByLength = false;
    Verdict verdict = Verdict::Open;
    std::string judgment;
    std::string judgedBy = "import";  // shown beside the verdict
    std::vector<Mark> marks;
    std::string hint;
    std::string extra =
        "{}";  // fields of the file that have no column, as a JSON object, so that an export equals the import
};

struct QueuePage {
    std::vector<ResponseSummary> rows;
    bool more = false;
};

struct Instruction {
    std::string externalId;
    std::string instruction;
    std::string input;
    std::string output;  // control set: the answer that should not move; else empty
};

struct AnnotatorProgress {
    int judged = 0;
    double perHour = -1;  // −1: too early to say
};

class Project {
public:
    static std::unique_ptr<Project> create(const std::string& folder, const std::string& modelFolder);
    // Read-write when nobody else has it; read-only (see readOnly) when another process does, or when the file is newer
    // than this program.
    static std::unique_ptr<Project> open(const std::string& folder);
    ~Project();

    const std::string& folder() const { return m_folder; }
    bool readOnly() const { return m_readOnly; }
    const std::string& readOnlyReason() const { return m_readOnlyReason; }

    // --- settings: model, prompt_style, lambda, contrast, preset, round (JSON object for round.json), guidelines,
    // title …
    std::string setting(const std::string& key, const std::string& fallback = {}) const;
    void setSetting(const std::string& key, const std::string& value);

    // --- imports: rows of a batch are invisible until it is published; cancelling deletes them.
    std::int64_t beginBatch(const std::string& name);
    void addResponses(std::int64_t batch, const std::vector<NewResponse>& responses);
    void publishBatch(std::int64_t batch);
    void cancelBatch(std::int64_t batch);
    void addInstructions(const std::string& set, const std::vector<Instruction>& instructions);  // "heldout", "control"
    std::vector<Instruction> instructions(const std::string& set) const;

    // --- queue. Substring search over instruction, response and judgment. `after`: rows with a larger id.
    QueuePage page(QueueFilter filter, const std::string& search, ResponseId after, int limit) const;
    QueueCounts counts() const;
    std::optional<ResponseItem> item(ResponseId id) const;
    ResponseSummary summary(ResponseId id) const;
    std::optional<ResponseId> neighbour(ResponseId from, bool forward, QueueFilter filter,
                                        const std::string& search) const;
    std::optional<ResponseId> firstOpen() const;
    int position(ResponseId id) const;  // from 1, among all that are not in the trash
    std::optional<ResponseId> findExternal(const std::string& externalId) const;
    std::vector<ResponseId> ids(QueueFilter filter) const;
    std::string extraOf(ResponseId id) const;
    std::vector<std::string> otherJudgments(ResponseId except, int count) const;
    AnnotatorProgress progress() const;

    // --- deeds
    void saveDraft(ResponseId id, const std::string& text);  // equal to the submitted text: the draft is removed
    void submit(ResponseId id, Verdict verdict, const std::string& judgment);
    void setMarks(ResponseId id, const std::vector<Mark>& marks);
    void setFlagged(ResponseId id, bool flagged);
    void setTrashed(ResponseId id, bool trashed);
    // Undo lasts over a restart. The response the deed belonged to, or nullopt when there is nothing.
    std::optional<ResponseId> undo();
    std::optional<ResponseId> redo();

    // --- rounds
    std::vector<RoundRecord> rounds() const;
    int addRound(int parent, const std::string& preset);  // Prepared; makes rounds/NNNN/
    void updateRound(const RoundRecord& round);
    int currentRound() const;  // 0: the base model
    void adopt(int round);
    std::string roundFolder(int number) const;
    std::string adapterFolder(int number) const;  // empty for 0
    // Writes round.json and examples.jsonl of a round from settings and judgments so far.
    void writeRoundInput(int number) const;
    // The same into any folder, for a preview.
    void writeInput(const std::string& folder, const std::string& preset, int parent) const;
    void writeExamples(const std::string& path) const;
    void writeCompareInput(const std::string& path) const;  // held-out, criticised and accepted (some), control
    void setChoice(int round, const std::string& item, const std::string& preference);
    std::vector<std::pair<std::string, std::string>> choices(int round) const;

    // --- safety
    std::string backup();                    // path of the copy, verified; thins old ones
    std::vector<std::string> check() const;  // sentences; empty = all is well

private:
    struct Deed;

    Project(std::string folder, bool readOnly);
    void openDatabase(bool create);
    void migrate();
    void takeLock();
    void removeUnpublished();
    void requireWritable() const;
    void record(const std::string& kind, ResponseId id, const std::string& before, const std::string& after);
    void apply(const std::string& kind, ResponseId id, const std::string& value);
    void applyVerdict(ResponseId id, Verdict verdict, const std::string& judgment, const std::string& author);
    std::string stateOf(const std::string& kind, ResponseId id) const;
    std::optional<ResponseId> step(bool undo);

    std::string m_folder;
    std::unique_ptr<SQLite::Database> m_database;
    int m_lock = -1;
    bool m_readOnly = false;
    std::string m_readOnlyReason;
};

std::string marksToJson(const std::vector<Mark>& marks);
std::vector<Mark> marksFromJson(const std::string& json);
std::string verdictName(Verdict verdict);

}  // namespace stet::annotate
