// What imports bring in: rows of a batch are invisible until it is published; cancelling deletes them.
#pragma once

#include "annotate/judgment/types.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace stet::annotate {

class ProjectFolder;

struct NewResponse {
    std::string externalId;  // as JSON text
    std::string instruction;
    std::string input;
    std::string messages;  // a conversation that ends with the user's instruction, as JSON text; empty: none
    std::string output;
    bool hasOutput = true;  // false: only a demonstration or a revision to learn from
    bool stoppedByLength = false;
    Verdict verdict = Verdict::Open;
    std::string judgment;
    std::optional<std::string> revision;
    std::optional<std::string> demonstration;
    std::string set;  // "control" or empty
    std::vector<Mark> marks;
    std::string hint;
    std::string sampling;  // how a generated output was made, as a JSON object; empty: not known
    Author author;         // of the output
    Author judgedBy;
    Author revisedBy;
    Author demonstratedBy;
    Author markedBy;
    Author hintedBy;
    // Fields of the file that have no column, as a JSON object as it was written, so that an export equals the import.
    std::string extra = "{}";
};

// Of first data a tenth of what was asked, at least 20 and at most 200, and nothing of fewer than 40.
enum class HeldOutShare { Nothing, ATenth };

// The batch of what the project's own models answered, which is no import.
constexpr const char* kGeneratedBatch = "generated";

// An import that came in.
struct ImportBatch {
    std::int64_t id = 0;
    std::string name;  // the file's
    std::string at;    // ISO 8601 UTC
    int responses = 0;
    int instructions = 0;
};

class ImportBatches {
public:
    explicit ImportBatches(ProjectFolder& project) : m_project(project) { }

    std::int64_t beginBatch(const std::string& name);
    void addResponses(std::int64_t batch, const std::vector<NewResponse>& responses);
    // heldOut: the share of what was asked in it that is held out in the same transaction. How many were.
    int publishBatch(std::int64_t batch, HeldOutShare heldOut = HeldOutShare::Nothing);
    void cancelBatch(std::int64_t batch);

    std::vector<ImportBatch> batches() const;                        // that still hold something, the newest first
    std::vector<std::string> externalIds(std::int64_t batch) const;  // of its responses
    // Takes a published one away again. What was judged, marked, drafted or bookmarked since stays, in a batch of its
    // own: how many did.
    int takeBack(std::int64_t batch);

protected:
    void cancelUnpublished();  // what an import left that was killed: nobody has seen it

private:
    ProjectFolder& m_project;
};

// The hash that is stored beside a response's texts and that the check compares. messages count where there are any.
std::string textsHash(const std::string& instruction, const std::string& input, const std::string& output,
                      const std::string& messages);

}  // namespace stet::annotate
