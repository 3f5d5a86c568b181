#include "trainer/detect/false_alarms.h"

#include <algorithm>
#include <cmath>

namespace stet::detect {

namespace {

constexpr double kStep = 1e-4;
constexpr double kLargest = 1e6;  // the largest λ that settings take

double onGrid(double lambda)
{
    return std::ceil(lambda / kStep) * kStep;
}

}  // namespace

void FalseAlarms::add(const std::vector<double>& logRatios)
{
    add(logRatios, {});
}

void FalseAlarms::add(const std::vector<double>& logRatios, const std::vector<double>& own)
{
    for (std::size_t i = 0; i < logRatios.size(); ++i) {
        if (std::isnan(logRatios[i])) {
            continue;
        }
        m_tokens.push_back({towardsFlag(m_contrast, logRatios[i])});
        if (i < own.size() && !std::isnan(own[i])) {
            m_tokens.back().own = towardsFlag(m_contrast, own[i]);
        }
    }
}

double FalseAlarms::share(double lambda) const
{
    // The sign is turned already: D1 asks the same of every contrast.
    const auto count = std::count_if(m_tokens.begin(), m_tokens.end(), [&](const Token& token) {
        return flagged(Contrast::D1, token.under, lambda) && !flagged(Contrast::D1, token.own, lambda);
    });
    return m_tokens.empty() ? std::nan("") : static_cast<double>(count) / static_cast<double>(m_tokens.size());
}

double FalseAlarms::lambdaFor(double rate, double least) const
{
    if (m_tokens.empty()) {
        return std::nan("");
    }
    // From `least` on, a token is a false alarm between its two ratios: their number falls only where one ends.
    const double start = std::log(least);
    std::vector<double> begins;
    std::vector<double> ends;
    for (const Token& token : m_tokens) {
        if (token.under > start && token.under > token.own) {
            begins.push_back(token.own);
            ends.push_back(token.under);
        }
    }
    std::sort(begins.begin(), begins.end());
    std::sort(ends.begin(), ends.end());
    const double allowed = std::clamp(rate, 0.0, 1.0) * static_cast<double>(m_tokens.size());
    double lambda = onGrid(least);
    std::size_t begun = 0;
    for (std::size_t ended = 0;; ++ended) {
        const double at = ended == 0 ? start : ends[ended - 1];
        while (begun < begins.size() && begins[begun] <= at) {
            ++begun;
        }
        if (static_cast<double>(begun - ended) <= allowed) {
            lambda = std::max(lambda, onGrid(std::exp(at)));
            // Rounded up, it may have reached the next that begin; exp and ln may differ in the last digit.
            for (const double one : {lambda, lambda + kStep}) {
                if (share(one) <= rate) {
                    return one <= kLargest ? one : std::nan("");
                }
            }
        }
        if (ended == ends.size()) {
            return std::nan("");
        }
    }
}

}  // namespace stet::detect
