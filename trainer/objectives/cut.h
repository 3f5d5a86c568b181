// CUT (arXiv 2312.14591), and unlikelihood on every token (arXiv 1908.04319), which is CUT without detection. The loss
// of one criticised example as pure functions of log-probabilities and flags. Symbols as in the article (arXiv
// 2312.14591, Eq. 5–7) and in docs/method.md: N response tokens, p(t) plain, p_j(t) judged, U the flagged tokens,
// weights α, γ, λ. Compute thread. All tensors [N] float32 on one device. The weight p_j^γ and the flags carry no
// gradient.
#pragma once

#include "trainer/objectives/objective.h"

#include <ATen/core/Tensor.h>

namespace stet::round {

// Weights of one example's loss.
struct CutWeights {
    double alpha = 1;
    double gamma = 0;
    double imitate = 1;             // of unflagged tokens of a criticised response
    bool skipUnlikelihood = false;  // nothing is flagged and the settings leave L1 out
    files::Combine combine = files::Combine::Half;
};

struct CutTerms {
    at::Tensor loss;  // scalar with gradient
    at::Tensor l1;    // unlikelihood term, detached
    at::Tensor l2;    // likelihood term, detached
};

// log(1 − p) from log p clamped at −1e-6, so that a certain token costs much but never infinitely.
at::Tensor logOneMinus(const at::Tensor& logP);

// L1 = −(1/N) [ Σ_{t∉U} imitate·log p(t) + Σ_{t∈U} α·p_j(t)^γ·log(1 − p(t)) ]
at::Tensor unlikelihoodTerm(const at::Tensor& logP, const at::Tensor& logPj, const at::Tensor& flags,
                            const CutWeights& weights);

// A criticised response: ½(L1 + L2) or L1 + L2 with L2 = −(1/N) Σ log p_j(t). flags: [N] bool.
CutTerms criticisedLoss(const at::Tensor& logP, const at::Tensor& logPj, const at::Tensor& flags,
                        const CutWeights& weights);

std::unique_ptr<Objective> makeCutObjective(const files::RoundSettings& settings);
std::unique_ptr<Objective> makeUnlikelihoodObjective(const files::RoundSettings& settings);

}  // namespace stet::round
