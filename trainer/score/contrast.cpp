#include "trainer/score/contrast.h"

#include <cmath>

namespace stet::score {

namespace {

// log(p / (1 − p)) from log p.
double logOdds(double logP)
{
    return logP - std::log(-std::expm1(std::min(logP, -1e-12)));
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
    case Contrast::D1:
    case Contrast::D5:
        break;
    }
    return difference(input.judged, input.plain);
}

}  // namespace stet::score
