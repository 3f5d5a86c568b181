// Judgments of other examples in a response's place: for contrast D5 and for the share of false alarms. Which ones is
// said by a seed, so that every run takes the same. Any thread; borrows the examples.
#pragma once

#include "trainer/files/example_lines.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace stet::score {

constexpr std::size_t kOtherJudgments = 8;  // that D5 takes the mean of, where there are as many

class OtherJudgments {
public:
    OtherJudgments(const std::vector<files::Example>& examples, std::uint64_t seed);

    // Up to `count`, each another text than the example's own: the next ones in the order of SHA-256 of
    // "<seed>:<line>".
    std::vector<std::string> of(const files::Example& example, std::size_t count) const;

private:
    std::vector<const files::Example*> m_ordered;  // those with a judgment
    std::map<int, std::size_t> m_place;            // in m_ordered, by line
};

}  // namespace stet::score
