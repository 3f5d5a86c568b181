#include "trainer/model/ops/head.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>

namespace stet::model {

namespace {

// Rows widened at once: 64 MiB in float32.
std::int64_t rowsAtOnce(const at::Tensor& weight)
{
    return std::max<std::int64_t>(1, (std::int64_t{16} << 20) / weight.size(1));
}

template <typename Use> void forEachPart(const at::Tensor& weight, const Use& use)
{
    const std::int64_t step = rowsAtOnce(weight);
    for (std::int64_t begin = 0; begin < weight.size(0); begin += step) {
        const std::int64_t count = std::min(step, weight.size(0) - begin);
        use(begin, count, weight.narrow(0, begin, count).to(c10::kFloat));
    }
}

struct WideHead : torch::autograd::Function<WideHead> {
    static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& hidden,
                              const at::Tensor& weight)
    {
        context->save_for_backward({weight});
        context->saved_data["dtype"] = static_cast<std::int64_t>(hidden.scalar_type());
        return product(hidden, weight);
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                   const torch::autograd::variable_list& gradients)
    {
        const at::Tensor weight = context->get_saved_variables().front();
        const at::Tensor gradient = gradients.front();
        at::Tensor sum = at::zeros({gradient.size(0), weight.size(1)}, gradient.options());
        forEachPart(weight, [&](std::int64_t begin, std::int64_t count, const at::Tensor& part) {
            sum.addmm_(gradient.narrow(1, begin, count), part);
        });
        return {sum.to(static_cast<c10::ScalarType>(context->saved_data["dtype"].toInt())), at::Tensor()};
    }

    static at::Tensor product(const at::Tensor& hidden, const at::Tensor& weight)
    {
        const at::Tensor wide = hidden.to(c10::kFloat);
        at::Tensor logits = at::empty({hidden.size(0), weight.size(0)}, wide.options());
        forEachPart(weight, [&](std::int64_t begin, std::int64_t count, const at::Tensor& part) {
            logits.narrow(1, begin, count).copy_(at::linear(wide, part));
        });
        return logits;
    }
};

}  // namespace

at::Tensor headLogits(const at::Tensor& hidden, const at::Tensor& weight)
{
    if (weight.scalar_type() == c10::kFloat) {
        return at::linear(hidden, weight);
    }
    return hidden.requires_grad() ? WideHead::apply(hidden, weight) : WideHead::product(hidden, weight);
}

}  // namespace stet::model
