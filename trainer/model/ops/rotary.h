// Rotary position embedding: the angles of a batch's positions under one rope of a model. For `dynamic` and `longrope`
// the frequencies follow the length of the sequence; here it is the sequence's own, so that neither batch nor
// padding changes a number. Compute thread. Source: modeling_rope_utils.py, in float32 as there, so that the angles are
// the same numbers.
#pragma once

#include "trainer/files/model_config.h"
#include "trainer/model/batch/placement.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace stet::model {

struct Rotation {
    at::Tensor cos;  // [B or 1, T, 1, dims]
    at::Tensor sin;
};

class Rotary {
public:
    // dtype: of sine and cosine.
    Rotary(const files::Rope& rope, c10::Device device, c10::ScalarType dtype);

    Rotation at(const Placement& placement) const;

    // True where growing from `before` to `after` tokens changes the angles of tokens already computed: a cache of keys
    // is then to be filled anew (longrope; Transformers does the same in Phi-3's generation).
    bool outgrows(std::int64_t before, std::int64_t after) const;

private:
    at::Tensor inverseFrequencies(std::int64_t length) const;          // [dims / 2] float32 on the CPU
    at::Tensor frequenciesByLength(const Placement& placement) const;  // of each token: [B or 1, T or 1, dims / 2]

    files::Rope m_rope;
    c10::Device m_device;
    c10::ScalarType m_dtype;
    at::Tensor m_short;  // up to the original context, on the device
};

// x: [B, T, heads, head_dim]; the first coordinates rotate in two halves, the others pass. In float32 on the CPU by
// ops/row_kernels, with ATen's operations as the reference.
at::Tensor rotate(const at::Tensor& x, const Rotation& rotation);
at::Tensor rotateByAten(const at::Tensor& x, const Rotation& rotation);

}  // namespace stet::model
