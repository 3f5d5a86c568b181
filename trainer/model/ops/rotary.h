// Rotary position embedding: the angles of a batch's positions under one rope of a model. For `dynamic` and `longrope`
// the frequencies follow the length of the sequence; here it is the row's own, so that neither batch nor padding
// changes a number. Compute thread. Source: modeling_rope_utils.py, in float32 as there, so that the angles are the
// same numbers.
#pragma once

#include "trainer/files/model_config.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace stet::model {

struct Rotation {
    at::Tensor cos;  // [B or 1, 1, T, dims]
    at::Tensor sin;
};

class Rotary {
public:
    // dtype: of sine and cosine.
    Rotary(const files::Rope& rope, c10::Device device, c10::ScalarType dtype);

    // positions: [B or 1, T] float32 on the device. lengths: tokens of each row up to and with this call.
    Rotation at(const at::Tensor& positions, const std::vector<std::int64_t>& lengths) const;

    // True where growing from `before` to `after` tokens changes the angles of tokens already computed: a cache of keys
    // is then to be filled anew (longrope; Transformers does the same in Phi-3's generation).
    bool outgrows(std::int64_t before, std::int64_t after) const;

private:
    at::Tensor inverseFrequencies(std::int64_t length) const;  // [dims / 2] float32 on the CPU

    files::Rope m_rope;
    c10::Device m_device;
    c10::ScalarType m_dtype;
    at::Tensor m_short;  // up to the original context, on the device
};

// x: [B, heads, T, head_dim]; the first coordinates rotate in two halves, the others pass.
at::Tensor rotate(const at::Tensor& x, const Rotation& rotation);

}  // namespace stet::model
