#include "trainer/model/layers/lora_branch.h"

#include <ATen/ATen.h>

namespace stet::model {

LoraBranch::LoraBranch(const Adapters& adapters, const SequenceBatch& batch) : m_adapters(adapters)
{
    if (adapters.dropout != nullptr && adapters.dropout->bank != nullptr) {
        m_masks.emplace(*adapters.dropout, *adapters.terms.back(), batch);
    }
}

at::Tensor LoraBranch::addTo(at::Tensor base, const std::string& module, const at::Tensor& x) const
{
    for (std::size_t i = 0; i < m_adapters.terms.size(); ++i) {
        const auto& modules = m_adapters.terms[i]->modules;
        const auto it = modules.find(module);
        if (it == modules.end()) {
            continue;
        }
        const bool trained = i + 1 == m_adapters.terms.size();
        const at::Tensor input = trained && m_masks ? m_masks->applied(x, module) : x;
        const at::Tensor low = at::linear(input, it->second.a.to(x.scalar_type()));
        base = base + at::linear(low, it->second.b.to(x.scalar_type())) * it->second.scale;
    }
    return base;
}

}  // namespace stet::model
