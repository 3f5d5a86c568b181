// False alarms of the flag rule, on any data and without ground truth: tokens that light up under judgments of other
// examples (permutation control). From their log-ratios comes a λ for a wanted rate. Pure; any thread.
#pragma once

#include "base/flag_rule.h"

#include <cstdint>
#include <limits>
#include <vector>

namespace stet::detect {

class FalseAlarms {
public:
    explicit FalseAlarms(Contrast contrast) : m_contrast(contrast) { }

    // Log-ratios of one response's tokens under a judgment that is not its own; NaN is passed over.
    void add(const std::vector<double>& logRatios);
    // The same beside those under its own judgment: what that lights up as well is no false alarm, for responses have
    // habits in common, and another's judgment may be right here, too.
    void add(const std::vector<double>& logRatios, const std::vector<double>& own);

    std::int64_t tokens() const { return static_cast<std::int64_t>(m_tokens.size()); }
    // Share of the tokens that are flagged at λ; NaN without tokens.
    double share(double lambda) const;
    // The smallest λ ≥ `least`, in steps of 0.0001 rounded up, at which at most `rate` of the tokens are flagged; NaN
    // without tokens, or when it would be larger than settings take (1e6).
    double lambdaFor(double rate, double least = 1) const;

private:
    // Both turned towards the flag (D4). A false alarm at λ: under > ln λ ≥ own.
    struct Token {
        double under = 0;
        double own = -std::numeric_limits<double>::infinity();
    };

    Contrast m_contrast;
    std::vector<Token> m_tokens;
};

}  // namespace stet::detect
