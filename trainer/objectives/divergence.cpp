#include "trainer/objectives/divergence.h"

#include <ATen/ATen.h>

namespace stet::round {

at::Tensor meanDivergence(const at::Tensor& logP, const at::Tensor& logQ)
{
    return (logP.exp() * (logP - logQ.detach())).sum(-1).mean();
}

}  // namespace stet::round
