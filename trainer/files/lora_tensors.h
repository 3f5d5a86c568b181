// The names of PEFT's LoRA tensors: base_model.model.<module>.lora_A.weight and lora_B.weight. No Torch. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace stet::files {

// matrix: 'A' or 'B'.
std::string loraTensorName(const std::string& module, char matrix);

// The module of such a name: "model.layers.0.mlp.up_proj"; nullopt for any other name.
std::optional<std::string> loraModule(std::string_view tensor, char matrix);

}  // namespace stet::files
