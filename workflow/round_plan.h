// "What will train": the input of a round that is not made yet, in a folder of its own under the project's rounds, for
// the worker to count and to look at (round/preview, round/flags).
//
// Called on the thread that holds the project.
#pragma once

#include "annotate/store/project.h"

#include <functional>
#include <string>
#include <vector>

namespace stet::workflow {

struct PlanInput {
    std::string folder;   // round.json and examples.jsonl, as a round of this preset and parent would have them
    int heldOut = 0;      // judged responses that are left out, because rounds are compared on their instructions
    bool trains = false;  // is there anything to learn from? If not, no round can be started
};

// between: called every few hundred examples, so that a draft gets its turn.
PlanInput writePlanInput(annotate::Project& project, int parent, const std::string& preset,
                         const std::function<void()>& between = {});

// Whose they are: the worker names responses by their ids in data files (JSON text), a person knows them by their
// instructions. An id that is not found stands for itself.
std::vector<std::string> instructionsOf(const annotate::Project& project, const std::vector<std::string>& externalIds);

}  // namespace stet::workflow
