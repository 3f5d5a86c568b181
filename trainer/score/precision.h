// How far two computations of the same scores are apart: the mean and largest difference of a log-probability, and
// whether the same tokens are flagged. Pure; any thread.
#pragma once

#include "base/json.h"

#include <cstdint>
#include <vector>

namespace stet::score {

class PrecisionDifference {
public:
    // Log-probabilities of one response under one context, token by token.
    void addLogProbs(const std::vector<double>& reference, const std::vector<double>& other);
    void addFlags(const std::vector<char>& reference, const std::vector<char>& other);

    double mean() const;  // 0 without tokens
    double largest() const { return m_largest; }
    // |flagged in both| / |flagged in either|; 1 when nothing is flagged in either.
    double jaccard() const;
    std::int64_t logProbs() const { return m_count; }

    // {"logprobs", "mean_difference", "largest_difference", "flagged", "flagged_jaccard"}
    Json toJson() const;

private:
    std::int64_t m_count = 0;
    double m_sum = 0;
    double m_largest = 0;
    std::int64_t m_both = 0;
    std::int64_t m_either = 0;
};

}  // namespace stet::score
