// The LoRA part of a forward: adds Σ scale·B(A(dropout(x))) of every term that targets a module. Made per forward;
// borrows the adapters.
#pragma once

#include "trainer/model/adapter.h"
#include "trainer/model/batch/sequence_batch.h"
#include "trainer/model/ops/dropout.h"

#include <ATen/core/Tensor.h>

#include <optional>
#include <string>

namespace stet::model {

class LoraBranch {
public:
    LoraBranch(const Adapters& adapters, const SequenceBatch& batch);

    // base: [B, T, out] = W x + b; x: [B, T, in]. Returns base untouched when no term targets the module.
    at::Tensor addTo(at::Tensor base, const std::string& module, const at::Tensor& x) const;

private:
    const Adapters& m_adapters;
    std::optional<DropoutMasks> m_masks;  // of the last term
};

}  // namespace stet::model
