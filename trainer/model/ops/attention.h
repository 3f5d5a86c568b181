// Causal attention: the weighted sum itself, over rows or over packed sequences, and the keys and values that a cache
// keeps. Compute thread.
#pragma once

#include "trainer/model/batch/placement.h"

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace stet::model {

// Appends [B, kv, T, D] to a cache tensor, growing it by doubling, and returns all columns.
at::Tensor append(at::Tensor& store, const at::Tensor& fresh, std::int64_t columns);

struct AttentionForm {
    double scale = 1;
    double cap = 0;  // scores become cap·tanh(score / cap) before the mask (Gemma 2); 0: none
};
// q: [B, T, heads, D]; k, v: [B, columns, kv_heads, D]; mask: attentionMask's → [B, T, heads·D]. No sequence sees
// another.
at::Tensor attend(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& mask,
                  const Placement& placement, const AttentionForm& form);

}  // namespace stet::model
