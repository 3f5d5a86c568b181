#include "trainer/files/gguf/weights.h"

#include "base/json.h"
#include "trainer/files/gguf/architecture.h"
#include "trainer/files/weight_layout.h"

#include <array>
#include <set>
#include <string_view>
#include <utility>

namespace stet::files::gguf {

namespace {

using Names = std::pair<std::string_view, std::string_view>;

constexpr std::array<Names, 3> kOutside = {
    {{"model.embed_tokens.", "token_embd."}, {"model.norm.", "output_norm."}, {"lm_head.", "output."}}};

// Below a layer. What a family calls post_attention_layernorm is one of two things, see nameInFile.
constexpr std::array<Names, 14> kInLayer = {{{"input_layernorm.", "attn_norm."},
                                             {"self_attn.q_proj.", "attn_q."},
                                             {"self_attn.k_proj.", "attn_k."},
                                             {"self_attn.v_proj.", "attn_v."},
                                             {"self_attn.qkv_proj.", "attn_qkv."},
                                             {"self_attn.o_proj.", "attn_output."},
                                             {"self_attn.q_norm.", "attn_q_norm."},
                                             {"self_attn.k_norm.", "attn_k_norm."},
                                             {"mlp.gate_proj.", "ffn_gate."},
                                             {"mlp.up_proj.", "ffn_up."},
                                             {"mlp.gate_up_proj.", "ffn_up."},
                                             {"mlp.down_proj.", "ffn_down."},
                                             {"pre_feedforward_layernorm.", "ffn_norm."},
                                             {"post_feedforward_layernorm.", "post_ffw_norm."}}};

template <typename Table> std::string renamed(const Table& table, std::string_view name)
{
    for (const auto& [from, to] : table) {
        if (name.starts_with(from)) {
            return std::string(to) + std::string(name.substr(from.size()));
        }
    }
    return {};
}

// "model.layers.3.mlp.up_proj.weight" → "blk.3.ffn_up.weight".
std::string nameInFile(const std::string& name, const ModelConfig& config)
{
    constexpr std::string_view kLayers = "model.layers.";
    if (!name.starts_with(kLayers)) {
        return renamed(kOutside, name);
    }
    const std::size_t dot = name.find('.', kLayers.size());
    const std::string_view inLayer = std::string_view(name).substr(dot + 1);
    constexpr std::string_view kNorm = "post_attention_layernorm.";
    std::string leaf = renamed(kInLayer, inLayer);
    if (inLayer.starts_with(kNorm)) {
        const bool beforeMlp = config.norms.beforeMlp == "post_attention_layernorm";
        leaf = (beforeMlp ? "ffn_norm." : "post_attention_norm.") + std::string(inLayer.substr(kNorm.size()));
    }
    return "blk." + name.substr(kLayers.size(), dot - kLayers.size()) + "." + leaf;
}

const TensorPlace& tensorOf(const ModelFile& model, const std::string& name, const std::vector<std::int64_t>& shape)
{
    const auto it = model.tensors.find(name);
    if (it == model.tensors.end()) {
        throw badInput(model.path + ": it lacks the tensor '" + name +
                       "' that its metadata call for; download the "
                       "file again");
    }
    if (it->second.shape != shape) {
        throw badInput(model.path + ": tensor '" + name + "' has shape " + shapeText(it->second.shape) +
                       ", its metadata call for " + shapeText(shape));
    }
    return it->second;
}

// Factors of the rotation, which the settings have taken in.
bool isRope(const std::string& name)
{
    return name == "rope_freqs.weight" || name == "rope_factors_long.weight" || name == "rope_factors_short.weight";
}

}  // namespace

StoredAs storedAs(const std::string& name, const ModelConfig& config, bool pairedRows)
{
    const bool queries = name.find(".self_attn.q_proj.") != std::string::npos;
    const bool keys = name.find(".self_attn.k_proj.") != std::string::npos;
    if (pairedRows && (queries || keys)) {
        return {nameInFile(name, config), Change::PairedRows, queries ? config.heads : config.kvHeads};
    }
    const bool norm = name.ends_with("norm.weight");
    return {nameInFile(name, config), norm && config.normWeightPlusOne ? Change::PlusOne : Change::None, 0};
}

std::map<std::string, WeightPlace> weightsOf(const ModelFile& model, const ModelConfig& config)
{
    const bool pairedRows = architectureOf(model.metadata).pairedRows;
    std::map<std::string, WeightPlace> places;
    std::set<std::string> read;
    for (const auto& [name, shape] : weightLayout(config)) {
        const StoredAs stored = storedAs(name, config, pairedRows);
        places.emplace(name, WeightPlace{tensorOf(model, stored.name, shape), stored.change, stored.heads});
        read.insert(stored.name);
    }
    for (const auto& [name, tensor] : model.tensors) {
        if (read.count(name) == 0 && !isRope(name)) {
            throw model.metadata.refused("tensor " + toLine(name) + " is not one that " + config.architecture +
                                         " has: the model differs from those that are read");
        }
    }
    return places;
}

}  // namespace stet::files::gguf
