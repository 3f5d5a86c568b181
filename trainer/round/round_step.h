// One optimizer step's loss and gradient: micro-batches of examples, each with all its contexts, summed in file order
// of the batch. Compute thread. Leaves gradients on the adapter's parameters.
#pragma once

#include "trainer/files/round_settings.h"
#include "trainer/model/decoder.h"
#include "trainer/round/training_set.h"

#include <functional>
#include <vector>

namespace stet::round {

struct StepResult {
    double loss = 0;
    double likelihood = 0;    // mean L2, accepted examples with their loss
    double unlikelihood = 0;  // mean L1 over criticised examples; NaN when there is none
    double flaggedShare = 0;  // of criticised response tokens; NaN when there is none
    std::int64_t tokens = 0;  // response tokens
    int emptyFlags = 0;       // criticised examples with nothing flagged
};

struct StepContext {
    const model::Decoder& decoder;
    const files::RoundSettings& settings;
    std::vector<const model::Adapter*> terms;  // parents first, the trained adapter last
    std::int64_t microBatchTokens = 1024;
    double dropout = 0;
    std::function<void()> betweenMicroBatches;  // interactive scoring is served there
};

StepResult accumulateStep(const StepContext& context, const std::vector<const TrainingExample*>& batch,
                          std::int64_t step);

// Flags of one example from log-probabilities (detached, any device) by the contrast, then the annotator's marks.
std::vector<char> flagsOf(const files::RoundSettings& settings, const TrainingExample& example, const at::Tensor& plain,
                          const at::Tensor& judged, const at::Tensor& other);

// FlagTime::Start: flags of every criticised example by the weights before the first step, without dropout.
void flagAtStart(const StepContext& context, std::vector<TrainingExample>& examples,
                 const std::function<void(std::int64_t, std::int64_t)>& progress);

}  // namespace stet::round
