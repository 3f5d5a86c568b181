// The LoRA part of a forward: adds Σ scale·B(A(dropout(x))) of every term that targets a module. Made per forward;
// borrows adapters and batch.
#pragma once

#include "trainer/model/adapter.h"
#include "trainer/model/batch/sequence_batch.h"

#include <ATen/core/Tensor.h>

#include <string>

namespace stet::model {

class LoraBranch {
public:
    LoraBranch(const Adapters& adapters, const SequenceBatch& batch) : m_adapters(adapters), m_batch(batch) { }

    // base: [B, T, out] = W x + b; x: [B, T, in]. Returns base untouched when no term targets the module.
    at::Tensor addTo(at::Tensor base, const std::string& module, const at::Tensor& x) const;

private:
    at::Tensor dropped(const at::Tensor& x, const std::string& module) const;

    const Adapters& m_adapters;
    const SequenceBatch& m_batch;
};

}  // namespace stet::model
