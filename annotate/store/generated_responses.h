// What models wrote for the project: responses to its instructions, which are still to be written and those that come;
// and judgments that they drafted.
#pragma once

#include "annotate/store/instruction_sets.h"
#include "annotate/store/import_batches.h"

#include <optional>
#include <string>
#include <vector>

namespace stet::annotate {

class ProjectFolder;

// Which responses: by which round's model (0: the base model), made how. `samplings` are JSON texts as they are stored,
// one for each response to an instruction.
struct WantedResponses {
    std::string set;  // empty: of every set but those that rounds are compared on
    int round = 0;
    std::vector<std::string> samplings;
    // At most so many instructions, and none that somebody else has answered, or this model in another way.
    std::optional<int> fresh;
};

struct MissingResponse {
    Instruction instruction;
    std::size_t sampling = 0;  // of WantedResponses::samplings
};

struct MissingResponses {
    std::vector<MissingResponse> missing;  // sampling by sampling, in the order of their sets
    int there = 0;
};

class GeneratedResponses {
public:
    explicit GeneratedResponses(ProjectFolder& project) : m_project(project) { }

    MissingResponses missingResponses(const WantedResponses& wanted) const;
    int freshInstructions(const std::string& set) const;  // that nobody has answered; empty: as above
    // Seen at once. Its id is made of the instruction's, the round and, when that is taken, a number.
    ResponseId addGenerated(NewResponse response);
    // As a suggestion, of a model; empty: nothing is wrong. False: it was judged meanwhile, or has a suggestion.
    bool addDraftedJudgment(ResponseId id, const std::string& judgment, const Author& author);

private:
    ProjectFolder& m_project;
};

}  // namespace stet::annotate
