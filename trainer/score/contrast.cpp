#include "trainer/score/contrast.h"

#include <algorithm>
#include <cmath>

namespace stet::score {

namespace {

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

}  // namespace

bool needsPraised(Contrast contrast)
{
    return contrast == Contrast::D2;
}

bool needsCorrection(Contrast contrast)
{
    return contrast == Contrast::D4;
}

std::vector<double> logRatios(Contrast contrast, const ContrastInput& input)
{
    switch (contrast) {
    case Contrast::D2:
        return difference(input.judged, input.praised);
    case Contrast::D3: {
        std::vector<double> result(input.judged.size());
        for (std::size_t i = 0; i < result.size(); ++i) {
            result[i] = logOdds(input.judged[i]) - logOdds(input.plain[i]);
        }
        return result;
    }
    case Contrast::D4:
        return difference(input.correction, input.plain);
    case Contrast::D5:
        return difference(difference(input.judged, input.plain), difference(input.others, input.plain));
    case Contrast::D1:
        break;
    }
    return difference(input.judged, input.plain);
}

}  // namespace stet::score
