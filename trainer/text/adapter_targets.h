// Which modules of a model a PEFT configuration adapts, and with which rank and scale: PEFT's own rules, patterns
// included. Source: peft/tuners/tuners_utils.py (check_target_module_exists), peft/utils/other.py (get_pattern_key),
// peft/tuners/lora/model.py. Proved against PEFT (tests/golden/adapters). Pure. Any thread.
#pragma once

#include "trainer/files/adapter_config.h"

#include <cstdint>
#include <string>
#include <vector>

namespace stet::text {

struct AdaptedModule {
    std::string name;
    std::int64_t rank = 0;
    double scale = 1;  // alpha / rank, or alpha / √rank (rank-stabilised)
};

// modules: the model's linear modules by full name. `what` prefixes messages. Those that target_modules,
// exclude_modules and the layers leave. Failure(ModelRefused): a pattern with look-around or back-references.
std::vector<std::string> chosenModules(const files::AdapterConfig& config, const std::vector<std::string>& modules,
                                       const std::string& what);

// The same with ranks and scales. Failure(ModelRefused) also when nothing of the model is meant.
std::vector<AdaptedModule> adaptedModules(const files::AdapterConfig& config, const std::vector<std::string>& modules,
                                          const std::string& what);

// The first target that names no module of the model; empty when each names one. For settings, where it is a slip.
std::string targetWithoutModule(const files::AdapterConfig& config, const std::vector<std::string>& modules);

}  // namespace stet::text
