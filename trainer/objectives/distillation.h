// self-distillation from feedback (after arXiv 2601.20802, SDPO, on answers that exist): the model that has read the
// judgment and is asked to do better teaches the one that has not. Criticised: (1/N) Σ_t KL(π(·|x, y_<t) ‖
// sg π(·|x, feedback j, y_<t)) over the full vocabulary, the teacher being the same weights in the correction context
// without gradient and dropout; accepted: imitated.
// offline-self-distillation (arXiv 2603.12273): the same two readings, compared at the response's own tokens alone, so
// that no distribution over the vocabulary is kept: (1/N) Σ_t −sg(s_t)·log p(t), s_t = log p_c(t) − log p(t).
#pragma once

#include "trainer/objectives/objective.h"

#include <ATen/core/Tensor.h>

namespace stet::round {

// Kullback–Leibler divergence of the trained model's next-token distributions from others', the teacher's or, for the
// anchor (arXiv 2402.10893 holds a model to itself off target), the model's before the round:
// (1/N) Σ_t KL(p(·|t) ‖ q(·|t)) = (1/N) Σ_t Σ_v p(v|t)·(log p(v|t) − log q(v|t)) over the full vocabulary.
// logP, logQ: [N, V] float32 log-probabilities; q carries no gradient.
at::Tensor meanDivergence(const at::Tensor& logP, const at::Tensor& logQ);

struct FeedbackTerms {
    at::Tensor loss;    // (1/N) Σ −clamp(s_t, ±clip)·log p(t), scalar with gradient through the last factor alone
    at::Tensor signal;  // (1/N) Σ s_t, detached: how much likelier feedback makes what was answered
};

// logP: [N] float32 by the trained model; logPc: the same tokens' after the correction prompt, without gradient.
FeedbackTerms feedbackLoss(const at::Tensor& logP, const at::Tensor& logPc, double clip);

std::unique_ptr<Objective> makeSelfDistillationObjective();
std::unique_ptr<Objective> makeOfflineSelfDistillationObjective(const files::RoundSettings& settings);

}  // namespace stet::round
