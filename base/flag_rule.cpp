#include "base/flag_rule.h"

#include <array>
#include <cmath>

namespace stet {

namespace {

constexpr std::array<std::string_view, 6> kNames = {"D1", "D2", "D3", "D4", "D5", "D6"};
constexpr std::array<std::string_view, 3> kUses = {"union", "only", "ignore"};
}  // namespace

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

bool comparesWithOthers(Contrast contrast)
{
    return contrast == Contrast::D5;
}

double towardsFlag(Contrast contrast, double logRatio)
{
    return contrast == Contrast::D4 ? -logRatio : logRatio;
}

bool flagged(Contrast contrast, double logRatio, double lambda)
{
    return towardsFlag(contrast, logRatio) > std::log(lambda);
}

bool canNeverBeFlagged(double plainLogProb, double lambda)
{
    return plainLogProb >= -std::log(lambda);
}

std::optional<MarksUse> marksUseFromName(std::string_view name)
{
    for (std::size_t i = 0; i < kUses.size(); ++i) {
        if (kUses[i] == name) {
            return static_cast<MarksUse>(i);
        }
    }
    return std::nullopt;
}

std::string_view marksUseName(MarksUse use)
{
    return kUses.at(static_cast<std::size_t>(use));
}

bool markCovers(int markBegin, int markEnd, int begin, int end)
{
    if (begin == end) {
        return markBegin <= begin && (begin < markEnd || (markBegin == begin && markEnd == begin));
    }
    return markBegin < end && begin < markEnd;
}

bool penalised(MarksUse use, int mark, bool flagged)
{
    switch (use) {
    case MarksUse::Only:
        return mark > 0;
    case MarksUse::Ignore:
        return flagged;
    case MarksUse::Union:
        break;
    }
    return mark > 0 || (flagged && mark == 0);
}

}  // namespace stet
