// The head's product: logits in float32 whatever the compute dtype is. bfloat16 logits between 16 and 32 are 0.125
// apart, a factor of 1.13 in probability: more than the flag rule's λ tells apart. Compute thread.
#pragma once

#include <ATen/core/Tensor.h>

namespace stet::model {

// hidden: [N, H], weight: [V, H], one dtype → [N, V] float32. Differentiable in `hidden` alone (a round trains
// adapters). bfloat16 weights are widened some rows at a time, forwards and backwards: never a second copy.
at::Tensor headLogits(const at::Tensor& hidden, const at::Tensor& weight);

}  // namespace stet::model
