// Before and after a round: what the worker is asked to compare, and what its file says. The window and `stet compare`
// ask alike: the same answers, of the same length, detected as the round did.
//
// Called on the thread that holds the project.
#pragma once

#include "annotate/store/project.h"
#include "base/json.h"

#include <string>
#include <utility>
#include <vector>

namespace stet::workflow {

struct ComparisonRequest {
    int round = 0;
    std::string model;
    std::string promptStyle;
    std::string before;  // an adapter's folder, or "base"
    std::string after;
    std::string in;                 // written by planComparison
    std::string out;                // to be written by the worker
    contract::Detection detection;  // the round's: which tokens are followed (RoundInput::detection)
    int maxNewTokens = 0;
    bool done = false;  // compared before, and the file is still there: nothing to ask
};

// Writes the comparison's input, unless it was done before and is not wanted again. Failure(BadInput) when the round is
// not finished.
ComparisonRequest planComparison(annotate::Project& project, int round, bool again);

// stet-trainer's, for a child: the same comparison as the worker's.
std::vector<std::string> compareArguments(const ComparisonRequest& request);

struct Comparison {
    int round = 0;
    std::vector<annotate::ComparedItem> items;  // held-out instructions, answered before and after
    Json summary;                               // null: the file has none
    std::string watchOpening;                   // a habit whose rate is shown: responses that open with this
    std::vector<std::pair<std::string, std::string>> choices;  // item, preference
    std::vector<annotate::RoundAlert> alerts;                  // once recorded
};

// Reads the worker's file. Failure when it can't be read.
Comparison readComparison(const annotate::Project& project, int round);

// Puts the summary into the round's record and lets the watch look at it; nothing in a project that is open for reading
// only. What the watch finds.
std::vector<annotate::RoundAlert> recordComparison(annotate::Project& project, const Comparison& comparison);

}  // namespace stet::workflow
