// adapter_config.json of a PEFT LoRA folder. What PEFT offers and this worker doesn't (DoRA, modules_to_save, …) is
// refused by name, with the next step. No Torch. Any thread.
#pragma once

#include "base/json.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace stet::files {

// target_modules and exclude_modules: names (whole or last parts), or one pattern for whole names.
struct ModuleChoice {
    std::vector<std::string> names;  // sorted
    std::optional<std::string> pattern;

    bool operator==(const ModuleChoice&) const = default;
};

// PEFT's word "all-linear" (every linear layer but the head), as a pattern.
inline constexpr const char* kAllLinear = "model\\.layers\\..*";

struct AdapterConfig {
    std::int64_t rank = 16;
    double alpha = 16;
    double dropout = 0;
    bool rsLora = false;  // scale = alpha / sqrt(rank) instead of alpha / rank
    ModuleChoice targets;
    ModuleChoice excluded;
    std::vector<std::int64_t> layersToTransform;  // empty: all
    std::vector<std::string> layersPattern;
    // Pattern for the end of a module's name → value; the first that matches counts.
    std::vector<std::pair<std::string, std::int64_t>> rankPattern;
    std::vector<std::pair<std::string, double>> alphaPattern;
    std::string baseModel;  // base_model_name_or_path
};

// Failure(BadInput) names a field that is neither a list of names nor a text.
ModuleChoice parseModuleChoice(const Json& object, const char* field, const std::string& what);
Json toJson(const ModuleChoice& choice);

AdapterConfig parseAdapterConfig(const Json& json, const std::string& what);
AdapterConfig readAdapterConfig(const std::string& folder);
Json toJson(const AdapterConfig& config);  // PEFT's field names, inference_mode true, task_type CAUSAL_LM

}  // namespace stet::files
