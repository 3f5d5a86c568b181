// What only a family has in its metadata, and what llama.cpp takes for granted of it (src/models/*.cpp): a folder that
// is otherwise would be another model there.
#include "trainer/files/gguf/folder_parts.h"

#include <algorithm>
#include <cmath>

namespace stet::files::gguf {

namespace {

void require(bool as, const ModelFolder& folder, const std::string& reason)
{
    if (!as) {
        throw notInGguf(folder.path, reason);
    }
}

// The scale of queries is not in the file; llama.cpp knows the one size that has another, by its number of layers.
void requireQueryScale(const ModelFolder& folder, std::int64_t layersOfOther)
{
    const ModelConfig& config = folder.config;
    const std::int64_t squared = config.layers == layersOfOther ? config.hiddenSize / config.heads : config.headDim;
    const double usual = 1 / std::sqrt(static_cast<double>(squared));
    require(std::abs(config.attentionScale / usual - 1) < 1e-9, folder,
            "its query_pre_attn_scalar is not the one that llama.cpp takes for a model of its size");
}

bool slidesBy(const ModelConfig& config, bool (*rule)(std::size_t layer))
{
    for (std::size_t layer = 0; layer < config.sliding.size(); ++layer) {
        if (config.sliding[layer] != rule(layer)) {
            return false;
        }
    }
    return true;
}

void addGemma2(const ModelFolder& folder, SettingPairs& pairs)
{
    const ModelConfig& config = folder.config;
    requireQueryScale(folder, 46);
    require(config.window > 0 && slidesBy(config, [](std::size_t layer) { return layer % 2 == 0; }), folder,
            "a Gemma 2 there has a sliding window in every other layer");
    require(config.attentionCap > 0 && config.logitCap > 0, folder, "a Gemma 2 there caps its scores and its logits");
    require(config.tiedEmbeddings, folder, "a Gemma 2 there has no head of its own");
    pairs.whole("attention.sliding_window", config.window);
    pairs.real("attn_logit_softcapping", config.attentionCap);
    pairs.real("final_logit_softcapping", config.logitCap);
}

// Programs older than the key for the pattern know the usual one alone: it is left unsaid.
void addGemma3(const ModelFolder& folder, SettingPairs& pairs)
{
    const ModelConfig& config = folder.config;
    requireQueryScale(folder, 62);
    if (config.window > 0) {
        pairs.whole("attention.sliding_window", config.window);
        require(config.slidingRope.type == RopeType::Default, folder,
                "only the rope of layers without a window may be scaled");
        pairs.real("rope.freq_base_swa", config.slidingRope.theta);
        if (!slidesBy(config, [](std::size_t layer) { return layer % 6 != 5; })) {
            pairs.flags("attention.sliding_window_pattern", config.sliding);
        }
    }
    if (config.logitCap > 0) {
        pairs.real("final_logit_softcapping", config.logitCap);
    }
}

// llama.cpp leaves the window aside; 0 tells Phi-4, which has none, from the others.
void addPhi3(const ModelFolder& folder, SettingPairs& pairs)
{
    const ModelConfig& config = folder.config;
    require(config.heads * config.headDim == config.hiddenSize, folder,
            "a Phi-3 there has heads that are as wide as its hidden states");
    pairs.whole("attention.sliding_window", config.window);
}

void addGranite(const ModelFolder& folder, SettingPairs& pairs)
{
    const ModelConfig& config = folder.config;
    pairs.real("attention.scale", config.attentionScale);
    pairs.real("embedding_scale", config.embeddingScale);
    pairs.real("residual_scale", config.residualScale);
    pairs.real("logit_scale", config.logitDivisor);
}

}  // namespace

void addFamily(const ModelFolder& folder, SettingPairs& pairs)
{
    const ModelConfig& config = folder.config;
    const std::string& name = pairs.architecture();
    const bool gemma = name.starts_with("gemma");
    require(config.activation == (gemma ? Activation::GeluTanh : Activation::Silu), folder,
            std::string("its activation is not ") + (gemma ? "gelu_pytorch_tanh" : "silu"));
    require(!gemma || !config.queryKeyValueBias, folder, "its attention has biases");
    require(name == "llama" || (!config.outputBias && !config.mlpBias), folder,
            "its linear layers have biases that llama.cpp does not read");
    if (name == "gemma2") {
        addGemma2(folder, pairs);
    } else if (name == "gemma3") {
        addGemma3(folder, pairs);
    } else if (name == "phi3") {
        addPhi3(folder, pairs);
    } else if (name == "granite") {
        addGranite(folder, pairs);
    }
}

}  // namespace stet::files::gguf
