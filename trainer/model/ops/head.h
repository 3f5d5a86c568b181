// The head's product: logits in float32 whatever the compute dtype is. bfloat16 logits between 16 and 32 are 0.125
// apart, a factor of 1.13 in probability: more than the flag rule's λ tells apart. bfloat16 weights are widened some
// rows at a time, forwards and backwards: never a second copy. Differentiable in `hidden`; in float32 in `weight`, too,
// where that is learnt (pretrain). Compute thread.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace stet::model {

// What a family does to the product: raw / divisor, then cap · tanh(… / cap) where cap is not 0.
struct HeadForm {
    double divisor = 1;
    double cap = 0;
};

// hidden: [N, H], weight: [V, H], one dtype → [N, V] float32.
at::Tensor headLogits(const at::Tensor& hidden, const at::Tensor& weight, const HeadForm& form);

// What logits [N, V] float32 say of targets [N] int64: their log-probabilities, and log Σ exp(logit), [N, 1] each.
// Without gradient.
struct TargetShares {
    at::Tensor logProbs;
    at::Tensor normaliser;
};
TargetShares targetShares(const at::Tensor& logits, const at::Tensor& targets);

// hidden: [N, H], weight: [V, H], one dtype; targets: [N] int64 → [N] float32, the log-probability of each target.
// A piece of the vocabulary at a time, with the softmax's running maximum and sum as in flash attention (arXiv
// 2205.14135, 3.1), so that [N, V] numbers are never held (where the head isn't learnt). The gradient of a
// log-probability in its own hidden state doesn't depend on the loss, so it is made on the way, too, and the backward
// is one product with it. tokensAtOnce: how large a piece is for so many rows, for the estimate of memory.
at::Tensor targetLogProbs(const at::Tensor& hidden, const at::Tensor& weight, const at::Tensor& targets,
                          const HeadForm& form);

std::int64_t tokensAtOnce(std::int64_t rows, bool onCpu);

}  // namespace stet::model
