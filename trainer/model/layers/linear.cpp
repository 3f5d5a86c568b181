#include "trainer/model/layers/linear.h"

#include <ATen/ATen.h>

namespace stet::model {

at::Tensor DenseWeight::product(const at::Tensor& x, const at::Tensor& bias) const
{
    return at::linear(x, m_weight, bias);
}

at::Tensor Linear::forward(const at::Tensor& x, const LoraBranch& lora) const
{
    return lora.addTo(m_weight->product(x, m_bias), m_name, x);
}

}  // namespace stet::model
