// Judgments of other examples in a response's place: what contrast D5 is measured against and false alarms are counted
// with. One rule of selection for the window, `score`, `compare` and training (docs/method.md). Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace stet {

constexpr std::size_t kOtherJudgments = 8;        // that D5 takes the mean of, where there are as many
constexpr std::size_t kCalibrationJudgments = 2;  // a response, where a λ is made from a rate of false alarms
constexpr std::uint64_t kDefaultSeed = 42;        // of a round, and of everything that draws beside one

// A criticised example of a file: its data line, counted from 0 over all lines, and its judgment.
struct JudgedLine {
    int line = 0;
    std::string judgment;
};

class OtherJudgments {
public:
    // seed: the round's.
    OtherJudgments(std::vector<JudgedLine> judged, std::uint64_t seed);

    // Up to `count` different texts for the example of `line`, none of them `own`: those of the lines that follow its
    // own in the order of SHA-256 of "<seed>:<line>", which is a ring. An example without a judgment begins at the
    // ring's first.
    std::vector<std::string> of(int line, const std::optional<std::string>& own, std::size_t count) const;

private:
    std::vector<std::string> m_ring;
    std::map<int, std::size_t> m_place;  // in m_ring, by line
};

}  // namespace stet
