// The settings of a GGUF model as the config.json its Hugging Face folder would have. No Torch. Any thread.
#pragma once

#include "base/json.h"
#include "trainer/files/gguf/model_file.h"

#include <string>
#include <vector>

namespace stet::files::gguf {

struct ConfigOf {
    Json json;                          // for parseModelConfig
    std::vector<std::string> warnings;  // keys that nobody here knows
};

// Failure(ModelRefused) names an architecture, or something in the metadata that is not supported; Failure(BadInput):
// keys are missing or hold something else. Sizes are checked by parseModelConfig.
ConfigOf configOf(const ModelFile& model);

// rope_scaling: of llama3 and longrope the factors are tensors, elsewhere it is all in the metadata. Null: none.
class Keys;
void describeRope(const ModelFile& model, Keys& keys, Json& config);

}  // namespace stet::files::gguf
