#include "trainer/model/layers/lora_branch.h"

#include "base/sha256.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

namespace stet::model {

at::Tensor LoraBranch::addTo(at::Tensor base, const std::string& module, const at::Tensor& x) const
{
    for (std::size_t i = 0; i < m_adapters.terms.size(); ++i) {
        const auto& modules = m_adapters.terms[i]->modules;
        const auto it = modules.find(module);
        if (it == modules.end()) {
            continue;
        }
        const bool trained = i + 1 == m_adapters.terms.size();
        const at::Tensor input = trained ? dropped(x, module) : x;
        const at::Tensor low = at::linear(input, it->second.a.to(x.scalar_type()));
        base = base + at::linear(low, it->second.b.to(x.scalar_type())) * it->second.scale;
    }
    return base;
}

// Every row's mask comes from its own key and covers its real tokens only, so that neither the batch a row is in nor
// the padding changes it, and a resumed round needs no generator state.
at::Tensor LoraBranch::dropped(const at::Tensor& x, const std::string& module) const
{
    const LoraDropout* dropout = m_adapters.dropout;
    if (dropout == nullptr || dropout->probability <= 0) {
        return x;
    }
    const double keep = 1 - dropout->probability;
    at::Tensor mask = at::ones(x.sizes(), at::TensorOptions().dtype(c10::kFloat));
    for (std::size_t row = 0; row < dropout->rowKeys.size(); ++row) {
        const auto seed = leadingNumber(sha256(std::to_string(dropout->seed) + ":" + std::to_string(dropout->step) +
                                               ":" + dropout->rowKeys[row] + ":" + module));
        m_batch.sequence(mask, static_cast<std::int64_t>(row))
            .bernoulli_(keep, at::detail::createCPUGenerator(seed))
            .div_(keep);
    }
    return x * mask.to(x.device(), x.scalar_type());
}

}  // namespace stet::model
