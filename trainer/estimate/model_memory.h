// How much memory work with a model takes at its peak, from its headers alone: bytes of tensors. Checked against the
// allocator's own count (model/memory_meter, `stet-trainer bench --memory`, docs/evidence.md). Pure. Any thread.
#pragma once

#include "trainer/files/adapter_config.h"
#include "trainer/files/model_config.h"
#include "trainer/model/batch/sequence_batch.h"
#include "trainer/model/device.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace stet::round {

using model::BatchShape;

// What is trained.
struct AdapterShape {
    std::map<std::string, std::int64_t> ranks;  // "model.layers.0.mlp.gate_proj" → rank
    bool dropout = false;
};
// Failure(ModelRefused) where the adapter means nothing of this model.
AdapterShape adapterShape(const files::ModelConfig& config, const files::AdapterConfig& adapter);

// What a training step holds at once.
struct MicroBatch {
    BatchShape trained;        // read with gradient
    BatchShape detected = {};  // then read without, while what the backward needs is kept; no tokens: nothing is
    // Tokens of each example whose distributions over the vocabulary are compared, trained with detected, in order;
    // empty: the objective reads the log-probabilities of the tokens alone.
    std::vector<std::int64_t> compared = {};
    bool drift = false;  // compared as ftpo does it, not as a divergence
};

// Beside the weights: one forward without gradient; the same with ranks, as the heat-map wants it; one micro-batch
// forwards and backwards, with the adapter, its gradients and the optimizer's averages.
std::uint64_t readingMemory(const files::ModelConfig& config, const model::Compute& compute, const BatchShape& batch);
std::uint64_t scoreMemory(const files::ModelConfig& config, const model::Compute& compute, const BatchShape& batch);
std::uint64_t trainingMemory(const files::ModelConfig& config, const model::Compute& compute, const MicroBatch& batch,
                             const AdapterShape& adapter);

// What a model needs, from its headers alone. Bytes of tensors at the peak. The
// first answer about a model folder.
struct MemoryEstimate {
    std::uint64_t weights = 0;  // in the compute dtype
    std::uint64_t score = 0;    // weights + one pass over a full context, of at most 2048 tokens
    std::uint64_t round = 0;    // weights + one micro-batch with its backward, rank-16 adapter and optimizer
};
MemoryEstimate estimateMemory(const files::ModelConfig& config, const model::Compute& compute,
                              std::int64_t microBatchTokens = 1024);

}  // namespace stet::round
