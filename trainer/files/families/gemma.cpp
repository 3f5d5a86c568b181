// Gemma 2 (soft caps, every other layer with a window) and the text models of Gemma 3 (normalised queries and keys, a
// rope of its own for layers with a window). Source: modeling_gemma2.py, modeling_gemma3.py.
#include "trainer/files/families/family.h"

#include <cmath>

namespace stet::files {

namespace {

SizeDefaults gemmaSizes(std::int64_t maxPositions)
{
    SizeDefaults sizes;
    sizes.maxPositions = maxPositions;
    sizes.headDim = 256;
    sizes.tied = true;
    sizes.activationField = "hidden_activation";
    sizes.activation = "gelu_pytorch_tanh";
    return sizes;
}

// A cap that is null is off; one that is absent has the family's value.
double capOf(const ConfigReader& config, const char* field, double fallback)
{
    return config.json().contains(field) && !config.has(field)
        ? 0
        : config.positiveIfThere(field, fallback > 0 ? std::optional(fallback) : std::nullopt).value_or(0);
}

void describeGemma(const ConfigReader& config, ModelConfig& model)
{
    if (config.flag("use_bidirectional_attention", false)) {
        throw config.refused("'use_bidirectional_attention' is not supported: the model reads answers both ways");
    }
    model.norms = {"input_layernorm", "post_attention_layernorm", "pre_feedforward_layernorm",
                   "post_feedforward_layernorm"};
    model.normWeightPlusOne = true;
    model.normWeightInFloat32 = true;
    model.queryKeyValueBias = model.outputBias = config.flag("attention_bias", false);
    model.attentionScale = 1 / std::sqrt(config.positive("query_pre_attn_scalar", 256.0));
    model.embeddingScale = std::sqrt(static_cast<double>(model.hiddenSize));
    model.embeddingScaleRounded = true;
    useWindowEverywhere(config, 4096, model);
}

bool everyOther(const ConfigReader& /*config*/, std::int64_t layer)
{
    return layer % 2 == 0;
}

bool allButEverySixth(const ConfigReader& config, std::int64_t layer)
{
    return (layer + 1) % config.size("sliding_window_pattern", 6) != 0;
}

// Today rope_parameters holds one object per layer type; yesterday rope_theta and rope_scaling belonged to the layers
// without a window, rope_local_base_freq to those with one.
void useRopeByLayerType(const ConfigReader& config, ModelConfig& model)
{
    RopeDefaults global;
    global.maxPositions = model.contextLength;
    global.theta = config.positive("rope_theta", 1000000.0);
    RopeDefaults local = global;
    local.theta = config.positive("rope_local_base_freq", 10000.0);
    std::optional<ConfigReader> forFull = config.object("rope_scaling");
    std::optional<ConfigReader> forSliding;
    if (const auto both = config.object("rope_parameters")) {
        const auto full = both->object("full_attention");
        if (full && !forFull) {
            forFull.emplace(*full);
        }
        if (const auto sliding = both->object("sliding_attention")) {
            forSliding.emplace(*sliding);
        }
    }
    model.rope = readRopeSettings(forFull, config, model.headDim, global);
    model.slidingRope = readRopeSettings(forSliding, config, model.headDim, local);
}

}  // namespace

void describeGemma2(const ConfigReader& config, ModelConfig& model)
{
    readSizes(config, gemmaSizes(8192), model);
    describeGemma(config, model);
    model.attentionCap = capOf(config, "attn_logit_softcapping", 50);
    model.logitCap = capOf(config, "final_logit_softcapping", 30);
    if (model.window > 0) {
        useLayerTypes(config, everyOther, model);
    }
    useRope(config, {}, model);
}

void describeGemma3(const ConfigReader& config, ModelConfig& model)
{
    readSizes(config, gemmaSizes(131072), model);
    describeGemma(config, model);
    model.queryKeyNorm = QueryKeyNorm::PerHead;
    model.logitCap = capOf(config, "final_logit_softcapping", 0);
    if (model.window > 0) {
        useLayerTypes(config, allButEverySixth, model);
    }
    // The settings are scaled for max_position_embeddings already: nothing stretches it.
    useRopeByLayerType(config, model);
}

}  // namespace stet::files
