// What a Hugging Face folder's config.json says about a decoder, read as untrusted bytes into checked values. Every
// supported family is described by data: families/<family>.cpp fills the fields below, and the decoder knows the fields
// alone. Today's and yesterday's spellings are both read (`rope_parameters` or `rope_theta`/`rope_scaling`, `dtype` or
// `torch_dtype`, a nested `text_config`). No weight is read here. No Torch. Any thread.
#pragma once

#include "base/json.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace stet::files {

enum class Activation { Silu, Gelu, GeluTanh };

// Where a family normalises queries and keys before they are rotated.
enum class QueryKeyNorm { None, PerHead, WholeProjection };

enum class RopeType { Default, Linear, Dynamic, Yarn, Llama3, LongRope };

// Rotary embedding, with every default resolved. Source: modeling_rope_utils.py of Transformers.
struct Rope {
    RopeType type = RopeType::Default;
    double theta = 10000;
    std::int64_t dims = 0;  // the first coordinates of a head, which rotate: int(head_dim · partial_rotary_factor)
    double factor = 1;
    std::int64_t originalContext = 0;  // dynamic: max_position_embeddings; yarn, llama3, longrope: what it says
    double lowFrequencyFactor = 1;     // llama3
    double highFrequencyFactor = 4;
    double betaFast = 32;  // yarn
    double betaSlow = 1;
    bool truncate = true;
    std::vector<double> shortFactors;  // longrope, [dims / 2]
    std::vector<double> longFactors;
    double attentionFactor = 1;  // multiplies sine and cosine (yarn, longrope)
};

// Names of a layer's norms below "model.layers.N."; empty: the family has none there.
struct LayerNorms {
    std::string beforeAttention = "input_layernorm";
    std::string afterAttention;
    std::string beforeMlp = "post_attention_layernorm";
    std::string afterMlp;
};

// Hyper-parameters of a decoder. All sizes are checked: positive, products without overflow, kv_heads divide heads.
struct ModelConfig {
    std::string architecture;  // "LlamaForCausalLM"
    std::int64_t hiddenSize = 0;
    std::int64_t intermediateSize = 0;
    std::int64_t layers = 0;
    std::int64_t heads = 0;
    std::int64_t kvHeads = 0;
    std::int64_t headDim = 0;
    std::int64_t vocabSize = 0;
    std::int64_t contextLength = 0;  // max_position_embeddings, stretched where the rope type says so
    bool tiedEmbeddings = false;
    std::string dtype;  // "float32", "bfloat16", "float16"; empty when not stated
    std::optional<std::int64_t> bosId;
    std::vector<std::int64_t> eosIds;  // config's eos_token_id (one or several)

    double rmsNormEps = 1e-6;
    LayerNorms norms;
    bool normWeightPlusOne = false;    // x · (1 + w), as Gemma stores its norms
    bool normWeightInFloat32 = false;  // the weight multiplies before the result is rounded to the compute dtype
    QueryKeyNorm queryKeyNorm = QueryKeyNorm::None;

    bool fusedProjections = false;  // qkv_proj and gate_up_proj in place of five modules
    bool queryKeyValueBias = false;
    bool outputBias = false;
    bool mlpBias = false;
    Activation activation = Activation::Silu;

    Rope rope;
    Rope slidingRope;              // of the layers with a window
    bool rotateInFloat32 = false;  // sine and cosine keep float32
    std::int64_t window = 0;       // a query of a sliding layer sees this many positions, its own included; 0: none
    std::vector<bool> sliding;     // [layers]

    double attentionScale = 0;  // multiplies q·k
    double attentionCap = 0;    // c: scores become c·tanh(score / c); 0: none
    double logitCap = 0;        // the same for logits
    double logitDivisor = 1;
    double embeddingScale = 1;
    bool embeddingScaleRounded = false;  // to the compute dtype, before it multiplies (Gemma)
    double residualScale = 1;            // of what attention and MLP add
};

// Throws Failure(ModelRefused) with the name found for another architecture, rope type, activation, quantisation,
// mixture of experts, vision or `auto_map`; Failure(BadInput) for values that can't be. `what` names the file in
// messages.
ModelConfig parseModelConfig(const Json& json, const std::string& what);

// "LlamaForCausalLM, MistralForCausalLM, …": for messages and docs.
std::string supportedArchitectures();

}  // namespace stet::files
