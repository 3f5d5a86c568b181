// self-distillation from feedback (after arXiv 2601.20802, SDPO, on answers that exist): the model that has read the
// judgment and is asked to do better teaches the one that has not. Criticised: (1/N) Σ_t KL(π(·|x, y_<t) ‖
// sg π(·|x, feedback j, y_<t)) over the full vocabulary, the teacher being the same weights in the correction context
// without gradient and dropout; accepted: imitated.
#pragma once

#include "trainer/objectives/objective.h"

#include <ATen/core/Tensor.h>

namespace stet::round {

// Kullback–Leibler divergence of the trained model's next-token distributions from others', the teacher's or, for the
// anchor (arXiv 2402.10893 holds a model to itself off target), the model's before the round:
// (1/N) Σ_t KL(p(·|t) ‖ q(·|t)) = (1/N) Σ_t Σ_v p(v|t)·(log p(v|t) − log q(v|t)) over the full vocabulary.
// logP, logQ: [N, V] float32 log-probabilities; q carries no gradient.
at::Tensor meanDivergence(const at::Tensor& logP, const at::Tensor& logQ);

std::unique_ptr<Objective> makeSelfDistillationObjective();

}  // namespace stet::round
