// One layer of the decoder: norms, attention, MLP and their residuals, with what an adapter adds. Made by the decoder,
// which owns the tensors; compute thread. Shapes: x is [B, T, H].
#pragma once

#include "trainer/files/model_config.h"
#include "trainer/model/layers/linear.h"
#include "trainer/model/ops/attention.h"
#include "trainer/model/ops/rotary.h"

#include <ATen/core/Tensor.h>

#include <map>
#include <string>

namespace stet::model {

// What a layer needs to know of the call.
struct LayerCall {
    const LoraBranches& lora;
    const Placement& placement;
    const Rotation& rotation;
    const at::Tensor& mask;          // undefined: causal
    KeyValueCache* cache = nullptr;  // null: none
    std::size_t index = 0;           // of the layer, in the cache
};

class DecoderLayer {
public:
    // Takes its tensors from `weights` by name. What reads the same input is made one tensor, of which the tensors in
    // `weights` become views. The config is borrowed for the layer's life.
    DecoderLayer(const files::ModelConfig& config, std::int64_t index, std::map<std::string, at::Tensor>& weights);

    at::Tensor forward(const at::Tensor& x, const LayerCall& call) const;
    bool sliding() const { return m_sliding; }

private:
    struct Heads {
        at::Tensor query, key, value;  // [B, T, heads, head_dim]
    };
    Heads project(const at::Tensor& x, const LayerCall& call) const;
    at::Tensor attention(const at::Tensor& x, const LayerCall& call) const;
    at::Tensor mlp(const at::Tensor& x, const LayerCall& call) const;
    at::Tensor normed(const at::Tensor& x, const at::Tensor& weight) const;  // x itself without such a norm

    const files::ModelConfig& m_config;
    bool m_sliding = false;
    at::Tensor m_beforeAttention, m_afterAttention, m_beforeMlp, m_afterMlp, m_queryNorm, m_keyNorm;
    Linear m_queryKeyValue, m_output, m_gateUp, m_down;
};

}  // namespace stet::model
