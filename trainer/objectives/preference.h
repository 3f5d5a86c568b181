// dpo (Direct Preference Optimization, arXiv 2305.18290): what a person wrote is preferred to the response that was
// criticised. The loss is Eq. 7, as TRL's `loss_type "sigmoid"` without label smoothing. The reference is the model the
// round begins with; its log-probabilities are made once, before the first step, so that no second copy of anything is
// kept.
#pragma once

#include "trainer/objectives/objective.h"

#include <ATen/core/Tensor.h>

namespace stet::round {

// log π(y|x) of a whole response, Σ log p(t), by the trained model (scalar with gradient) and by the reference.
struct ResponseLikelihood {
    at::Tensor trained;
    double reference = 0;
};

struct PreferenceTerms {
    at::Tensor loss;    // −log σ(margin), scalar with gradient
    at::Tensor margin;  // β·[ (log π(y+) − log π_ref(y+)) − (log π(y−) − log π_ref(y−)) ], detached
};

PreferenceTerms preferenceLoss(const ResponseLikelihood& preferred, const ResponseLikelihood& rejected, double beta);

std::unique_ptr<Objective> makePreferenceObjective(const files::RoundSettings& settings);

}  // namespace stet::round
