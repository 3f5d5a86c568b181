// How much memory a round takes at once, and whether there is room for it, before anything large is made: what would
// fail after an hour is refused at the start. From sizes alone; any thread.
#pragma once

#include "trainer/estimate/work.h"
#include "trainer/model/device.h"

#include <cstdint>
#include <optional>

namespace stet::round {

// At most about half a second of work a micro-batch, from an estimate and never from a timing.
std::int64_t automaticMicroBatch(const model::Compute& compute, std::int64_t parameters);

struct RoundMemory {
    model::Compute compute;
    std::int64_t microBatchTokens = 1024;
    std::int64_t longest = 1;                     // padded tokens of the longest example: never split
    std::int64_t length = 0;                      // padded tokens of the longest reading; 0: the longest example is one
    double scoredShare = 1;                       // the largest share of an example's tokens that are its responses'
    double trainedShare = 1;                      // the largest share of an example's readings that have a gradient
    std::int64_t batchSize = 1;                   // a micro-batch holds no more examples
    bool withWeights = true;                      // false: the model is loaded already
    std::uint64_t free = 0;                       // bytes; 0: what the device says
    std::optional<files::AdapterConfig> adapter;  // none: rank 16 on the MLP, without dropout
    bool wholeVocabulary = false;  // a divergence keeps the distributions of two readings, and works on them
};

// Of the largest micro-batch, from what would train: everything but the device's (compute, microBatchTokens, free).
RoundMemory largestBatch(const RoundSize& size);

// Bytes of tensors at the peak: the weights, unless they are loaded already, and the largest micro-batch.
std::uint64_t neededMemory(const files::ModelConfig& config, const RoundMemory& memory);

// Failure(OutOfMemory) says how much is needed, how much is free and what to lower.
void refuseTooLittleMemory(const files::ModelConfig& config, const RoundMemory& memory);

}  // namespace stet::round
