#include "base/flag_rule.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace stet {

namespace {

constexpr std::array<std::string_view, 6> kNames = {"D1", "D2", "D3", "D4", "D5", "D6"};
constexpr std::array<std::string_view, 3> kUses = {"union", "only", "ignore"};
constexpr std::array<std::string_view, 2> kPushes = {"all", "beginnings"};

// The value whose name it is, of an enumeration that counts from 0.
template <typename Value, std::size_t kCount>
std::optional<Value> named(const std::array<std::string_view, kCount>& names, std::string_view name)
{
    const auto found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? std::nullopt : std::optional(static_cast<Value>(found - names.begin()));
}

}  // namespace

Contrast presetContrast(std::string_view preset)
{
    return preset == "cut-paper" ? Contrast::D2 : Contrast::D1;
}

std::optional<Contrast> contrastFromName(std::string_view name)
{
    return named<Contrast>(kNames, name);
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
    return named<MarksUse>(kUses, name);
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

std::optional<Push> pushFromName(std::string_view name)
{
    return named<Push>(kPushes, name);
}

std::string_view pushName(Push push)
{
    return kPushes.at(static_cast<std::size_t>(push));
}

std::vector<char> pushed(Push push, const std::vector<char>& penalised, const std::vector<int>& words)
{
    if (push == Push::All) {
        return penalised;
    }
    std::vector<char> beginnings(penalised.size(), 0);
    for (std::size_t t = 0; t < penalised.size(); ++t) {
        const bool begins = t == 0 || penalised[t - 1] == 0;
        const bool oneWord = t > 0 && t < words.size() && words[t] != kNoWord && words[t] == words[t - 1];
        const bool goesOn = !begins && beginnings[t - 1] != 0 && oneWord;
        beginnings[t] = penalised[t] != 0 && (begins || goesOn) ? 1 : 0;
    }
    return beginnings;
}

}  // namespace stet
