// LoRA adapters. An adapter is an argument of the decoder's forward, never state of the model: y = W x + Σ_terms
// scale·B(A(dropout(x))). Keys and files are PEFT's: base_model.model.<module>.lora_A.weight [r, in], lora_B.weight
// [out, r].
#pragma once

#include "trainer/files/adapter_config.h"
#include "trainer/files/model_config.h"
#include "trainer/model/device.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace stet::model {

class Decoder;
class DropoutBank;

struct LoraPair {
    at::Tensor a;        // [r, in] f32 when trained, compute dtype is taken at use
    at::Tensor b;        // [out, r]
    double scale = 1.0;  // alpha / r (or / sqrt(r))
};

// weight: [out, in] float32, changed in place → W + scale·B·A.
at::Tensor withAdapter(at::Tensor weight, const LoraPair& pair);

struct Adapter {
    files::AdapterConfig config;
    std::map<std::string, LoraPair> modules;  // "model.layers.0.mlp.gate_proj" → pair

    // A: Kaiming-uniform(a = √5) as PEFT, from the seed; B: zeros. Its config names the modules where a pattern was
    // given. Failure(ModelRefused): no layer is meant.
    static Adapter create(const Decoder& decoder, const files::AdapterConfig& config, std::uint64_t seed);
    // Reads a PEFT folder; checks keys against the decoder both ways, shapes, finite values.
    // Failure(BadInput/ModelRefused) names them.
    static Adapter load(const std::string& folder, const Decoder& decoder);
    static Adapter load(const std::string& folder, const files::ModelConfig& model, c10::Device device);
    // Writes adapter_config.json and adapter_model.safetensors (f32) into an existing folder, of one rank and scale 1
    // (adapter_join.h): many programs read no other. Publishing is the caller's.
    void save(const std::string& folder) const;

    // Of a module's weight, "….down_proj.weight". Null: the adapter leaves it as it is.
    const LoraPair* pairOf(const std::string& weight) const;
    std::vector<at::Tensor> parameters() const;  // a, b, a, b … in module order
    void requireGrad(bool on);
};

// Dropout on the LoRA branch's input (ops/dropout.h). Borrowed for the call.
struct LoraDropout {
    const DropoutBank* bank = nullptr;
    std::int64_t step = 0;
    std::vector<std::string> rowKeys;  // one per sequence of the batch, e.g. "17:judged"
};

// What a forward is computed with. Pointers are borrowed for the call.
struct Adapters {
    std::vector<const Adapter*> terms;     // empty: the base model
    const LoraDropout* dropout = nullptr;  // applies to the last term (the trained one)
};

}  // namespace stet::model
