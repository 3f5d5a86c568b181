#include "trainer/model/ops/products.h"

#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include <algorithm>
#include <optional>
#include <string_view>

namespace stet::model {

namespace {

// Below, reading the weights takes longer than multiplying with them.
constexpr std::int64_t kRowsThatPay = 48;

using LinearPointwise = at::Tensor(const at::Tensor&, const at::Tensor&, const std::optional<at::Tensor>&,
                                   std::string_view, c10::List<std::optional<at::Scalar>>,
                                   std::optional<std::string_view>);

// ATen's own door to oneDNN for a dense weight; it stands in no header.
std::optional<c10::TypedOperatorHandle<LinearPointwise>> oneDnnLinear()
{
    const auto found = c10::Dispatcher::singleton().findSchema({"mkldnn::_linear_pointwise", ""});
    return found && at::globalContext().userEnabledMkldnn() ? std::optional(found->typed<LinearPointwise>())
                                                            : std::nullopt;
}

}  // namespace

at::Tensor linearProduct(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias)
{
    static const auto oneDnn = oneDnnLinear();
    const bool many = x.numel() / std::max<std::int64_t>(1, x.size(-1)) >= kRowsThatPay;
    if (oneDnn && many && x.is_cpu() && x.scalar_type() == c10::kFloat) {
        return oneDnn->call(x, weight, bias.defined() ? std::optional(bias) : std::nullopt, "none",
                            c10::List<std::optional<at::Scalar>>(), "");
    }
    return at::linear(x, weight, bias);
}

}  // namespace stet::model
