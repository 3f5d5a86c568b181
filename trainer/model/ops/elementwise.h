// What a layer does beside its matrix products: each a function of its own, so that a fused kernel can take its place.
// Written with ATen's operations, which stay as the reference. Compute thread.
#pragma once

#include "trainer/files/model_config.h"

#include <ATen/core/Tensor.h>

namespace stet::model {

// The mean square is taken in float32; where the weight joins is the family's (modeling_<family>.py). x: […, H].
at::Tensor rmsNorm(const at::Tensor& x, const at::Tensor& weight, const files::ModelConfig& config);

// activation(gate) · up. Both [B, T, inner].
at::Tensor gated(const at::Tensor& gate, const at::Tensor& up, files::Activation activation);

// to + scale · what.
at::Tensor residual(const at::Tensor& to, const at::Tensor& what, double scale);

// cap · tanh(x / cap); x itself where cap is 0.
at::Tensor capped(const at::Tensor& x, double cap);

}  // namespace stet::model
