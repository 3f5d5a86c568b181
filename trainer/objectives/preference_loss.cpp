#include "trainer/objectives/preference_loss.h"

#include <ATen/ATen.h>

namespace stet::round {

PreferenceTerms preferenceLoss(const ResponseLikelihood& preferred, const ResponseLikelihood& rejected, double beta)
{
    const at::Tensor margin =
        ((preferred.trained - preferred.reference) - (rejected.trained - rejected.reference)) * beta;
    return {-at::log_sigmoid(margin), margin.detach()};
}

}  // namespace stet::round
