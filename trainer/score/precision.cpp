#include "trainer/score/precision.h"

#include <algorithm>
#include <cmath>

namespace stet::score {

void PrecisionDifference::addLogProbs(const std::vector<double>& reference, const std::vector<double>& other)
{
    for (std::size_t i = 0; i < std::min(reference.size(), other.size()); ++i) {
        const double difference = std::fabs(reference[i] - other[i]);
        m_sum += difference;
        // Not a number is the largest of all differences.
        m_largest = difference <= m_largest ? m_largest : difference;
        ++m_count;
    }
}

void PrecisionDifference::addFlags(const std::vector<char>& reference, const std::vector<char>& other)
{
    for (std::size_t i = 0; i < std::min(reference.size(), other.size()); ++i) {
        m_both += reference[i] != 0 && other[i] != 0 ? 1 : 0;
        m_either += reference[i] != 0 || other[i] != 0 ? 1 : 0;
    }
}

double PrecisionDifference::mean() const
{
    return m_count > 0 ? m_sum / static_cast<double>(m_count) : 0;
}

double PrecisionDifference::jaccard() const
{
    return m_either > 0 ? static_cast<double>(m_both) / static_cast<double>(m_either) : 1;
}

Json PrecisionDifference::toJson() const
{
    return {{"logprobs", m_count},
            {"mean_difference", mean()},
            {"largest_difference", m_largest},
            {"flagged", m_either},
            {"flagged_jaccard", jaccard()}};
}

}  // namespace stet::score
