// What a round's folder tells of how it went: the steps of its log, the comparison, what the plan had said. Read by the
// watch (round_watch.h) and by whoever shows a round's steps; nothing is written.
//
// Any thread that may read the folder.
#pragma once

#include "contract/compare.h"
#include "contract/round.h"

#include <optional>
#include <string>
#include <vector>

namespace stet::workflow {

struct RoundEvidence {
    std::optional<double> plannedFlaggedShare;  // of plan.json, where the plan had counted before the start
    bool detects = true;  // the objective pushes down flagged tokens; another's share of them says nothing
    std::int64_t epochs = 1;
    std::vector<contract::Step> steps;  // as far as they were logged; a last one without a loss was not made
    int newestCheckpoint = 0;           // its step; 0: none is left
    int finishedAt = 0;                 // the step that the adapter has; 0: the round is not finished
    std::optional<contract::CompareSummary> summary;
    std::vector<contract::ComparedLine> answers;  // to what is held out, of both sides
};

// What is missing or can't be read is left out: a round is judged by what is there.
RoundEvidence evidenceIn(const std::string& roundFolder);

// The steps of log.jsonl; a torn line, as of a killed process, ends them.
std::vector<contract::Step> loggedSteps(const std::string& roundFolder);

// What the plan had said when the round was started: the share of tokens that it would push down.
void writePlannedShare(const std::string& roundFolder, double flaggedShare);

}  // namespace stet::workflow
