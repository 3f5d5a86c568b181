// Direct Preference Optimization (arXiv 2305.18290, Eq. 7), sigmoid loss as in the paper and in TRL's `loss_type
// "sigmoid"` without label smoothing. Pure; compute thread.
#pragma once

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

}  // namespace stet::round
