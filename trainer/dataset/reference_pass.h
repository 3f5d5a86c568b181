// What an objective fixes of each example before the first step, by the weights a round begins with: cut's flags (with
// FlagTime::Start), dpo's reference. A resumed round has other weights, so it is kept in checkpoints. Compute thread.
#pragma once

#include "base/json.h"
#include "trainer/dataset/step_context.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace stet::round {

// Without dropout; does nothing where the objective fixes nothing.
void prepareExamples(const StepContext& context, std::vector<TrainingExample>& examples,
                     const std::function<void(std::int64_t, std::int64_t)>& progress);
bool needsPreparing(const files::RoundSettings& settings, const std::vector<TrainingExample>& examples);

// {"flags": ["0100…", …], "references": [[…], …]}, one entry per example, and back.
Json preparedState(const std::vector<TrainingExample>& examples);
void restorePrepared(std::vector<TrainingExample>& examples, const Json& state);

}  // namespace stet::round
