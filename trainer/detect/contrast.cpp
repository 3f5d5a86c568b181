#include "trainer/detect/contrast.h"

#include "base/other_judgments.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace stet::detect {

namespace {

using text::Context;

// float32 log-probabilities near 0 are whole multiples of 1.2e-7: what lies above this is rounding, and its odds would
// differ by powers of ten. The bound of the loss's log(1 − p).
constexpr double kHighest = -1e-6;

// log(p / (1 − p)) from log p.
double logOdds(double logP)
{
    const double bounded = std::min(logP, kHighest);
    return bounded - std::log(-std::expm1(bounded));
}

std::vector<double> difference(const std::vector<double>& a, const std::vector<double>& b)
{
    std::vector<double> result(a.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        result[i] = a[i] - b[i];
    }
    return result;
}

template <Context A, Context B> std::vector<double> logRatio(const ContrastInput& input)
{
    return difference(input.contexts.at(A), input.contexts.at(B));
}

std::vector<double> logOddsRatio(const ContrastInput& input)
{
    std::vector<double> result = input.contexts.at(Context::Judged);
    const std::vector<double>& plain = input.contexts.at(Context::Plain);
    for (std::size_t i = 0; i < result.size(); ++i) {
        result[i] = logOdds(result[i]) - logOdds(plain[i]);
    }
    return result;
}

// The own judgment's log-ratio less the mean of the others'.
std::vector<double> beyondTheMeanOfOthers(const ContrastInput& input)
{
    std::vector<double> mean = input.others.front();
    for (std::size_t k = 1; k < input.others.size(); ++k) {
        for (std::size_t i = 0; i < mean.size(); ++i) {
            mean[i] += input.others[k][i];
        }
    }
    for (double& value : mean) {
        value /= static_cast<double>(input.others.size());
    }
    const std::vector<double>& plain = input.contexts.at(Context::Plain);
    return difference(difference(input.contexts.at(Context::Judged), plain), difference(mean, plain));
}

struct Entry {
    std::vector<Context> contexts;
    std::size_t others = 0;
    std::vector<double> (*logRatios)(const ContrastInput&) = nullptr;
};

// In Contrast's order.
const Entry& entryOf(Contrast contrast)
{
    using enum Context;
    static const std::array<Entry, 5> kEntries = {{{{Plain, Judged}, 0, logRatio<Judged, Plain>},
                                                   {{Plain, Judged, Praised}, 0, logRatio<Judged, Praised>},
                                                   {{Plain, Judged}, 0, logOddsRatio},
                                                   {{Plain, Judged, Correction}, 0, logRatio<Correction, Plain>},
                                                   {{Plain, Judged}, kOtherJudgments, beyondTheMeanOfOthers}}};
    return kEntries.at(static_cast<std::size_t>(contrast));
}

}  // namespace

const std::vector<Context>& contextsOf(Contrast contrast)
{
    return entryOf(contrast).contexts;
}

std::size_t othersOf(Contrast contrast)
{
    return entryOf(contrast).others;
}

std::vector<double> logRatios(Contrast contrast, const ContrastInput& input)
{
    return entryOf(contrast).logRatios(input);
}

}  // namespace stet::detect
