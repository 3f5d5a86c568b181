#include "trainer/files/model_config.h"

#include "base/failure.h"

#include <cmath>

namespace stet::files {

namespace {

constexpr std::int64_t kMaxSize = std::int64_t{1} << 32;

Failure refused(const std::string& what, const std::string& reason)
{
    return Failure(FailureKind::ModelRefused, what + ": " + reason);
}

std::int64_t positive(const Json& json, std::string_view field, const std::string& what,
                      std::optional<std::int64_t> fallback = std::nullopt)
{
    const auto value = optionalInteger(json, field, what);
    if (!value && !fallback) {
        throw badInput(what + ": field '" + std::string(field) + "' is missing");
    }
    const std::int64_t number = value.value_or(fallback.value_or(0));
    if (number < 1 || number > kMaxSize) {
        throw badInput(what + ": field '" + std::string(field) + "' is " + std::to_string(number) +
                       ", expected 1 to 2^32");
    }
    return number;
}

double positiveNumber(const Json& json, std::string_view field, const std::string& what, double fallback)
{
    const double number = optionalNumber(json, field, what).value_or(fallback);
    if (!(number > 0) || !std::isfinite(number)) {
        throw badInput(what + ": field '" + std::string(field) + "' must be a number > 0");
    }
    return number;
}

std::string architectureOf(const Json& json, const std::string& what)
{
    const auto it = json.find("architectures");
    if (it != json.end() && it->is_array() && !it->empty() && it->front().is_string()) {
        return it->front().get<std::string>();
    }
    const auto type = optionalString(json, "model_type", what);
    throw refused(what,
                  "it names no architecture" + (type ? " (model_type '" + *type + "')" : std::string()) +
                      "; supported: LlamaForCausalLM");
}

void refuseWhatIsUnsupported(const Json& json, const std::string& what)
{
    if (json.contains("auto_map") && !json["auto_map"].is_null()) {
        throw refused(what, "it asks to run code of its own ('auto_map'), which is never done; use a model without it");
    }
    if (json.contains("quantization_config") && !json["quantization_config"].is_null()) {
        const auto& quantization = json["quantization_config"];
        const std::string method = quantization.is_object() ? quantization.value("quant_method", "unknown") : "unknown";
        throw refused(what, "quantised weights ('" + method + "') are not supported; use the unquantised model");
    }
    const auto activation = optionalString(json, "hidden_act", what).value_or("silu");
    if (activation != "silu") {
        throw refused(what, "activation '" + activation + "' is not supported; supported: silu");
    }
}

// Today's spelling is rope_parameters {rope_type, rope_theta}; yesterday's rope_theta beside rope_scaling {type or
// rope_type}.
double ropeThetaOf(const Json& json, const std::string& what)
{
    double theta = positiveNumber(json, "rope_theta", what, 10000.0);
    for (const char* field : {"rope_parameters", "rope_scaling"}) {
        const auto it = json.find(field);
        if (it == json.end() || it->is_null()) {
            continue;
        }
        if (!it->is_object()) {
            throw badInput(what + ": field '" + field + "' must be an object");
        }
        const auto type = optionalString(*it, "rope_type", what);
        const auto oldType = optionalString(*it, "type", what);
        const std::string name = type ? *type : oldType.value_or("default");
        if (name != "default") {
            throw refused(what, "rope type '" + name + "' is not supported; supported: default");
        }
        theta = positiveNumber(*it, "rope_theta", what, theta);
    }
    return theta;
}

std::vector<std::int64_t> idsOf(const Json& json, const char* field, const std::string& what)
{
    const auto it = json.find(field);
    if (it == json.end() || it->is_null()) {
        return {};
    }
    std::vector<std::int64_t> ids;
    for (const auto& value : it->is_array() ? *it : Json::array({*it})) {
        if (!value.is_number_integer() || value.get<std::int64_t>() < 0) {
            throw badInput(what + ": field '" + field + "' must be a token id or a list of them");
        }
        ids.push_back(value.get<std::int64_t>());
    }
    return ids;
}

void checkSizes(const ModelConfig& config, const std::string& what)
{
    if (config.heads % config.kvHeads != 0) {
        throw badInput(what + ": num_attention_heads " + std::to_string(config.heads) +
                       " is not a multiple of num_key_value_heads " + std::to_string(config.kvHeads));
    }
    if (config.headDim % 2 != 0) {
        throw badInput(what + ": head_dim " + std::to_string(config.headDim) + " must be even");
    }
    std::int64_t product = 0;
    if (__builtin_mul_overflow(config.vocabSize, config.hiddenSize, &product) ||
        __builtin_mul_overflow(config.intermediateSize, config.hiddenSize, &product) ||
        __builtin_mul_overflow(config.heads, config.headDim, &product) || product > kMaxSize) {
        throw badInput(what + ": its sizes multiply to more than can be");
    }
}

}  // namespace

ModelConfig parseModelConfig(const Json& json, const std::string& what)
{
    if (!json.is_object()) {
        throw badInput(what + ": expected an object");
    }
    ModelConfig config;
    config.architecture = architectureOf(json, what);
    if (config.architecture != "LlamaForCausalLM") {
        throw refused(what, "architecture " + config.architecture + " is not supported; supported: LlamaForCausalLM");
    }
    refuseWhatIsUnsupported(json, what);
    config.hiddenSize = positive(json, "hidden_size", what);
    config.intermediateSize = positive(json, "intermediate_size", what);
    config.layers = positive(json, "num_hidden_layers", what);
    config.heads = positive(json, "num_attention_heads", what);
    config.kvHeads = positive(json, "num_key_value_heads", what, config.heads);
    if (!optionalInteger(json, "head_dim", what) && config.hiddenSize % config.heads != 0) {
        throw badInput(what + ": hidden_size " + std::to_string(config.hiddenSize) +
                       " is not a multiple of num_attention_heads " + std::to_string(config.heads));
    }
    config.headDim = positive(json, "head_dim", what, std::max<std::int64_t>(config.hiddenSize / config.heads, 1));
    config.vocabSize = positive(json, "vocab_size", what);
    config.contextLength = positive(json, "max_position_embeddings", what, 2048);
    config.rmsNormEps = positiveNumber(json, "rms_norm_eps", what, 1e-6);
    config.ropeTheta = ropeThetaOf(json, what);
    config.tiedEmbeddings = optionalBool(json, "tie_word_embeddings", what).value_or(false);
    config.attentionBias = optionalBool(json, "attention_bias", what).value_or(false);
    config.mlpBias = optionalBool(json, "mlp_bias", what).value_or(false);
    config.dtype = optionalString(json, "dtype", what).value_or(optionalString(json, "torch_dtype", what).value_or(""));
    const auto bos = idsOf(json, "bos_token_id", what);
    if (!bos.empty()) {
        config.bosId = bos.front();
    }
    config.eosIds = idsOf(json, "eos_token_id", what);
    if (config.layers > 10000) {
        throw badInput(what + ": num_hidden_layers " + std::to_string(config.layers) + " is more than can be");
    }
    checkSizes(config, what);
    return config;
}

}  // namespace stet::files
