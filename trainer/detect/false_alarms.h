// False alarms of the flag rule, on any data and without ground truth: tokens that light up under judgments of other
// examples (permutation control). From their log-ratios comes a λ for a wanted rate. Pure; any thread.
#pragma once

#include "base/flag_rule.h"

#include <cstdint>
#include <vector>

namespace stet::detect {

class FalseAlarms {
public:
    explicit FalseAlarms(Contrast contrast) : m_contrast(contrast) { }

    // Log-ratios of one response's tokens under a judgment that is not its own; NaN is passed over.
    void add(const std::vector<double>& logRatios);

    std::int64_t tokens() const { return static_cast<std::int64_t>(m_against.size()); }
    // Share of the tokens that are flagged at λ; NaN without tokens.
    double share(double lambda) const;
    // The smallest λ ≥ 1, in steps of 0.0001 rounded up, at which at most `rate` of the tokens are flagged; NaN without
    // tokens, or when it would be larger than settings take (1e6).
    double lambdaFor(double rate) const;

private:
    Contrast m_contrast;
    std::vector<double> m_against;  // how far each goes in the direction that flags: D4's sign is turned
};

}  // namespace stet::detect
