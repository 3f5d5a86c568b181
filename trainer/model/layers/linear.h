// A linear layer of the model over its weights as they are held. Which module of which layer it is, is its name: an
// adapter finds it by that. Made by DecoderLayer. Compute thread.
#pragma once

#include "trainer/model/layers/lora_branch.h"

#include <ATen/core/Tensor.h>

#include <memory>
#include <string>

namespace stet::model {

// A weight matrix [out, in] in whatever form it is held.
class WeightStorage {
public:
    virtual ~WeightStorage() = default;
    // x […, in] → x·Wᵀ + bias, […, out] in x's dtype. bias: [out] or undefined. Differentiable in x.
    virtual at::Tensor product(const at::Tensor& x, const at::Tensor& bias) const = 0;
};

// In the compute dtype, as a tensor that is shared with Decoder::weights().
class DenseWeight : public WeightStorage {
public:
    explicit DenseWeight(at::Tensor weight) : m_weight(std::move(weight)) { }
    at::Tensor product(const at::Tensor& x, const at::Tensor& bias) const override;

private:
    at::Tensor m_weight;
};

class Linear {
public:
    Linear() = default;  // the family has no such module
    // name: "model.layers.0.mlp.gate_proj".
    Linear(std::string name, std::unique_ptr<WeightStorage> weight, at::Tensor bias)
        : m_name(std::move(name)), m_weight(std::move(weight)), m_bias(std::move(bias))
    {
    }

    bool defined() const { return m_weight != nullptr; }
    // x: [B, T, in] → [B, T, out], with what the adapters add.
    at::Tensor forward(const at::Tensor& x, const LoraBranch& lora) const;

private:
    std::string m_name;
    std::unique_ptr<WeightStorage> m_weight;
    at::Tensor m_bias;
};

}  // namespace stet::model
