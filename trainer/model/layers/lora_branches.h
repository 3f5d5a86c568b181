// What adapters add to linear layers in one forward: which pairs belong to a module, and the dropout masks of the
// trained ones. Made by the decoder for the call. Compute thread.
#pragma once

#include "trainer/model/adapter.h"
#include "trainer/model/batch/sequence_batch.h"
#include "trainer/model/ops/dropout.h"

#include <ATen/core/Tensor.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace stet::model {

class LoraBranches {
public:
    struct Branch {
        const LoraPair* pair = nullptr;
        const std::string* module = nullptr;
        bool trained = false;  // dropout is its own
    };

    // Everything is borrowed for the forward and its backward.
    LoraBranches(const Adapters& adapters, const SequenceBatch& batch);

    // Of a module, in the order of the adapters.
    const std::vector<Branch>& of(const std::string& module) const;
    DropoutMask dropout(const Branch& branch) const;

private:
    std::map<std::string, std::vector<Branch>> m_branches;
    std::optional<DropoutMasks> m_masks;
};

}  // namespace stet::model
