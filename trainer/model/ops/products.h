// The large matrix products of a layer on the library that is fastest for them. Compute thread.
#pragma once

#include <ATen/core/Tensor.h>

namespace stet::model {

// x […, in] · weightᵀ + bias → […, out]. weight: [out, in] by any strides; bias: [out] or undefined. Not
// differentiable. float32 on the CPU goes to oneDNN, which takes the widest vectors of every maker's processors, where
// MKL takes them of Intel's alone; a few rows, bound by memory, and everything else to ATen's own choice.
at::Tensor linearProduct(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias = {});

}  // namespace stet::model
