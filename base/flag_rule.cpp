#include "base/flag_rule.h"

#include <array>
#include <cmath>

namespace stet {

namespace {
constexpr std::array<std::string_view, 5> kNames = {"D1", "D2", "D3", "D4", "D5"};
}

Contrast presetContrast(std::string_view preset)
{
    return preset == "cut-paper" ? Contrast::D2 : Contrast::D1;
}

std::optional<Contrast> contrastFromName(std::string_view name)
{
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        if (kNames[i] == name) {
            return static_cast<Contrast>(i);
        }
    }
    return std::nullopt;
}

std::string_view contrastName(Contrast contrast)
{
    return kNames.at(static_cast<std::size_t>(contrast));
}

bool flagged(Contrast contrast, double logRatio, double lambda)
{
    const double threshold = std::log(lambda);
    return contrast == Contrast::D4 ? logRatio < -threshold : logRatio > threshold;
}

bool canNeverBeFlagged(double plainLogProb, double lambda)
{
    return plainLogProb >= -std::log(lambda);
}

}  // namespace stet
