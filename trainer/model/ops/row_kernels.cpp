#include "trainer/model/ops/row_kernels.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

// Compiled with the reordering of sums allowed (CMakeLists.txt), so that they become vectors; and several times, for
// the machine to choose from, except where a sanitizer has to see every call.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) &&               \
    !defined(__SANITIZE_THREAD__)
#define STET_FOR_EACH_MACHINE __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define STET_FOR_EACH_MACHINE
#endif

namespace stet::model::kernels {

namespace {

// e^x: 2^n · e^r with |r| ≤ ln 2 / 2, e^r by its series, whose rest is below 6e-9 of it. Vectors, unlike the library's.
[[gnu::always_inline]] inline float exponential(float x)
{
    constexpr float kLog2E = 1.44269504F;
    constexpr float kLn2High = 0.693359375F;
    constexpr float kLn2Low = -2.12194440e-4F;
    const float bounded = std::min(std::max(x, -87.0F), 88.0F);
    const float scaled = bounded * kLog2E;
    const auto n = static_cast<std::int32_t>(scaled + (scaled >= 0 ? 0.5F : -0.5F));
    const auto whole = static_cast<float>(n);
    const float r = (bounded - whole * kLn2High) - whole * kLn2Low;
    float series = 1.0F / 5040;
    series = series * r + 1.0F / 720;
    series = series * r + 1.0F / 120;
    series = series * r + 1.0F / 24;
    series = series * r + 1.0F / 6;
    series = series * r + 0.5F;
    series = series * r + 1.0F;
    series = series * r + 1.0F;
    return series * std::bit_cast<float>((n + 127) << 23);
}

[[gnu::always_inline]] inline float sigmoid(float x)
{
    return 1.0F / (1.0F + exponential(-x));
}

}  // namespace

STET_FOR_EACH_MACHINE
void rmsNorm(const Rows& rows, const float* x, const float* weight, float offset, float eps, float* out, float* scales)
{
    for (std::int64_t row = rows.begin; row < rows.end; ++row) {
        const float* in = x + row * rows.width;
        float squares = 0;
        for (std::int64_t i = 0; i < rows.width; ++i) {
            squares += in[i] * in[i];
        }
        const float scale = 1.0F / std::sqrt(squares / static_cast<float>(rows.width) + eps);
        float* to = out + row * rows.width;
        for (std::int64_t i = 0; i < rows.width; ++i) {
            to[i] = in[i] * scale * (weight[i] + offset);
        }
        scales[row] = scale;
    }
}

STET_FOR_EACH_MACHINE
void rmsNormBackward(const Rows& rows, const float* gradient, const float* x, const float* weight, float offset,
                     const float* scales, float* out)
{
    for (std::int64_t row = rows.begin; row < rows.end; ++row) {
        const float* g = gradient + row * rows.width;
        const float* in = x + row * rows.width;
        float sum = 0;
        for (std::int64_t i = 0; i < rows.width; ++i) {
            sum += g[i] * (weight[i] + offset) * in[i];
        }
        const float scale = scales[row];
        const float share = scale * scale * scale * (sum / static_cast<float>(rows.width));
        float* to = out + row * rows.width;
        for (std::int64_t i = 0; i < rows.width; ++i) {
            to[i] = scale * g[i] * (weight[i] + offset) - in[i] * share;
        }
    }
}

STET_FOR_EACH_MACHINE
void siluGated(const Rows& rows, const float* gateUp, float* out)
{
    for (std::int64_t row = rows.begin; row < rows.end; ++row) {
        const float* gate = gateUp + row * 2 * rows.width;
        const float* up = gate + rows.width;
        float* to = out + row * rows.width;
        for (std::int64_t i = 0; i < rows.width; ++i) {
            to[i] = gate[i] * sigmoid(gate[i]) * up[i];
        }
    }
}

STET_FOR_EACH_MACHINE
void siluGatedBackward(const Rows& rows, const float* gradient, const float* gateUp, float* out)
{
    for (std::int64_t row = rows.begin; row < rows.end; ++row) {
        const float* g = gradient + row * rows.width;
        const float* gate = gateUp + row * 2 * rows.width;
        const float* up = gate + rows.width;
        float* ofGate = out + row * 2 * rows.width;
        float* ofUp = ofGate + rows.width;
        for (std::int64_t i = 0; i < rows.width; ++i) {
            const float s = sigmoid(gate[i]);
            ofUp[i] = g[i] * gate[i] * s;
            ofGate[i] = g[i] * up[i] * s * (1.0F + gate[i] * (1.0F - s));
        }
    }
}

STET_FOR_EACH_MACHINE
void rotate(const Rows& rows, const Turn& turn, const float* x, const float* cosines, const float* sines, float* out)
{
    const std::int64_t half = turn.dims / 2;
    for (std::int64_t row = rows.begin; row < rows.end; ++row) {
        const std::int64_t token = row / turn.heads;
        const float* in = x + token * turn.tokenStride + row % turn.heads * rows.width;
        const float* cosine = cosines + token * turn.dims;
        const float* sine = sines + token * turn.dims;
        float* to = out + row * rows.width;
        for (std::int64_t i = 0; i < half; ++i) {
            const float turned = turn.direction * sine[i];
            to[i] = in[i] * cosine[i] - in[half + i] * turned;
            to[half + i] = in[half + i] * cosine[i] + in[i] * turned;
        }
        for (std::int64_t i = turn.dims; i < rows.width; ++i) {
            to[i] = in[i];
        }
    }
}

}  // namespace stet::model::kernels
