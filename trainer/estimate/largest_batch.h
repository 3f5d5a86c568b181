// How large a round's micro-batches may become, from its settings and encoded examples: for the check of memory and for
// previews. Pure. Any thread.
#pragma once

#include "trainer/estimate/memory_check.h"
#include "trainer/dataset/training_set.h"

namespace stet::round {

// Everything but the device's: compute, microBatchTokens, free. adapter: what is trained.
RoundMemory largestBatch(const files::RoundSettings& settings, const files::AdapterConfig& adapter,
                         const TrainingSet& set);

}  // namespace stet::round
