// Talking to a round's model beside the base model: what the worker is asked, and the one answer that somebody wants to
// keep. Nothing else is stored. Called on the thread that holds the project.
#pragma once

#include "annotate/store/project.h"
#include "contract/generate.h"

#include <optional>
#include <string>

namespace stet::workflow {

// Greedy, of at most as many tokens as the project's other answers. Failure(BadInput): the round is not finished.
contract::GenerateRequest askOf(const annotate::Project& project, int round, const std::string& instruction);

struct Answer {
    int round = 0;  // whose model wrote it; 0: the base model
    std::string instruction;
    contract::GeneratedLine line;
};

// Becomes a response that is to be judged, with who wrote it and how.
annotate::ResponseId keepAnswer(annotate::Project& project, const Answer& answer);

}  // namespace stet::workflow
