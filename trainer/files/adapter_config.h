// adapter_config.json of an exact PEFT LoRA folder. What PEFT can say and this worker can't do (DoRA, modules_to_save,
// …) is refused by name. No Torch. Any thread.
#pragma once

#include "base/json.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace stet::files {

struct AdapterConfig {
    std::int64_t rank = 16;
    double alpha = 16;
    double dropout = 0;
    bool rsLora = false;                              // scale = alpha / sqrt(rank) instead of alpha / rank
    std::vector<std::string> targets;                 // suffixes of module names, sorted: "down_proj", …
    std::map<std::string, std::int64_t> rankPattern;  // module name suffix → rank
    std::map<std::string, double> alphaPattern;
    std::string baseModel;  // base_model_name_or_path
};

AdapterConfig parseAdapterConfig(const Json& json, const std::string& what);
AdapterConfig readAdapterConfig(const std::string& folder);
Json toJson(const AdapterConfig& config);  // PEFT's field names, inference_mode true, task_type CAUSAL_LM

}  // namespace stet::files
