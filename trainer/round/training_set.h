// Examples as a round trains on them: encoded in the contexts it needs, with what is left out and why. Made on the
// compute thread.
#pragma once

#include "base/json.h"
#include "trainer/files/round_settings.h"
#include "trainer/score/response_log_probs.h"
#include "trainer/text/example_encoder.h"

#include <cstdint>
#include <string>
#include <vector>

namespace stet::round {

struct TrainingExample {
    files::Example source;
    bool criticised = false;
    score::Sequence plain;
    score::Sequence judged;   // criticised only
    score::Sequence other;    // praised (D2) or correction (D4), for detection only
    std::vector<int> marks;   // +1 flag, −1 clear, 0; one per response token kept
    std::vector<char> flags;  // FlagTime::Start: fixed before the first step
    std::int64_t tokens = 0;  // response tokens N, the same in every context (aligned from the end)
    std::int64_t cost = 0;    // padded tokens it adds to a micro-batch: rows × longest
};

struct LeftOut {
    std::string id;
    std::string reason;
};

struct TrainingSet {
    std::vector<TrainingExample> examples;
    std::vector<LeftOut> leftOut;
    int criticised = 0;
    int accepted = 0;
    int acceptedTotal = 0;  // before down-sampling
    int truncated = 0;
    int contextsEqual = 0;
    std::vector<std::string> warnings;
};

// Failure(BadInput): no examples, or none is criticised (objective cut and unlikelihood).
TrainingSet makeTrainingSet(const std::string& examplesPath, const files::RoundSettings& settings,
                            const text::ExampleEncoder& encoder);

// The counts of report.json and previews: {"examples", "criticised", "accepted", …, "left_out": [{"id", "reason"}]}.
Json countsOf(const TrainingSet& set);

}  // namespace stet::round
