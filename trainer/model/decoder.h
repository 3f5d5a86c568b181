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

// Keys and values of one batch, for generation and cached prefixes. The first call fills the columns of the
// (right-padded) prompts; later calls add columns shared by all rows. Padding columns of a row are masked, and
// positions count a row's real tokens only. Made empty by the caller with the rows' prompt lengths; filled by the
// decoder. Inference only.
struct KeyValueCache {
    std::vector<std::int64_t> promptLengths;  // real tokens of each row's prompt, one per row
    std::int64_t promptColumns = 0;           // columns filled by the first call
    std::int64_t columns = 0;                 // columns filled so far
    std::vector<at::Tensor> keys;             // per layer [B, kv_heads, capacity ≥ columns, head_dim]
    std::vector<at::Tensor> values;
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
    std::int64_t parameterCount() const;
    // All weights by Hugging Face name (tied head absent). For pretrain and merge; shared storage, not copies.
    std::map<std::string, at::Tensor> weights() const;
    // Linear modules an adapter may target: name → {in, out}.
    std::map<std::string, std::pair<std::int64_t, std::int64_t>> linearModules() const;

    ~Decoder();

private:
    struct Layer;
    struct Weights;
    explicit Decoder(std::unique_ptr<Weights> weights);
    static std::unique_ptr<Weights> shell(const files::ModelConfig& config, const Compute& compute);

    std::unique_ptr<Weights> m_weights;
};

}  // namespace stet::model
