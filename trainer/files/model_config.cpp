#include "trainer/files/model_config.h"

#include "trainer/files/families/family.h"

#include <algorithm>

namespace stet::files {

namespace {

constexpr std::int64_t kMaxSize = std::int64_t{1} << 32;

std::string architectureOf(const ConfigReader& config)
{
    const auto it = config.json().find("architectures");
    if (it != config.json().end() && it->is_array() && !it->empty() && it->front().is_string()) {
        return it->front().get<std::string>();
    }
    const std::string type = config.text("model_type", "");
    throw config.refused("it names no architecture" + (type.empty() ? "" : " (model_type '" + type + "')") +
                         "; supported: " + supportedArchitectures());
}

// Settings of the language model may stand in `text_config`, beside those of other parts: they win over the outer ones.
Json flattened(const Json& json)
{
    const auto inner = json.find("text_config");
    if (inner == json.end() || !inner->is_object()) {
        return json;
    }
    Json flat = json;
    flat.erase("text_config");
    for (const auto& [name, value] : inner->items()) {
        if (name != "architectures" || !flat.contains("architectures")) {
            flat[name] = value;
        }
    }
    return flat;
}

// Empty when the weights are plain. MLX writes its settings under two names, neither with a method's; bitsandbytes once
// wrote no method either.
std::string quantisationOf(const ConfigReader& config)
{
    const bool mlx = config.object("quantization").has_value();
    for (const char* field : {"quantization_config", "compression_config", "quantization"}) {
        if (const auto settings = config.object(field)) {
            const bool bits = settings->has("load_in_8bit") || settings->has("load_in_4bit");
            return settings->text("quant_method", mlx ? "MLX" : bits ? "bitsandbytes" : "unknown");
        }
    }
    return "";
}

void refuseWhatIsNoPlainDecoder(const ConfigReader& config, const std::string& architecture)
{
    for (const char* part : {"vision_config", "audio_config", "speech_config"}) {
        if (config.has(part)) {
            throw config.refused("architecture " + architecture + " also reads images or sound ('" + part +
                                 "'), which is not supported; use a text-only model");
        }
    }
    for (const char* field : {"num_local_experts", "num_experts", "n_routed_experts", "moe_num_experts"}) {
        if (optionalInteger(config.json(), field, config.what()).value_or(0) > 1) {
            throw config.refused("architecture " + architecture + " is a mixture of experts ('" + field +
                                 "'), which is not supported; use a dense model");
        }
    }
    const std::string method = quantisationOf(config);
    if (!method.empty()) {
        throw config.refused("quantised weights ('" + method + "') are not supported; use the unquantised model");
    }
    if (config.flag("is_encoder_decoder", false)) {
        throw config.refused("architecture " + architecture + " has an encoder, which is not supported");
    }
}

// A folder's own code is never run. What it names for other tasks (a classifier's head, a tokenizer) isn't asked for
// here, and Transformers passes it over, too. Where a family's early checkpoints name the very class that Transformers
// has taken in since, that name is passed over.
void refuseOwnCode(const ConfigReader& config, const Family& family)
{
    const auto map = config.object("auto_map");
    if (!map) {
        return;
    }
    const std::string architecture = family.architecture;
    for (const char* task : {"AutoModelForCausalLM", "AutoModel"}) {
        const std::string named = map->text(task, "");
        if (named.empty() || (family.passesOverOwnCode && named.ends_with("." + architecture))) {
            continue;
        }
        throw config.refused("it asks to run code of its own ('auto_map': " + std::string(task) + " is '" + named +
                             "'), which is never done; needed is a plain " + architecture + ": use a model without it");
    }
}

// "LlamaForSequenceClassification" is a model of a known family with a head that writes no text.
std::string otherTask(const std::string& architecture)
{
    const auto end = architecture.find("For");
    const auto family = architecture.substr(0, end);
    const bool known = end != std::string::npos &&
        std::any_of(families().begin(), families().end(),
                    [&](const Family& one) { return one.architecture == family + "ForCausalLM"; });
    return known ? " (it is made for another task than writing text)" : "";
}

const Family& familyOf(const ConfigReader& config, const std::string& architecture)
{
    for (const Family& family : families()) {
        if (family.architecture == architecture) {
            return family;
        }
    }
    throw config.refused("architecture " + architecture + " is not supported" + otherTask(architecture) +
                         "; supported: " + supportedArchitectures());
}

void checkSizes(const ModelConfig& model, const ConfigReader& config)
{
    if (model.heads % model.kvHeads != 0) {
        throw config.bad("num_attention_heads " + std::to_string(model.heads) +
                         " is not a multiple of num_key_value_heads " + std::to_string(model.kvHeads));
    }
    if (model.headDim % 2 != 0) {
        throw config.bad("head_dim " + std::to_string(model.headDim) + " must be even");
    }
    std::int64_t product = 0;
    if (__builtin_mul_overflow(model.vocabSize, model.hiddenSize, &product) ||
        __builtin_mul_overflow(2 * model.intermediateSize, model.hiddenSize, &product) ||
        __builtin_mul_overflow(model.heads + 2 * model.kvHeads, model.headDim, &product) || product > kMaxSize) {
        throw config.bad("its sizes multiply to more than can be");
    }
}

}  // namespace

std::string supportedArchitectures()
{
    std::string names;
    for (const Family& family : families()) {
        names += (names.empty() ? "" : ", ") + std::string(family.architecture);
    }
    return names;
}

ModelConfig parseModelConfig(const Json& json, const std::string& what)
{
    if (!json.is_object()) {
        throw badInput(what + ": expected an object");
    }
    const Json flat = flattened(json);
    const ConfigReader config(flat, what);
    ModelConfig model;
    model.architecture = architectureOf(config);
    refuseWhatIsNoPlainDecoder(config, model.architecture);
    const Family& family = familyOf(config, model.architecture);
    refuseOwnCode(config, family);
    model.dtype = config.text("dtype", config.text("torch_dtype", ""));
    const auto bos = config.ids("bos_token_id");
    if (!bos.empty()) {
        model.bosId = bos.front();
    }
    model.eosIds = config.ids("eos_token_id");
    family.describe(config, model);
    checkSizes(model, config);
    return model;
}

}  // namespace stet::files
