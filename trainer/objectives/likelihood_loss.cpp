#include "trainer/objectives/likelihood_loss.h"

#include <ATen/ATen.h>

namespace stet::round {

at::Tensor likelihoodLoss(const at::Tensor& logP)
{
    return -logP.mean();
}

}  // namespace stet::round
