#include "trainer/files/weight_layout.h"

namespace stet::files {

namespace {

std::vector<WeightShape> layerNormShapes(const ModelConfig& c)
{
    std::vector<WeightShape> shapes;
    for (const auto& name : {c.norms.beforeAttention, c.norms.afterAttention, c.norms.beforeMlp, c.norms.afterMlp}) {
        if (!name.empty()) {
            shapes.push_back({name + ".weight", {c.hiddenSize}});
        }
    }
    if (c.queryKeyNorm != QueryKeyNorm::None) {
        const bool whole = c.queryKeyNorm == QueryKeyNorm::WholeProjection;
        shapes.push_back({"self_attn.q_norm.weight", {whole ? c.heads * c.headDim : c.headDim}});
        shapes.push_back({"self_attn.k_norm.weight", {whole ? c.kvHeads * c.headDim : c.headDim}});
    }
    return shapes;
}

}  // namespace

std::string layerPrefix(std::int64_t layer)
{
    return "model.layers." + std::to_string(layer) + ".";
}

std::vector<LinearShape> layerLinears(const ModelConfig& c)
{
    const std::int64_t queries = c.heads * c.headDim;
    const std::int64_t pairs = c.kvHeads * c.headDim;
    const LinearShape output{"self_attn.o_proj", queries, c.hiddenSize, c.outputBias};
    const LinearShape down{"mlp.down_proj", c.intermediateSize, c.hiddenSize, c.mlpBias};
    if (c.fusedProjections) {
        return {{"self_attn.qkv_proj", c.hiddenSize, queries + 2 * pairs, c.queryKeyValueBias},
                output,
                {"mlp.gate_up_proj", c.hiddenSize, 2 * c.intermediateSize, c.mlpBias},
                down};
    }
    return {{"self_attn.q_proj", c.hiddenSize, queries, c.queryKeyValueBias},
            {"self_attn.k_proj", c.hiddenSize, pairs, c.queryKeyValueBias},
            {"self_attn.v_proj", c.hiddenSize, pairs, c.queryKeyValueBias},
            output,
            {"mlp.gate_proj", c.hiddenSize, c.intermediateSize, c.mlpBias},
            {"mlp.up_proj", c.hiddenSize, c.intermediateSize, c.mlpBias},
            down};
}

std::vector<WeightShape> weightLayout(const ModelConfig& c)
{
    std::vector<WeightShape> inLayer = layerNormShapes(c);
    for (const auto& linear : layerLinears(c)) {
        inLayer.push_back({linear.name + ".weight", {linear.out, linear.in}});
        if (linear.bias) {
            inLayer.push_back({linear.name + ".bias", {linear.out}});
        }
    }
    std::vector<WeightShape> all = {{"model.embed_tokens.weight", {c.vocabSize, c.hiddenSize}}};
    for (std::int64_t layer = 0; layer < c.layers; ++layer) {
        for (const auto& weight : inLayer) {
            all.push_back({layerPrefix(layer) + weight.name, weight.shape});
        }
    }
    all.push_back({"model.norm.weight", {c.hiddenSize}});
    if (!c.tiedEmbeddings) {
        all.push_back({"lm_head.weight", {c.vocabSize, c.hiddenSize}});
    }
    return all;
}

std::map<std::string, LinearShape> linearModules(const ModelConfig& config)
{
    std::map<std::string, LinearShape> modules;
    for (std::int64_t layer = 0; layer < config.layers; ++layer) {
        for (const auto& linear : layerLinears(config)) {
            modules[layerPrefix(layer) + linear.name] = linear;
        }
    }
    return modules;
}

std::int64_t parameterCount(const ModelConfig& config)
{
    std::int64_t count = 0;
    for (const auto& weight : weightLayout(config)) {
        std::int64_t size = 1;
        for (const auto length : weight.shape) {
            size *= length;
        }
        count += size;
    }
    return count;
}

std::string shapeText(const std::vector<std::int64_t>& shape)
{
    std::string joined = "[";
    for (const auto size : shape) {
        joined += (joined.size() > 1 ? ", " : "") + std::to_string(size);
    }
    return joined + "]";
}

}  // namespace stet::files
