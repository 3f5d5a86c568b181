// Linear layers of the model that read the same input, as one product, over their weights as they are held, with what
// adapters add to each. Which module of which layer each is, is its name: an adapter finds it by that. Made by
// DecoderLayer. Compute thread.
#pragma once

#include "trainer/model/layers/lora_branches.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace stet::model {

// A weight matrix [out, in] in whatever form it is held, with its bias.
class WeightStorage {
public:
    virtual ~WeightStorage() = default;
    // x […, in] → x·Wᵀ + bias, […, out] in x's dtype, a tensor of its own.
    virtual at::Tensor product(const at::Tensor& x) const = 0;
    // gradient [N, out] → gradient·W, [N, in].
    virtual at::Tensor inputGradient(const at::Tensor& gradient) const = 0;
    // The weights themselves are learnt (pretrain): product is then to be recorded.
    virtual bool learnt() const { return false; }
};

// In the compute dtype, as tensors that are shared with Decoder::weights().
class DenseWeight : public WeightStorage {
public:
    // The rows of modules one after another: in one tensor, and each of them as a view of it. Biases likewise, or none.
    struct Rows {
        at::Tensor whole;
        std::vector<at::Tensor> parts;
    };
    DenseWeight(Rows weight, Rows bias) : m_weight(std::move(weight)), m_bias(std::move(bias)) { }

    at::Tensor product(const at::Tensor& x) const override;
    at::Tensor inputGradient(const at::Tensor& gradient) const override;
    bool learnt() const override { return m_weight.parts.front().requires_grad(); }

private:
    Rows m_weight;
    Rows m_bias;
};

class Linear {
public:
    // "model.layers.0.mlp.gate_proj", and its columns of the product.
    struct Module {
        std::string name;
        std::int64_t begin = 0;
        std::int64_t columns = 0;
    };

    Linear() = default;  // the family has no such module
    // weight: the modules' rows one after another.
    Linear(std::vector<Module> modules, std::shared_ptr<const WeightStorage> weight)
        : m_modules(std::move(modules)), m_weight(std::move(weight))
    {
    }

    bool defined() const { return m_weight != nullptr; }
    // x: [B, T, in] → [B, T, columns of all], with what the adapters add: nothing where the weights are learnt.
    at::Tensor forward(const at::Tensor& x, const LoraBranches& lora) const;

private:
    std::vector<Module> m_modules;
    std::shared_ptr<const WeightStorage> m_weight;
};

}  // namespace stet::model
