// Kullback–Leibler divergence of the trained model's next-token distributions from others': the anchor's (arXiv
// 2402.10893 holds a model to itself off target) and self-distillation's (arXiv 2601.20802). Pure; compute thread.
#pragma once

#include <ATen/core/Tensor.h>

namespace stet::round {

// (1/N) Σ_t KL(p(·|t) ‖ q(·|t)) = (1/N) Σ_t Σ_v p(v|t)·(log p(v|t) − log q(v|t)) over the full vocabulary.
// logP, logQ: [N, V] float32 log-probabilities; q carries no gradient.
at::Tensor meanDivergence(const at::Tensor& logP, const at::Tensor& logQ);

}  // namespace stet::round
