#include "trainer/model/layers/decoder_layer.h"

#include "trainer/files/weight_layout.h"
#include "trainer/model/ops/elementwise.h"

#include <ATen/ATen.h>

namespace stet::model {

namespace {

at::Tensor find(const std::map<std::string, at::Tensor>& weights, const std::string& name)
{
    const auto it = weights.find(name);
    return it == weights.end() ? at::Tensor() : it->second;
}

}  // namespace

DecoderLayer::DecoderLayer(const files::ModelConfig& config, std::int64_t index,
                           const std::map<std::string, at::Tensor>& weights)
    : m_config(config), m_sliding(config.sliding[static_cast<std::size_t>(index)])
{
    const std::string prefix = files::layerPrefix(index);
    const auto norm = [&](at::Tensor& into, const std::string& name) {
        into = name.empty() ? at::Tensor() : find(weights, prefix + name + ".weight");
    };
    norm(m_beforeAttention, config.norms.beforeAttention);
    norm(m_afterAttention, config.norms.afterAttention);
    norm(m_beforeMlp, config.norms.beforeMlp);
    norm(m_afterMlp, config.norms.afterMlp);
    norm(m_queryNorm, "self_attn.q_norm");
    norm(m_keyNorm, "self_attn.k_norm");
    const auto linear = [&](Linear& into, const std::string& name) {
        if (const at::Tensor weight = find(weights, prefix + name + ".weight"); weight.defined()) {
            into = Linear(prefix + name, std::make_unique<DenseWeight>(weight), find(weights, prefix + name + ".bias"));
        }
    };
    linear(m_query, "self_attn.q_proj");
    linear(m_key, "self_attn.k_proj");
    linear(m_value, "self_attn.v_proj");
    linear(m_queryKeyValue, "self_attn.qkv_proj");
    linear(m_output, "self_attn.o_proj");
    linear(m_gate, "mlp.gate_proj");
    linear(m_up, "mlp.up_proj");
    linear(m_gateUp, "mlp.gate_up_proj");
    linear(m_down, "mlp.down_proj");
}

at::Tensor DecoderLayer::normed(const at::Tensor& x, const at::Tensor& weight) const
{
    return weight.defined() ? rmsNorm(x, weight, m_config) : x;
}

DecoderLayer::Heads DecoderLayer::project(const at::Tensor& x, const LayerCall& call) const
{
    const auto& c = m_config;
    Heads flat;
    if (m_queryKeyValue.defined()) {
        const std::int64_t pairs = c.kvHeads * c.headDim;
        const auto parts =
            m_queryKeyValue.forward(x, call.lora).split_with_sizes({c.heads * c.headDim, pairs, pairs}, -1);
        flat = {parts[0], parts[1], parts[2]};
    } else {
        flat = {m_query.forward(x, call.lora), m_key.forward(x, call.lora), m_value.forward(x, call.lora)};
    }
    if (c.queryKeyNorm == files::QueryKeyNorm::WholeProjection) {
        flat.query = normed(flat.query, m_queryNorm);
        flat.key = normed(flat.key, m_keyNorm);
    }
    const auto heads = [&](const at::Tensor& all, std::int64_t count) {
        return all.reshape({x.size(0), x.size(1), count, c.headDim});
    };
    Heads split{heads(flat.query, c.heads), heads(flat.key, c.kvHeads), heads(flat.value, c.kvHeads)};
    if (c.queryKeyNorm == files::QueryKeyNorm::PerHead) {
        split.query = normed(split.query, m_queryNorm);
        split.key = normed(split.key, m_keyNorm);
    }
    return {rotate(split.query.transpose(1, 2), call.rotation), rotate(split.key.transpose(1, 2), call.rotation),
            split.value.transpose(1, 2)};
}

at::Tensor DecoderLayer::attention(const at::Tensor& x, const LayerCall& call) const
{
    Heads heads = project(x, call);
    if (call.cache != nullptr) {
        heads.key = append(call.cache->keys[call.index], heads.key, call.cache->columns);
        heads.value = append(call.cache->values[call.index], heads.value, call.cache->columns);
    }
    const at::Tensor attended =
        attend(heads.query, heads.key, heads.value, call.mask, {m_config.attentionScale, m_config.attentionCap});
    const std::int64_t width = m_config.heads * m_config.headDim;
    return m_output.forward(attended.transpose(1, 2).reshape({x.size(0), x.size(1), width}), call.lora);
}

at::Tensor DecoderLayer::mlp(const at::Tensor& x, const LayerCall& call) const
{
    at::Tensor gate;
    at::Tensor up;
    if (m_gateUp.defined()) {
        const auto parts = m_gateUp.forward(x, call.lora).chunk(2, -1);
        gate = parts[0];
        up = parts[1];
    } else {
        gate = m_gate.forward(x, call.lora);
        up = m_up.forward(x, call.lora);
    }
    return m_down.forward(gated(gate, up, m_config.activation), call.lora);
}

at::Tensor DecoderLayer::forward(const at::Tensor& x, const LayerCall& call) const
{
    const double scale = m_config.residualScale;
    const at::Tensor middle =
        residual(x, normed(attention(normed(x, m_beforeAttention), call), m_afterAttention), scale);
    return residual(middle, normed(mlp(normed(middle, m_beforeMlp), call), m_afterMlp), scale);
}

}  // namespace stet::model
