// How large a round's micro-batches may become, from its settings and encoded examples: for the check of memory and for
// previews. Pure. Any thread.
#pragma once

#include "trainer/round/memory_check.h"
#include "trainer/round/training_set.h"

namespace stet::round {

// Everything but the device's: compute, microBatchTokens, free. settings.loraTargets must be resolved.
// Failure(BadInput/ModelRefused): as trainedConfig's.
RoundMemory largestBatch(const files::RoundSettings& settings, const files::ModelConfig& model, const TrainingSet& set);

}  // namespace stet::round
