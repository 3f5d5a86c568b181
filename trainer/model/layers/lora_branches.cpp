#include "trainer/model/layers/lora_branches.h"

#include <ATen/ATen.h>

namespace stet::model {

LoraBranches::LoraBranches(const Adapters& adapters, const SequenceBatch& batch)
{
    for (std::size_t i = 0; i < adapters.terms.size(); ++i) {
        for (const auto& [module, pair] : adapters.terms[i]->modules) {
            m_branches[module].push_back({&pair, &module, i + 1 == adapters.terms.size()});
        }
    }
    if (adapters.dropout != nullptr && adapters.dropout->bank != nullptr) {
        m_masks.emplace(*adapters.dropout, *adapters.terms.back(), batch);
    }
}

const std::vector<LoraBranches::Branch>& LoraBranches::of(const std::string& module) const
{
    static const std::vector<Branch> none;
    const auto it = m_branches.find(module);
    return it == m_branches.end() ? none : it->second;
}

DropoutMask LoraBranches::dropout(const Branch& branch) const
{
    return branch.trained && m_masks ? m_masks->of(*branch.module) : DropoutMask();
}

}  // namespace stet::model
