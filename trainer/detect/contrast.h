// The contrasts: which contexts each compares, how many judgments of other examples it is measured against, and its
// log-ratios, in double. A contrast is one entry of the table in contrast.cpp. Formulas: docs/method.md. Pure; any
// thread.
#pragma once

#include "base/flag_rule.h"
#include "trainer/text/prompt_style.h"

#include <cstddef>
#include <map>
#include <vector>

namespace stet::detect {

// Log-probabilities (float32 values) of the same response tokens, one per token.
struct ContrastInput {
    std::map<text::Context, std::vector<double>> contexts;  // those of contextsOf, of equal length
    std::vector<std::vector<double>> others;                // judged by each of the other judgments, likewise
    std::vector<int> words = {};                            // detect::wordsOf; empty: every token is a word
};

// The contexts a contrast compares: plain, judged, and a third where it has one.
const std::vector<text::Context>& contextsOf(Contrast contrast);

// How many judgments of other examples it is measured against, where there are as many; 0 for none.
std::size_t othersOf(Contrast contrast);

// One per token. What is compared with others needs at least one.
std::vector<double> logRatios(Contrast contrast, const ContrastInput& input);

// The same under each of the others in the own judgment's place, one list per other: what false alarms are counted
// with. A contrast that is measured against others measures each against the rest: of a single one there is no list.
std::vector<std::vector<double>> logRatiosUnderOthers(Contrast contrast, const ContrastInput& input);

}  // namespace stet::detect
