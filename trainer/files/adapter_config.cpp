#include "trainer/files/adapter_config.h"

#include "base/failure.h"

#include <algorithm>
#include <cmath>

namespace stet::files {

namespace {

Failure refused(const std::string& what, const std::string& reason)
{
    return Failure(FailureKind::ModelRefused, what + ": " + reason);
}

// Fields of PEFT's LoraConfig that change what is computed, with the values that mean "off".
void refuseWhatIsUnsupported(const Json& json, const std::string& what)
{
    for (const char* field : {"use_dora", "use_qalora", "fan_in_fan_out", "lora_bias"}) {
        if (json.value(field, Json(false)) == Json(true)) {
            throw refused(what, std::string("'") + field + "' is not supported");
        }
    }
    for (const char* field : {"modules_to_save", "layers_to_transform", "layers_pattern", "target_parameters",
                              "trainable_token_indices", "layer_replication", "megatron_config", "exclude_modules",
                              "alora_invocation_tokens", "arrow_config", "corda_config", "eva_config"}) {
        const auto it = json.find(field);
        if (it != json.end() && !it->is_null() && !it->empty()) {
            throw refused(what, std::string("'") + field + "' is not supported");
        }
    }
    const auto bias = optionalString(json, "bias", what).value_or("none");
    if (bias != "none") {
        throw refused(what, "bias '" + bias + "' is not supported; supported: none");
    }
}

}  // namespace

AdapterConfig parseAdapterConfig(const Json& json, const std::string& what)
{
    if (!json.is_object()) {
        throw badInput(what + ": expected an object");
    }
    const auto type = optionalString(json, "peft_type", what).value_or("");
    if (type != "LORA") {
        throw refused(what, "peft_type '" + type + "' is not supported; supported: LORA");
    }
    refuseWhatIsUnsupported(json, what);
    AdapterConfig config;
    config.rank = optionalInteger(json, "r", what).value_or(8);
    config.alpha = optionalNumber(json, "lora_alpha", what).value_or(8);
    config.dropout = optionalNumber(json, "lora_dropout", what).value_or(0);
    config.rsLora = optionalBool(json, "use_rslora", what).value_or(false);
    config.baseModel = optionalString(json, "base_model_name_or_path", what).value_or("");
    if (config.rank < 1 || config.rank > 65536 || !std::isfinite(config.alpha)) {
        throw badInput(what + ": 'r' must be 1 to 65536 and 'lora_alpha' a number");
    }
    const auto targets = json.find("target_modules");
    if (targets == json.end() || !targets->is_array() || targets->empty()) {
        throw refused(what, "'target_modules' must be a list of module names");
    }
    for (const auto& target : *targets) {
        if (!target.is_string()) {
            throw badInput(what + ": 'target_modules' must hold texts");
        }
        config.targets.push_back(target.get<std::string>());
    }
    std::sort(config.targets.begin(), config.targets.end());
    const Json ranks = json.value("rank_pattern", Json::object());
    for (const auto& [name, value] : ranks.items()) {
        config.rankPattern[name] = optionalInteger(Json{{"r", value}}, "r", what).value_or(config.rank);
    }
    const Json alphas = json.value("alpha_pattern", Json::object());
    for (const auto& [name, value] : alphas.items()) {
        config.alphaPattern[name] = optionalNumber(Json{{"a", value}}, "a", what).value_or(config.alpha);
    }
    return config;
}

AdapterConfig readAdapterConfig(const std::string& folder)
{
    const std::string path = folder + "/adapter_config.json";
    return parseAdapterConfig(readJsonFile(path), path);
}

Json toJson(const AdapterConfig& config)
{
    // A whole alpha is written as an integer, as PEFT does.
    const auto number = [](double value) {
        return value == std::floor(value) && std::fabs(value) < 1e15 ? Json(static_cast<std::int64_t>(value))
                                                                     : Json(value);
    };
    Json alphas = Json::object();
    for (const auto& [name, alpha] : config.alphaPattern) {
        alphas[name] = number(alpha);
    }
    Json ranks = Json::object();
    for (const auto& [name, rank] : config.rankPattern) {
        ranks[name] = rank;
    }
    return {{"peft_type", "LORA"},
            {"task_type", "CAUSAL_LM"},
            {"base_model_name_or_path", config.baseModel},
            {"inference_mode", true},
            {"r", config.rank},
            {"lora_alpha", number(config.alpha)},
            {"lora_dropout", config.dropout},
            {"use_rslora", config.rsLora},
            {"bias", "none"},
            {"fan_in_fan_out", false},
            {"target_modules", config.targets},
            {"rank_pattern", ranks},
            {"alpha_pattern", alphas}};
}

}  // namespace stet::files
