// A PEFT LoRA folder by its settings and the header of its weights, held against a model both ways: every tensor
// belongs to a linear layer, every layer that is meant has its tensors, in the right shapes. No number is read.
// No Torch. Any thread.
#pragma once

#include "trainer/files/adapter_config.h"
#include "trainer/files/model_config.h"
#include "trainer/files/safetensors.h"
#include "trainer/text/adapter_targets.h"

#include <map>
#include <string>
#include <vector>

namespace stet::text {

struct AdapterFolder {
    std::string path;
    std::string weights;  // path of adapter_model.safetensors
    // Where its modules were chosen by "all-linear" or by a pattern that can't be matched here (look-around,
    // back-references), the names of the modules that the file has tensors of.
    files::AdapterConfig config;
    std::map<std::string, files::TensorEntry> tensors;  // by PEFT's names
};

// Failure(BadInput): no such folder, no weights in safetensors, a damaged header; Failure(ModelRefused): as
// parseAdapterConfig, or a format that isn't read.
AdapterFolder openAdapterFolder(const std::string& path);

// The layers it adapts. Failure(BadInput): tensors under other names than PEFT's, missing ones, ones of another model
// or rank; Failure(ModelRefused): of the embedding or the head, or as adaptedModules. Each names what was found and
// what is needed.
std::vector<AdaptedModule> adaptedModules(const AdapterFolder& folder, const files::ModelConfig& model);

}  // namespace stet::text
