// The pass before the first step: what an objective fixes of each example by the weights a round begins with: cut's
// flags (with FlagTime::Start), dpo's reference. A resumed round has other weights, so it is kept in checkpoints.
// Compute thread.
#pragma once

#include "base/json.h"
#include "trainer/dataset/example_reader.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace stet::round {

// Without dropout; does nothing where the objective fixes nothing. onRead hears after each micro-batch how many of the
// examples that need it have been read; it may be empty.
using OnExamplesRead = std::function<void(std::int64_t done, std::int64_t all)>;
void referencePass(const StepContext& context, std::vector<TrainingExample>& examples,
                   const OnExamplesRead& onRead = {});
bool needsReferencePass(const Objective& objective, const std::vector<TrainingExample>& examples);

// {"flags": ["0100…", …], "references": [[…], …]}, one entry per example, and back.
Json referenceState(const std::vector<TrainingExample>& examples);
void restoreReference(std::vector<TrainingExample>& examples, const Json& state);

}  // namespace stet::round
