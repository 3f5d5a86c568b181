// The judgments of other examples that a file offers (base/other_judgments.h). Any thread.
#pragma once

#include "base/other_judgments.h"
#include "trainer/detect/contrast.h"
#include "trainer/files/example_lines.h"

#include <cstdint>
#include <vector>

namespace stet::detect {

inline OtherJudgments otherJudgments(const std::vector<files::Example>& examples, std::uint64_t seed)
{
    std::vector<JudgedLine> judged;
    for (const auto& example : examples) {
        if (example.judgment) {
            judged.push_back({example.line, *example.judgment});
        }
    }
    return {std::move(judged), seed};
}

}  // namespace stet::detect
