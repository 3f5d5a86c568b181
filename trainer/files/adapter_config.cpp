#include "trainer/files/adapter_config.h"

#include "base/failure.h"
#include "trainer/files/foreign_files.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace stet::files {

namespace {

Failure refused(const std::string& what, const std::string& reason)
{
    return Failure(FailureKind::ModelRefused, what + ": " + reason);
}

// What can be done with an adapter that is more than plain LoRA.
constexpr const char* kFoldIn =
    "Fold the adapter into its base with PEFT (merge_and_unload) and use the saved model as the model";

constexpr std::int64_t kMaxRank = 65536;
// Entries of one list: more than the largest models have linear layers. Every one is held against every layer's name.
constexpr std::size_t kMostEntries = 2048;

bool given(const Json& json, const char* field)
{
    const auto it = json.find(field);
    return it != json.end() && !it->is_null() && *it != Json(false) &&
        !((it->is_array() || it->is_object()) && it->empty());
}

void refuseTooMany(const Json& list, const char* field, const std::string& what)
{
    if ((list.is_array() || list.is_object()) && list.size() > kMostEntries) {
        throw badInput(what + ": '" + field + "' has " + std::to_string(list.size()) + " entries, more than the " +
                       std::to_string(kMostEntries) + " that are read; use a pattern for several layers");
    }
}

// Fields of PEFT's LoraConfig that change what is computed; absent, null, false or empty means "off".
void refuseWhatIsUnsupported(const Json& json, const std::string& what)
{
    for (const char* field :
         {"use_dora", "use_qalora", "use_bdlora", "fan_in_fan_out", "lora_bias", "modules_to_save", "target_parameters",
          "trainable_token_indices", "layer_replication", "megatron_config", "alora_invocation_tokens", "arrow_config",
          "kasa_config", "velora_config", "monteclora_config", "loftq_config"}) {
        if (given(json, field)) {
            throw refused(what, std::string("'") + field + "' is not supported; supported: plain LoRA. " + kFoldIn);
        }
    }
    const auto bias = optionalString(json, "bias", what).value_or("none");
    if (bias != "none") {
        throw refused(what, "bias '" + bias + "' is not supported; supported: none. " + kFoldIn);
    }
    // These change the base's weights before training, so the folder alone doesn't say what the model is.
    const auto start = json.find("init_lora_weights");
    if (start != json.end() && start->is_string()) {
        const auto name = start->get<std::string>();
        for (const char* changing : {"pissa", "olora", "corda", "loftq", "lora_ga"}) {
            if (name.rfind(changing, 0) == 0) {
                throw refused(what,
                              "init_lora_weights '" + name +
                                  "' changes the base model; save the adapter with PEFT's "
                                  "path_initial_model_for_weight_conversion and use that");
            }
        }
    }
}

// peft_type is what makes it PEFT's; MLX writes a file of the same name.
void refuseOtherTypes(const Json& json, const std::string& what)
{
    const auto type = optionalString(json, "peft_type", what);
    for (const char* field : {"lora_parameters", "fine_tune_type", "lora_layers"}) {
        if (!type && json.contains(field)) {
            throw refused(
                what,
                std::string("it is an adapter of MLX ('") + field +
                    "'), which is not read; needed is one of PEFT (\"peft_type\": \"LORA\"). Fold it into its "
                    "base with mlx_lm.fuse and use the new folder as the model");
        }
    }
    if (!type) {
        throw refused(what, "field 'peft_type' is missing; needed is \"LORA\", as PEFT writes it");
    }
    if (*type != "LORA") {
        throw refused(what, "peft_type '" + *type + "' is not supported; supported: LORA. " + kFoldIn);
    }
}

// A list of texts, or one text.
std::vector<std::string> textsOf(const Json& json, const char* field, const std::string& what)
{
    std::vector<std::string> texts;
    if (!given(json, field)) {
        return texts;
    }
    refuseTooMany(json[field], field, what);
    for (const Json& text : json[field].is_array() ? json[field] : Json::array({json[field]})) {
        if (!text.is_string()) {
            throw badInput(what + ": '" + field + "' must hold texts");
        }
        texts.push_back(text.get<std::string>());
    }
    return texts;
}

std::vector<std::int64_t> layersOf(const Json& json, const std::string& what)
{
    std::vector<std::int64_t> layers;
    if (!given(json, "layers_to_transform")) {
        return layers;
    }
    const Json& value = json["layers_to_transform"];
    refuseTooMany(value, "layers_to_transform", what);
    for (const Json& layer : value.is_array() ? value : Json::array({value})) {
        if (!layer.is_number_integer()) {
            throw badInput(what + ": 'layers_to_transform' must be a layer or a list of them");
        }
        layers.push_back(layer.get<std::int64_t>());
    }
    return layers;
}

const Json& patternsOf(const Json& json, const char* field, const std::string& what)
{
    static const Json kNone = Json::object();
    if (!given(json, field)) {
        return kNone;
    }
    if (!json[field].is_object()) {
        throw badInput(what + ": '" + field + "' must be an object of numbers");
    }
    refuseTooMany(json[field], field, what);
    return json[field];
}

void readPatterns(const Json& json, const std::string& what, AdapterConfig& config)
{
    for (const auto& [pattern, value] : patternsOf(json, "rank_pattern", what).items()) {
        if (!value.is_number_integer() || value.get<std::int64_t>() < 1 || value.get<std::int64_t>() > kMaxRank) {
            throw badInput(what + ": 'rank_pattern' must hold ranks from 1 to 65536");
        }
        config.rankPattern.emplace_back(pattern, value.get<std::int64_t>());
    }
    for (const auto& [pattern, value] : patternsOf(json, "alpha_pattern", what).items()) {
        if (!value.is_number() || !std::isfinite(value.get<double>())) {
            throw badInput(what + ": 'alpha_pattern' must hold numbers");
        }
        config.alphaPattern.emplace_back(pattern, value.get<double>());
    }
}

// A whole alpha is written as an integer, as PEFT does.
Json shortNumber(double value)
{
    return value == std::floor(value) && std::fabs(value) < 1e15 ? Json(static_cast<std::int64_t>(value)) : Json(value);
}

}  // namespace

ModuleChoice parseModuleChoice(const Json& json, const char* field, const std::string& what)
{
    ModuleChoice choice;
    if (given(json, field) && json[field].is_string()) {
        const auto pattern = json[field].get<std::string>();
        choice.pattern = pattern == "all-linear" ? kAllLinear : pattern;
        return choice;
    }
    choice.names = textsOf(json, field, what);
    std::sort(choice.names.begin(), choice.names.end());
    return choice;
}

Json toJson(const ModuleChoice& choice)
{
    if (choice.pattern) {
        return *choice.pattern;
    }
    return choice.names.empty() ? Json() : Json(choice.names);
}

AdapterConfig parseAdapterConfig(const Json& json, const std::string& what)
{
    if (!json.is_object()) {
        throw badInput(what + ": expected an object");
    }
    refuseOtherTypes(json, what);
    refuseWhatIsUnsupported(json, what);
    AdapterConfig config;
    config.rank = optionalInteger(json, "r", what).value_or(8);
    config.alpha = optionalNumber(json, "lora_alpha", what).value_or(8);
    config.dropout = optionalNumber(json, "lora_dropout", what).value_or(0);
    config.rsLora = optionalBool(json, "use_rslora", what).value_or(false);
    config.baseModel = optionalString(json, "base_model_name_or_path", what).value_or("");
    if (config.rank < 1 || config.rank > kMaxRank || !std::isfinite(config.alpha)) {
        throw badInput(what + ": 'r' must be 1 to 65536 and 'lora_alpha' a number");
    }
    config.targets = parseModuleChoice(json, "target_modules", what);
    if (config.targets.names.empty() && !config.targets.pattern) {
        throw refused(what, "'target_modules' must be a list of module names or a pattern");
    }
    config.excluded = parseModuleChoice(json, "exclude_modules", what);
    config.layersToTransform = layersOf(json, what);
    config.layersPattern = textsOf(json, "layers_pattern", what);
    readPatterns(json, what, config);
    return config;
}

AdapterConfig readAdapterConfig(const std::string& folder)
{
    const std::string path = folder + "/adapter_config.json";
    std::error_code unknown;
    if (!std::filesystem::exists(std::filesystem::symlink_status(path, unknown))) {
        throw noAdapterFolder(folder);
    }
    return parseAdapterConfig(readJsonFile(path), path);
}

Json toJson(const AdapterConfig& config)
{
    Json alphas = Json::object();
    for (const auto& [pattern, alpha] : config.alphaPattern) {
        alphas[pattern] = shortNumber(alpha);
    }
    Json ranks = Json::object();
    for (const auto& [pattern, rank] : config.rankPattern) {
        ranks[pattern] = rank;
    }
    Json json = {{"peft_type", "LORA"},
                 {"task_type", "CAUSAL_LM"},
                 {"base_model_name_or_path", config.baseModel},
                 {"inference_mode", true},
                 {"r", config.rank},
                 {"lora_alpha", shortNumber(config.alpha)},
                 {"lora_dropout", config.dropout},
                 {"use_rslora", config.rsLora},
                 {"bias", "none"},
                 {"fan_in_fan_out", false},
                 {"target_modules", toJson(config.targets)},
                 {"rank_pattern", ranks},
                 {"alpha_pattern", alphas}};
    if (config.excluded.pattern || !config.excluded.names.empty()) {
        json["exclude_modules"] = toJson(config.excluded);
    }
    if (!config.layersToTransform.empty()) {
        json["layers_to_transform"] = config.layersToTransform;
    }
    if (!config.layersPattern.empty()) {
        json["layers_pattern"] = config.layersPattern;
    }
    return json;
}

}  // namespace stet::files
