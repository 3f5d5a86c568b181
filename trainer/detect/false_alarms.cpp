#include "trainer/detect/false_alarms.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace stet::detect {

namespace {

constexpr double kStep = 1e-4;
constexpr double kLargest = 1e6;  // the largest λ that settings take

}  // namespace

void FalseAlarms::add(const std::vector<double>& logRatios)
{
    for (const double ratio : logRatios) {
        if (!std::isnan(ratio)) {
            m_against.push_back(towardsFlag(m_contrast, ratio));
        }
    }
}

double FalseAlarms::share(double lambda) const
{
    // The sign is turned already: D1 asks the same of every contrast.
    const auto count = std::count_if(m_against.begin(), m_against.end(),
                                     [&](double ratio) { return flagged(Contrast::D1, ratio, lambda); });
    return m_against.empty() ? std::nan("") : static_cast<double>(count) / static_cast<double>(m_against.size());
}

double FalseAlarms::lambdaFor(double rate) const
{
    if (m_against.empty()) {
        return std::nan("");
    }
    // The first that must stay dark is the one after those that may light up.
    const auto allowed = static_cast<std::size_t>(std::clamp(rate, 0.0, 1.0) * static_cast<double>(m_against.size()));
    if (allowed >= m_against.size()) {
        return 1;
    }
    std::vector<double> ordered = m_against;
    const auto first = ordered.begin() + static_cast<std::ptrdiff_t>(allowed);
    std::nth_element(ordered.begin(), first, ordered.end(), std::greater<>());
    double lambda = std::ceil(std::exp(std::max(*first, 0.0)) / kStep) * kStep;
    if (share(lambda) > rate) {
        lambda += kStep;  // exp and ln may differ in the last digit
    }
    return lambda <= kLargest ? lambda : std::nan("");
}

}  // namespace stet::detect
