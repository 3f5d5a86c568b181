// Which tokens of a criticised response are pushed down: the contrast's rule and the annotator's marks. Compute thread.
#pragma once

#include "trainer/files/round_settings.h"
#include "trainer/objectives/training_example.h"

#include <ATen/core/Tensor.h>

#include <vector>

namespace stet::round {

// Log-probabilities [N] per context (detached or not, any device); `other` is praised (D2), correction (D4) or the mean
// under other examples' judgments (D5), else undefined.
struct ContextLogProbs {
    at::Tensor plain;
    at::Tensor judged;
    at::Tensor other;
};

// One flag per token. marks: "union" adds the annotator's flags to the rule's and removes what was cleared, "only"
// takes the annotator's alone, "ignore" the rule's alone.
std::vector<char> flagsOf(const files::RoundSettings& settings, const std::vector<int>& marks,
                          const ContextLogProbs& logProbs);

}  // namespace stet::round
