#include "trainer/model/ops/elementwise.h"

#include <ATen/ATen.h>

namespace stet::model {

namespace {

at::Tensor activated(const at::Tensor& x, files::Activation activation)
{
    switch (activation) {
    case files::Activation::Gelu:
        return at::gelu(x);
    case files::Activation::GeluTanh:
        return at::gelu(x, "tanh");
    case files::Activation::Silu:
        break;
    }
    return at::silu(x);
}

}  // namespace

at::Tensor rmsNorm(const at::Tensor& x, const at::Tensor& weight, const files::ModelConfig& config)
{
    const at::Tensor wide = x.to(c10::kFloat);
    const at::Tensor scaled = wide * at::rsqrt(wide.square().mean(-1, true) + config.rmsNormEps);
    if (!config.normWeightInFloat32) {
        return weight * scaled.to(x.scalar_type());
    }
    const at::Tensor wideWeight = weight.to(c10::kFloat);
    return (scaled * (config.normWeightPlusOne ? wideWeight + 1.0 : wideWeight)).to(x.scalar_type());
}

at::Tensor gated(const at::Tensor& gate, const at::Tensor& up, files::Activation activation)
{
    return activated(gate, activation) * up;
}

at::Tensor residual(const at::Tensor& to, const at::Tensor& what, double scale)
{
    return scale == 1 ? to + what : to + what * scale;
}

at::Tensor capped(const at::Tensor& x, double cap)
{
    return cap > 0 ? (x / cap).tanh() * cap : x;
}

}  // namespace stet::model
