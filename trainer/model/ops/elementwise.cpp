#include "trainer/model/ops/elementwise.h"

#include "trainer/model/ops/row_kernels.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/record_function.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>

namespace stet::model {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Numbers a thread takes at once.
constexpr std::int64_t kGrain = 1 << 14;

bool hasKernels(const at::Tensor& x)
{
    return x.is_cpu() && x.scalar_type() == c10::kFloat;
}

// use(rows): in parallel over the rows of a tensor whose last dimension is `width`. Recorded as ATen's operations are.
template <typename Use> void forRows(const char* name, const at::Tensor& x, std::int64_t width, const Use& use)
{
    RECORD_FUNCTION(name, c10::ArrayRef<const c10::IValue>());
    const std::int64_t rows = x.size(-1) == 0 ? 0 : x.numel() / x.size(-1);
    at::parallel_for(0, rows, std::max<std::int64_t>(1, kGrain / std::max<std::int64_t>(1, x.size(-1))),
                     [&](std::int64_t begin, std::int64_t end) {
                         use(kernels::Rows{begin, end, width});
                     });
}

float offsetOf(const files::ModelConfig& config)
{
    return config.normWeightPlusOne ? 1.0F : 0.0F;
}

// x: contiguous. Returns the normed numbers and each row's scale.
std::pair<at::Tensor, at::Tensor> normedRows(const at::Tensor& x, const at::Tensor& weight, float offset, float eps)
{
    at::Tensor out = at::empty_like(x);
    at::Tensor scales = at::empty({x.numel() / std::max<std::int64_t>(1, x.size(-1))}, x.options());
    forRows("stet::rms_norm", x, x.size(-1), [&](const kernels::Rows& rows) {
        kernels::rmsNorm(rows, x.const_data_ptr<float>(), weight.const_data_ptr<float>(), offset, eps,
                         out.mutable_data_ptr<float>(), scales.mutable_data_ptr<float>());
    });
    return {out, scales};
}

struct RmsNorm : torch::autograd::Function<RmsNorm> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight, double offset,
                              double eps)
    {
        const at::Tensor dense = x.contiguous();
        const auto [out, scales] = normedRows(dense, weight, static_cast<float>(offset), static_cast<float>(eps));
        context->save_for_backward({dense, weight, scales});
        context->saved_data["offset"] = offset;
        return out;
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients)
    {
        const auto saved = context->get_saved_variables();
        const at::Tensor gradient = gradients.front().contiguous();
        const at::Tensor& x = saved[0];
        const auto offset = static_cast<float>(context->saved_data["offset"].toDouble());
        at::Tensor out = at::empty_like(x);
        forRows("stet::rms_norm_backward", x, x.size(-1), [&](const kernels::Rows& rows) {
            kernels::rmsNormBackward(rows, gradient.const_data_ptr<float>(), x.const_data_ptr<float>(),
                                     saved[1].const_data_ptr<float>(), offset, saved[2].const_data_ptr<float>(),
                                     out.mutable_data_ptr<float>());
        });
        const at::Tensor none;
        return {out, none, none, none};
    }
};

// gateUp: contiguous, [..., 2 · inner].
at::Tensor siluGatedRows(const at::Tensor& gateUp)
{
    auto sizes = gateUp.sizes().vec();
    sizes.back() /= 2;
    at::Tensor out = at::empty(sizes, gateUp.options());
    forRows("stet::silu_gated", gateUp, sizes.back(), [&](const kernels::Rows& rows) {
        kernels::siluGated(rows, gateUp.const_data_ptr<float>(), out.mutable_data_ptr<float>());
    });
    return out;
}

struct SiluGated : torch::autograd::Function<SiluGated> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& gateUp)
    {
        const at::Tensor dense = gateUp.contiguous();
        context->save_for_backward({dense});
        return siluGatedRows(dense);
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients)
    {
        const at::Tensor gateUp = context->get_saved_variables().front();
        const at::Tensor gradient = gradients.front().contiguous();
        at::Tensor out = at::empty_like(gateUp);
        forRows("stet::silu_gated_backward", gateUp, gradient.size(-1), [&](const kernels::Rows& rows) {
            kernels::siluGatedBackward(rows, gradient.const_data_ptr<float>(), gateUp.const_data_ptr<float>(),
                                       out.mutable_data_ptr<float>());
        });
        return {out};
    }
};

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
    // A weight that is learnt (pretrain) has a gradient of its own.
    if (hasKernels(x) && !weight.requires_grad()) {
        return x.requires_grad() && at::GradMode::is_enabled()
            ? RmsNorm::apply(x, weight, offsetOf(config), config.rmsNormEps)
            : normedRows(x.contiguous(), weight, offsetOf(config), static_cast<float>(config.rmsNormEps)).first;
    }
    return rmsNormByAten(x, weight, config);
}

at::Tensor rmsNormByAten(const at::Tensor& x, const at::Tensor& weight, const files::ModelConfig& config)
{
    const at::Tensor wide = x.to(c10::kFloat);
    const at::Tensor scaled = wide * at::rsqrt(wide.square().mean(-1, true) + config.rmsNormEps);
    if (!config.normWeightInFloat32) {
        return weight * scaled.to(x.scalar_type());
    }
    const at::Tensor wideWeight = weight.to(c10::kFloat);
    return (scaled * (config.normWeightPlusOne ? wideWeight + 1.0 : wideWeight)).to(x.scalar_type());
}

at::Tensor gated(const at::Tensor& gateUp, files::Activation activation)
{
    if (hasKernels(gateUp) && activation == files::Activation::Silu) {
        return gateUp.requires_grad() && at::GradMode::is_enabled() ? SiluGated::apply(gateUp)
                                                                    : siluGatedRows(gateUp.contiguous());
    }
    return gatedByAten(gateUp, activation);
}

at::Tensor gatedByAten(const at::Tensor& gateUp, files::Activation activation)
{
    const auto parts = gateUp.chunk(2, -1);
    return activated(parts[0], activation) * parts[1];
}

at::Tensor residual(const at::Tensor& to, const at::Tensor& what, double scale)
{
    return scale == 1 ? to + what : to + what * scale;
}

}  // namespace stet::model
