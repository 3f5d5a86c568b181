// The decoder on ATen: weights loaded once (compute dtype), forward over a SequenceBatch. What a family does is
// read from files::ModelConfig; nothing here knows a family's name. Owned by the compute thread. Proved against
// Transformers (tests/golden). Reference for names: modeling_<family>.py.
#pragma once

#include "trainer/files/model_folder.h"
#include "trainer/model/adapter.h"
#include "trainer/model/batch/sequence_batch.h"
#include "trainer/model/device.h"
#include "trainer/model/ops/attention.h"

#include <ATen/core/Tensor.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace stet::model {

// Called between layers; returning true abandons the forward by throwing Cancelled.
using CancelCheck = std::function<bool()>;

// Thrown when a CancelCheck said so. Not a failure.
struct Cancelled { };

class Decoder {
public:
    // Refuses by estimate before loading (Failure OutOfMemory); progress(fraction) may be empty.
    static std::unique_ptr<Decoder> load(const files::ModelFolder& folder, const Compute& compute,
                                         const std::function<void(double)>& progress = {});
    // Fresh weights for `pretrain`: normal(0, 0.02), norms that change nothing, biases 0, from the seed.
    static std::unique_ptr<Decoder> create(const files::ModelConfig& config, const Compute& compute,
                                           std::uint64_t seed);

    // Hidden states after the final norm, [B, T, H] in compute dtype. Differentiable when grad mode is on. With a
    // cache, the batch is rows, and T continues at its columns.
    at::Tensor hiddenStates(const SequenceBatch& batch, const Adapters& adapters, KeyValueCache* cache = nullptr,
                            const CancelCheck& cancelled = {}) const;

    // hidden: [N, H] → logits [N, V] float32.
    at::Tensor logits(const at::Tensor& hidden) const;
    // hidden: [N, H], targets: [N] int64 → [N] float32: the targets' log-probabilities, without ever holding logits of
    // the whole vocabulary for all of them. Differentiable in `hidden`.
    at::Tensor logProbs(const at::Tensor& hidden, const at::Tensor& targets) const;

    // True where a sequence that grows from `before` to `after` tokens needs its cache filled anew.
    bool outgrowsCache(std::int64_t before, std::int64_t after) const;

    const files::ModelConfig& config() const;
    const Compute& compute() const;
    std::int64_t parameterCount() const;
    // All weights by Hugging Face name (tied head absent). For pretrain and merge; shared storage, not copies.
    const std::map<std::string, at::Tensor>& weights() const;

    ~Decoder();

private:
    struct Weights;
    using MakeTensor = std::function<at::Tensor(const std::string& name, const std::vector<std::int64_t>& shape)>;
    Decoder(const files::ModelConfig& config, const Compute& compute, const MakeTensor& make);

    std::unique_ptr<Weights> m_weights;
};

}  // namespace stet::model
