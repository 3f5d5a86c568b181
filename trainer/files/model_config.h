// What a Hugging Face folder says about a model: config.json, generation_config.json, tokenizer_config.json, read as
// untrusted bytes into checked values. Today's and yesterday's spellings are both read (`rope_parameters` or
// `rope_theta`/`rope_scaling`, `dtype` or `torch_dtype`). No weight is read here. No Torch. Any thread.
#pragma once

#include "base/json.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace stet::files {

// Hyper-parameters of a decoder of architecture LlamaForCausalLM. All sizes are checked: positive, products without
// overflow, heads divide hidden_size, kv_heads divide heads.
struct ModelConfig {
    std::string architecture;  // "LlamaForCausalLM"
    std::int64_t hiddenSize = 0;
    std::int64_t intermediateSize = 0;
    std::int64_t layers = 0;
    std::int64_t heads = 0;
    std::int64_t kvHeads = 0;
    std::int64_t headDim = 0;
    std::int64_t vocabSize = 0;
    std::int64_t contextLength = 0;  // max_position_embeddings
    double rmsNormEps = 1e-6;
    double ropeTheta = 10000.0;
    bool tiedEmbeddings = false;
    bool attentionBias = false;
    bool mlpBias = false;
    std::string dtype;  // "float32", "bfloat16", "float16"; empty when not stated
    std::optional<std::int64_t> bosId;
    std::vector<std::int64_t> eosIds;  // config's eos_token_id (one or several)
};

// Throws Failure(ModelRefused) with the name found for another architecture, rope type, activation, quantisation or
// `auto_map`; Failure(BadInput) for values that can't be. `what` names the file in messages.
ModelConfig parseModelConfig(const Json& json, const std::string& what);

}  // namespace stet::files
