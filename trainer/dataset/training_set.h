// Examples as a round trains on them: encoded in the contexts its objective reads, with what is left out and why. Made
// on the compute thread.
#pragma once

#include "contract/round.h"
#include "trainer/files/round_settings.h"
#include "trainer/objectives/objective.h"
#include "trainer/text/example_encoder.h"

#include <cstdint>
#include <string>
#include <vector>

namespace stet::round {

struct LeftOut {
    std::string id;
    std::string reason;
};

struct TrainingSet {
    std::vector<TrainingExample> examples;
    std::vector<TrainingExample> anchors;  // accepted answers for the anchor; empty when there is none
    std::vector<LeftOut> leftOut;
    int criticised = 0;
    int accepted = 0;
    int acceptedTotal = 0;  // before down-sampling
    int truncated = 0;
    int contextsEqual = 0;
    std::vector<std::string> warnings;
};

// Failure(BadInput): the file holds nothing the objective could train on, or nothing the anchor could hold on to.
TrainingSet makeTrainingSet(const std::string& examplesPath, const files::RoundSettings& settings,
                            const Objective& objective, const text::ExampleEncoder& encoder);

// The counts of report.json and previews.
contract::RoundTotals totalsOf(const TrainingSet& set);

}  // namespace stet::round
