#include "trainer/model/layers/decoder_layer.h"

#include "base/failure.h"
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

// Makes the tensors of these names one, which they become views of: not held twice. Empty where none is there.
DenseWeight::Rows joined(const std::vector<std::string>& names, std::map<std::string, at::Tensor>& weights)
{
    DenseWeight::Rows rows;
    for (const auto& name : names) {
        if (const at::Tensor part = find(weights, name); part.defined()) {
            rows.parts.push_back(part);
        }
    }
    if (rows.parts.size() < 2) {
        rows.whole = rows.parts.empty() ? at::Tensor() : rows.parts.front();
        return rows;
    }
    if (rows.parts.size() != names.size()) {
        throw Failure(FailureKind::Internal, names.front() + " has no partners to be joined with");
    }
    rows.whole = at::cat(rows.parts);
    std::int64_t begin = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
        at::Tensor& part = rows.parts[i];
        part = rows.whole.narrow(0, begin, part.size(0));
        weights.at(names[i]) = part;
        begin += part.size(0);
    }
    return rows;
}

// The modules that read the same input as one product; undefined where the family has none of them.
Linear linear(const std::string& prefix, const std::vector<std::string>& names,
              std::map<std::string, at::Tensor>& weights)
{
    std::vector<Linear::Module> modules;
    std::vector<std::string> tensors;
    std::vector<std::string> biases;
    std::int64_t begin = 0;
    for (const auto& name : names) {
        const at::Tensor weight = find(weights, prefix + name + ".weight");
        if (!weight.defined()) {
            return {};
        }
        modules.push_back({prefix + name, begin, weight.size(0)});
        begin += weight.size(0);
        tensors.push_back(prefix + name + ".weight");
        biases.push_back(prefix + name + ".bias");
    }
    return {std::move(modules), std::make_shared<DenseWeight>(joined(tensors, weights), joined(biases, weights))};
}

}  // namespace

DecoderLayer::DecoderLayer(const files::ModelConfig& config, std::int64_t index,
                           std::map<std::string, at::Tensor>& weights)
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
    m_queryKeyValue = linear(prefix, {"self_attn.qkv_proj"}, weights);
    if (!m_queryKeyValue.defined()) {
        m_queryKeyValue = linear(prefix, {"self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"}, weights);
    }
    m_output = linear(prefix, {"self_attn.o_proj"}, weights);
    m_gateUp = linear(prefix, {"mlp.gate_up_proj"}, weights);
    if (!m_gateUp.defined()) {
        m_gateUp = linear(prefix, {"mlp.gate_proj", "mlp.up_proj"}, weights);
    }
    m_down = linear(prefix, {"mlp.down_proj"}, weights);
}

at::Tensor DecoderLayer::normed(const at::Tensor& x, const at::Tensor& weight) const
{
    return weight.defined() ? rmsNorm(x, weight, m_config) : x;
}

DecoderLayer::Heads DecoderLayer::project(const at::Tensor& x, const LayerCall& call) const
{
    const auto& c = m_config;
    const std::int64_t pairs = c.kvHeads * c.headDim;
    const auto parts = m_queryKeyValue.forward(x, call.lora).split_with_sizes({c.heads * c.headDim, pairs, pairs}, -1);
    Heads flat{parts[0], parts[1], parts[2]};
    if (c.queryKeyNorm == files::QueryKeyNorm::WholeProjection) {
        flat.query = normed(flat.query, m_queryNorm);
        flat.key = normed(flat.key, m_keyNorm);
    }
    const auto heads = [&](const at::Tensor& all, std::int64_t count) {
        return all.view({x.size(0), x.size(1), count, c.headDim});
    };
    Heads split{heads(flat.query, c.heads), heads(flat.key, c.kvHeads), heads(flat.value, c.kvHeads)};
    if (c.queryKeyNorm == files::QueryKeyNorm::PerHead) {
        split.query = normed(split.query, m_queryNorm);
        split.key = normed(split.key, m_keyNorm);
    }
    return {rotate(split.query, call.rotation), rotate(split.key, call.rotation), split.value};
}

at::Tensor DecoderLayer::attention(const at::Tensor& x, const LayerCall& call) const
{
    Heads heads = project(x, call);
    if (call.cache != nullptr) {
        const auto all = [&](std::vector<at::Tensor>& stores, const at::Tensor& fresh) {
            return append(stores[call.index], fresh.transpose(1, 2), call.cache->columns).transpose(1, 2);
        };
        heads.key = all(call.cache->keys, heads.key);
        heads.value = all(call.cache->values, heads.value);
    }
    return m_output.forward(attend(heads.query, heads.key, heads.value, call.mask, call.placement,
                                   {m_config.attentionScale, m_config.attentionCap}),
                            call.lora);
}

at::Tensor DecoderLayer::mlp(const at::Tensor& x, const LayerCall& call) const
{
    return m_down.forward(gated(m_gateUp.forward(x, call.lora), m_config.activation), call.lora);
}

at::Tensor DecoderLayer::forward(const at::Tensor& x, const LayerCall& call) const
{
    const double scale = m_config.residualScale;
    const at::Tensor middle =
        residual(x, normed(attention(normed(x, m_beforeAttention), call), m_afterAttention), scale);
    return residual(middle, normed(mlp(normed(middle, m_beforeMlp), call), m_afterMlp), scale);
}

}  // namespace stet::model
