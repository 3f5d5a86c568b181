// The Llama decoder on ATen: weights loaded once (compute dtype), forward written for padded batches. Owned by the
// compute thread. Proved against Transformers (tests/golden). Reference for names: modeling_llama.py.
#pragma once

#include "trainer/files/model_folder.h"
#include "trainer/model/adapter.h"
#include "trainer/model/device.h"

#include <ATen/core/Tensor.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace stet::model {

// Keys and values of one batch, for generation and for cached prefixes. Grows as tokens are fed.
struct KeyValueCache {
    std::vector<at::Tensor> keys;  // per layer [B, kv_heads, T, head_dim]
    std::vector<at::Tensor> values;
    std::int64_t length = 0;
};

// Called between layers; returning true abandons the forward by throwing Cancelled.
using CancelCheck = std::function<bool()>;

// Thrown when a CancelCheck said so. Not a failure.
struct Cancelled { };

class Decoder {
public:
    // Refuses by estimate before loading (Failure OutOfMemory); progress(fraction) may be empty.
    static std::unique_ptr<Decoder> load(const files::ModelFolder& folder, const Compute& compute,
                                         const std::function<void(double)>& progress = {});
    // Fresh weights for `pretrain`: normal(0, 0.02), norms 1, from the seed.
    static std::unique_ptr<Decoder> create(const files::ModelConfig& config, const Compute& compute,
                                           std::uint64_t seed);

    // ids: [B, T] int64, rows right-padded with any valid id (causal attention never looks right). Returns hidden
    // states after the final norm, [B, T, H] in compute dtype. Differentiable when grad mode is on. With a cache, T
    // continues at cache->length.
    at::Tensor hiddenStates(const at::Tensor& ids, const Adapters& adapters, KeyValueCache* cache = nullptr,
                            const CancelCheck& cancelled = {}) const;

    // hidden: [N, H] → logits [N, V] float32.
    at::Tensor logits(const at::Tensor& hidden) const;

    const files::ModelConfig& config() const;
    const Compute& compute() const;
    // All weights by Hugging Face name (tied head absent). For pretrain and merge; shared storage, not copies.
    std::map<std::string, at::Tensor> weights() const;
    // Linear modules an adapter may target: name → {in, out}.
    std::map<std::string, std::pair<std::int64_t, std::int64_t>> linearModules() const;

    ~Decoder();

private:
    struct Weights;
    explicit Decoder(std::unique_ptr<Weights> weights);
    std::unique_ptr<Weights> m_weights;
};

}  // namespace stet::model
