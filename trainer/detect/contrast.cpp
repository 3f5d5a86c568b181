#include "trainer/detect/contrast.h"

#include "base/other_judgments.h"
#include "trainer/detect/words.h"

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

// A word lights up as a whole, by its likeliest piece: a judgment is about words. What is no word (punctuation, white
// space, the end) takes part with a quarter: judged prompts change it whatever they say.
std::vector<double> ofWords(std::vector<double> values, const std::vector<int>& words)
{
    constexpr double kNoWordsShare = 0.25;
    for (std::size_t begin = 0; begin < words.size();) {
        std::size_t end = begin + 1;
        if (words[begin] == kNoWord) {
            values[begin] *= values[begin] > 0 ? kNoWordsShare : 1;
        } else {
            while (end < words.size() && words[end] == words[begin]) {
                ++end;
            }
            const auto first = values.begin() + static_cast<std::ptrdiff_t>(begin);
            const auto last = values.begin() + static_cast<std::ptrdiff_t>(end);
            std::fill(first, last, *std::max_element(first, last));
        }
        begin = end;
    }
    return values;
}

// How much likelier the judgment makes a word than both no judgment and praise do.
std::vector<double> beyondPlainAndPraised(const ContrastInput& input)
{
    std::vector<double> band = input.contexts.at(Context::Plain);
    const std::vector<double>& praised = input.contexts.at(Context::Praised);
    std::transform(band.begin(), band.end(), praised.begin(), band.begin(),
                   [](double a, double b) { return std::max(a, b); });
    return ofWords(difference(input.contexts.at(Context::Judged), band), input.words);
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
    static const std::array<Entry, 6> kEntries = {{{{Plain, Judged}, 0, logRatio<Judged, Plain>},
                                                   {{Plain, Judged, Praised}, 0, logRatio<Judged, Praised>},
                                                   {{Plain, Judged}, 0, logOddsRatio},
                                                   {{Plain, Judged, Correction}, 0, logRatio<Correction, Plain>},
                                                   {{Plain, Judged}, kOtherJudgments, beyondTheMeanOfOthers},
                                                   {{Plain, Judged, Praised}, 0, beyondPlainAndPraised}}};
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

std::vector<std::vector<double>> logRatiosUnderOthers(Contrast contrast, const ContrastInput& input)
{
    std::vector<std::vector<double>> lists;
    if (othersOf(contrast) > 0 && input.others.size() < 2) {
        return lists;
    }
    for (std::size_t k = 0; k < input.others.size(); ++k) {
        ContrastInput other = input;
        other.contexts[Context::Judged] = std::move(other.others[k]);
        other.others.erase(other.others.begin() + static_cast<std::ptrdiff_t>(k));
        lists.push_back(logRatios(contrast, other));
    }
    return lists;
}

}  // namespace stet::detect
