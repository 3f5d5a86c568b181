// Detection itself: from log-probabilities to the tokens that are flagged and those that a round penalises. The scorer,
// the plan of a round and the objectives call this and nothing else. Pure; any thread.
#pragma once

#include "trainer/detect/contrast.h"
#include "trainer/detect/detection_settings.h"

#include <vector>

namespace stet::detect {

// One of each per token; flags are 0 or 1.
struct Detection {
    std::vector<double> logRatios;
    std::vector<char> flagged;    // by the rule (base/flag_rule.h)
    std::vector<char> penalised;  // with the annotator's marks, as the settings use them
    std::vector<char> pushed;     // of those, what the objective pushes down
};

// marks, words: as in AlignedResponse, or empty.
Detection detect(const DetectionSettings& settings, const std::vector<int>& marks, const std::vector<int>& words,
                 std::vector<double> logRatios);
Detection detect(const DetectionSettings& settings, const std::vector<int>& marks, const ContrastInput& input);

}  // namespace stet::detect
