#include "trainer/objectives/cut_loss.h"

#include "trainer/objectives/likelihood_loss.h"

#include <ATen/ATen.h>

namespace stet::round {

// log(1 − e^x) = log(−expm1(x)): exact for small p and near p = 1 alike.
at::Tensor logOneMinus(const at::Tensor& logP)
{
    return (-at::expm1(logP.clamp_max(-1e-6))).log();
}

at::Tensor unlikelihoodTerm(const at::Tensor& logP, const at::Tensor& logPj, const at::Tensor& flags,
                            const CutWeights& weights)
{
    at::Tensor pushed = logOneMinus(logP) * weights.alpha;
    if (weights.gamma != 0) {
        pushed = pushed * (logPj.detach() * weights.gamma).exp();
    }
    return -at::where(flags, pushed, logP * weights.imitate).mean();
}

CutTerms criticisedLoss(const at::Tensor& logP, const at::Tensor& logPj, const at::Tensor& flags,
                        const CutWeights& weights)
{
    const at::Tensor l2 = likelihoodLoss(logPj);
    const at::Tensor l1 = weights.skipUnlikelihood ? at::zeros_like(l2) : unlikelihoodTerm(logP, logPj, flags, weights);
    const double share = weights.combine == files::Combine::Half ? 0.5 : 1.0;
    return {(l1 + l2) * share, l1.detach(), l2.detach()};
}

}  // namespace stet::round
