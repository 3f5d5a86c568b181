// Maximum likelihood of a response: what sft, ilf, hindsight and forward-prediction differ in is the text and its
// context, not the loss. Pure; compute thread.
#pragma once

#include <ATen/core/Tensor.h>

namespace stet::round {

// −(1/N) Σ log p(t). logP: [N] float32.
at::Tensor likelihoodLoss(const at::Tensor& logP);

}  // namespace stet::round
