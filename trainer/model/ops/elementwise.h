// What a layer does beside its matrix products: each a function of its own, so that a fused kernel can take its place.
// In float32 on the CPU it does (ops/row_kernels), forwards and backwards; elsewhere they are ATen's operations, which
// stay beside it as the reference. Compute thread.
#pragma once

#include "trainer/files/model_config.h"

#include <ATen/core/Tensor.h>

namespace stet::model {

// The mean square is taken in float32; where the weight joins is the family's (modeling_<family>.py). x: […, H].
at::Tensor rmsNorm(const at::Tensor& x, const at::Tensor& weight, const files::ModelConfig& config);
at::Tensor rmsNormByAten(const at::Tensor& x, const at::Tensor& weight, const files::ModelConfig& config);

// gateUp: [B, T, 2 · inner], the gate's numbers before the others' → activation(gate) · up, [B, T, inner].
at::Tensor gated(const at::Tensor& gateUp, files::Activation activation);
at::Tensor gatedByAten(const at::Tensor& gateUp, files::Activation activation);

// to + scale · what.
at::Tensor residual(const at::Tensor& to, const at::Tensor& what, double scale);

}  // namespace stet::model
