// Loops over rows of float32 on the CPU: what elementwise operations of ATen would do in many passes over memory, done
// in one. Each is proved against ATen's operations (tests/trainer/model/tst_fused_ops). Called by ops/elementwise and
// ops/rotary for contiguous float32 tensors on the CPU; one row's result doesn't depend on the others, nor on how many
// threads share them. Any thread; pointers are borrowed for the call.
#pragma once

#include <cstdint>

namespace stet::model::kernels {

// Rows [begin, end) of a matrix with `width` columns, one after another.
struct Rows {
    std::int64_t begin = 0;
    std::int64_t end = 0;
    std::int64_t width = 0;
};

// out = x · r · (weight + offset), r = 1 / √(mean(x²) + eps), which goes to `scales`, a number a row.
void rmsNorm(const Rows& rows, const float* x, const float* weight, float offset, float eps, float* out, float* scales);
// With h = gradient · (weight + offset): out = r · h − x · r³ · mean(h · x).
void rmsNormBackward(const Rows& rows, const float* gradient, const float* x, const float* weight, float offset,
                     const float* scales, float* out);

// gateUp: rows of 2 · width numbers, the gate's first. out = silu(gate) · up.
void siluGated(const Rows& rows, const float* gateUp, float* out);
// gateUp's gradient, rows of 2 · width numbers.
void siluGatedBackward(const Rows& rows, const float* gradient, const float* gateUp, float* out);

// A row is a head of a token. Its first `dims` numbers turn in two halves by the angles of its token, the others pass.
struct Turn {
    std::int64_t heads = 0;        // of a token
    std::int64_t tokenStride = 0;  // of x, in numbers; a head follows another
    std::int64_t dims = 0;
    float direction = 1;  // −1: back
};
// x: [tokens, heads, width] with tokenStride; cosines, sines: [tokens, dims]; out: [tokens, heads, width].
void rotate(const Rows& rows, const Turn& turn, const float* x, const float* cosines, const float* sines, float* out);

}  // namespace stet::model::kernels
