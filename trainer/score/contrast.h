// Log-ratios of the contrasts from log-probabilities, in double. Pure. One rule for scoring and training.
#pragma once

#include "base/flag_rule.h"

#include <vector>

namespace stet::score {

// The contexts a contrast compares, beside `judged` for D1–D3 (docs/method.md).
bool needsPraised(Contrast contrast);
bool needsCorrection(Contrast contrast);

// plain, judged, praised, correction: log-probabilities per token, others: their mean under other examples' judgments;
// only those the contrast compares are read, and must then be as long as `judged`.
struct ContrastInput {
    std::vector<double> plain;
    std::vector<double> judged;
    std::vector<double> praised;
    std::vector<double> correction;
    std::vector<double> others;
};
std::vector<double> logRatios(Contrast contrast, const ContrastInput& input);

}  // namespace stet::score
