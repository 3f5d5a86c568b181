#include "trainer/files/families/family.h"

#include <cmath>

namespace stet::files {

const std::vector<Family>& families()
{
    static const std::vector<Family> all = {
        {"LlamaForCausalLM", describeLlama},     {"MistralForCausalLM", describeMistral},
        {"Qwen2ForCausalLM", describeQwen2},     {"Qwen3ForCausalLM", describeQwen3},
        {"Gemma2ForCausalLM", describeGemma2},   {"Gemma3ForCausalLM", describeGemma3},
        {"Phi3ForCausalLM", describePhi3, true}, {"Olmo2ForCausalLM", describeOlmo2},
        {"GraniteForCausalLM", describeGranite},
    };
    return all;
}

namespace {

Activation activationOf(const ConfigReader& config, const SizeDefaults& defaults)
{
    const std::string name = config.text(defaults.activationField, defaults.activation);
    if (name == "silu" || name == "swish") {
        return Activation::Silu;
    }
    if (name == "gelu_pytorch_tanh") {
        return Activation::GeluTanh;
    }
    if (name == "gelu") {
        return Activation::Gelu;
    }
    throw config.refused("activation '" + name + "' is not supported; supported: silu, gelu, gelu_pytorch_tanh");
}

std::int64_t headDimOf(const ConfigReader& config, const SizeDefaults& defaults, const ModelConfig& model)
{
    if (!config.has("head_dim") && defaults.headDim == 0 && model.hiddenSize % model.heads != 0) {
        throw config.bad("hidden_size " + std::to_string(model.hiddenSize) +
                         " is not a multiple of num_attention_heads " + std::to_string(model.heads));
    }
    const std::int64_t implied = std::max<std::int64_t>(model.hiddenSize / model.heads, 1);
    return config.size("head_dim", defaults.headDim > 0 ? defaults.headDim : implied);
}

}  // namespace

std::int64_t readSizes(const ConfigReader& config, const SizeDefaults& defaults, ModelConfig& model)
{
    model.hiddenSize = config.size("hidden_size");
    model.intermediateSize = config.size("intermediate_size");
    model.layers = config.size("num_hidden_layers");
    model.heads = config.size("num_attention_heads");
    model.kvHeads = config.size("num_key_value_heads", model.heads);
    model.headDim = headDimOf(config, defaults, model);
    model.vocabSize = config.size("vocab_size");
    model.rmsNormEps = config.positive("rms_norm_eps", defaults.rmsNormEps);
    model.tiedEmbeddings = config.flag("tie_word_embeddings", defaults.tied);
    model.activation = activationOf(config, defaults);
    model.attentionScale = 1 / std::sqrt(static_cast<double>(model.headDim));
    if (model.layers > 10000) {
        throw config.bad("num_hidden_layers " + std::to_string(model.layers) + " is more than can be");
    }
    model.contextLength = config.size("max_position_embeddings", defaults.maxPositions);
    model.sliding.assign(static_cast<std::size_t>(model.layers), false);
    return model.contextLength;
}

void useRope(const ConfigReader& config, const RopeDefaults& defaults, ModelConfig& model)
{
    RopeDefaults resolved = defaults;
    resolved.maxPositions = model.contextLength;
    model.rope = readRope(config, model.headDim, resolved);
    model.slidingRope = model.rope;
    model.contextLength = stretchedContext(model.rope, resolved.maxPositions);
}

void useWindowEverywhere(const ConfigReader& config, std::optional<std::int64_t> fallback, ModelConfig& model)
{
    const bool given = config.json().contains("sliding_window");
    if (given ? !config.has("sliding_window") : !fallback) {
        return;
    }
    model.window = config.size("sliding_window", fallback);
    model.sliding.assign(static_cast<std::size_t>(model.layers), true);
}

void useLayerTypes(const ConfigReader& config, SlidingRule rule, ModelConfig& model)
{
    const auto types = config.json().find("layer_types");
    const bool given = types != config.json().end() && !types->is_null();
    if (given && (!types->is_array() || static_cast<std::int64_t>(types->size()) != model.layers)) {
        throw config.bad("field 'layer_types' must name a type for each of the " + std::to_string(model.layers) +
                         " layers");
    }
    for (std::int64_t layer = 0; layer < model.layers; ++layer) {
        const auto index = static_cast<std::size_t>(layer);
        if (!given) {
            model.sliding[index] = rule(config, layer);
            continue;
        }
        const Json& type = (*types)[index];
        if (type != "sliding_attention" && type != "full_attention") {
            throw config.refused("layer type " + type.dump() +
                                 " is not supported; supported: full_attention, sliding_attention");
        }
        model.sliding[index] = type == "sliding_attention";
    }
}

}  // namespace stet::files
