#include "trainer/model/ops/rotary.h"

#include "trainer/model/ops/row_kernels.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/record_function.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cmath>

namespace stet::model {

namespace {

using files::Rope;
using files::RopeType;

constexpr double kTwoPi = 6.283185307179586;
// Heads of tokens that a thread turns at once.
constexpr std::int64_t kRowsAtOnce = 256;

at::Tensor exponents(const Rope& rope)
{
    return at::arange(0, rope.dims, 2, at::TensorOptions().dtype(c10::kFloat)) / static_cast<double>(rope.dims);
}

// NTK-aware: the base grows with the length beyond the original context.
at::Tensor dynamicFrequencies(const Rope& rope, std::int64_t length)
{
    const auto context = static_cast<double>(rope.originalContext);
    const auto dims = static_cast<double>(rope.dims);
    const at::Tensor stretch = at::scalar_tensor(static_cast<double>(std::max(length, rope.originalContext)),
                                                 at::TensorOptions().dtype(c10::kFloat)) *
            rope.factor / context -
        (rope.factor - 1);
    const at::Tensor base = stretch.pow(dims / (dims - 2)) * rope.theta;
    return 1.0 / at::pow(base, exponents(rope));
}

// YaRN (arXiv 2309.00071): low frequencies are stretched, high ones kept, with a ramp between.
at::Tensor yarnFrequencies(const Rope& rope)
{
    const auto dims = static_cast<double>(rope.dims);
    const auto dimensionOf = [&](double rotations) {
        return dims * std::log(static_cast<double>(rope.originalContext) / (rotations * kTwoPi)) /
            (2 * std::log(rope.theta));
    };
    double low = dimensionOf(rope.betaFast);
    double high = dimensionOf(rope.betaSlow);
    if (rope.truncate) {
        low = std::floor(low);
        high = std::ceil(high);
    }
    low = std::max(low, 0.0);
    high = std::min(high, dims - 1);
    if (low == high) {
        high += 0.001;
    }
    const at::Tensor steps = at::arange(rope.dims / 2, at::TensorOptions().dtype(c10::kFloat));
    const at::Tensor kept = 1 - ((steps - low) / (high - low)).clamp(0, 1);
    const at::Tensor powers = at::pow(rope.theta, exponents(rope));
    return 1.0 / (powers * rope.factor) * (1 - kept) + 1.0 / powers * kept;
}

// Llama 3.1: wavelengths beyond the original context are stretched, short ones kept, those between interpolated.
at::Tensor llama3Frequencies(const Rope& rope)
{
    const at::Tensor plain = 1.0 / at::pow(rope.theta, exponents(rope));
    const auto context = static_cast<double>(rope.originalContext);
    const double longest = context / rope.lowFrequencyFactor;
    const double shortest = context / rope.highFrequencyFactor;
    // Python's number / tensor is number · (1 / tensor): the last digit may be another one than a division's.
    const at::Tensor wavelength = plain.reciprocal() * kTwoPi;
    const at::Tensor stretched = at::where(wavelength > longest, plain / rope.factor, plain);
    const at::Tensor smooth = (wavelength.reciprocal() * context - rope.lowFrequencyFactor) /
        (rope.highFrequencyFactor - rope.lowFrequencyFactor);
    const at::Tensor between = (1 - smooth) * stretched / rope.factor + smooth * stretched;
    const at::Tensor medium = (wavelength >= shortest).logical_and(wavelength <= longest);
    return at::where(medium, between, stretched);
}

at::Tensor longFrequencies(const Rope& rope, std::int64_t length)
{
    const auto& factors = length > rope.originalContext ? rope.longFactors : rope.shortFactors;
    const at::Tensor stretch = at::tensor(factors, at::TensorOptions().dtype(c10::kDouble)).to(c10::kFloat);
    return 1.0 / (stretch * at::pow(rope.theta, exponents(rope)));
}

// Whether tokens follow one another at one distance, a token's heads without a gap, each with angles of its own.
bool hasKernel(const at::Tensor& x, const Rotation& rotation)
{
    const bool evenly = x.size(0) == 1 || x.size(1) == 1 || x.stride(0) == x.size(1) * x.stride(1);
    return x.is_cpu() && x.scalar_type() == c10::kFloat && rotation.cos.scalar_type() == c10::kFloat &&
        rotation.cos.size(0) == x.size(0) && x.stride(3) == 1 && x.stride(2) == x.size(3) && evenly;
}

at::Tensor turned(const at::Tensor& x, const at::Tensor& cos, const at::Tensor& sin, float direction)
{
    RECORD_FUNCTION("stet::rotate", c10::ArrayRef<const c10::IValue>());
    at::Tensor out = at::empty(x.sizes(), x.options());
    const kernels::Turn turn{x.size(2), x.size(1) == 1 ? x.stride(0) : x.stride(1), cos.size(-1), direction};
    const std::int64_t rows = x.size(0) * x.size(1) * x.size(2);
    at::parallel_for(0, rows, kRowsAtOnce, [&](std::int64_t begin, std::int64_t end) {
        kernels::rotate({begin, end, x.size(3)}, turn, x.const_data_ptr<float>(), cos.const_data_ptr<float>(),
                        sin.const_data_ptr<float>(), out.mutable_data_ptr<float>());
    });
    return out;
}

struct Rotate : torch::autograd::Function<Rotate> {
    static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x, const at::Tensor& cos,
                              const at::Tensor& sin)
    {
        context->save_for_backward({cos, sin});
        return turned(x, cos, sin, 1);
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                   const torch::autograd::variable_list& gradients)
    {
        const auto saved = context->get_saved_variables();
        const at::Tensor none;
        return {turned(gradients.front().contiguous(), saved[0], saved[1], -1), none, none};
    }
};

}  // namespace

Rotary::Rotary(const files::Rope& rope, c10::Device device, c10::ScalarType dtype)
    : m_rope(rope), m_device(device), m_dtype(dtype), m_short(inverseFrequencies(rope.originalContext).to(device))
{
}

at::Tensor Rotary::inverseFrequencies(std::int64_t length) const
{
    switch (m_rope.type) {
    case RopeType::Linear:
        return 1.0 / at::pow(m_rope.theta, exponents(m_rope)) / m_rope.factor;
    case RopeType::Dynamic:
        return dynamicFrequencies(m_rope, length);
    case RopeType::Yarn:
        return yarnFrequencies(m_rope);
    case RopeType::Llama3:
        return llama3Frequencies(m_rope);
    case RopeType::LongRope:
        return longFrequencies(m_rope, length);
    case RopeType::Default:
        break;
    }
    return 1.0 / at::pow(m_rope.theta, exponents(m_rope));
}

at::Tensor Rotary::frequenciesByLength(const Placement& placement) const
{
    std::vector<at::Tensor> list;
    for (const auto length : placement.lengths) {
        list.push_back(inverseFrequencies(length));
    }
    const at::Tensor ofSequences = at::stack(list);
    return placement.packed
        ? ofSequences.repeat_interleave(at::tensor(placement.lengths, at::kLong), 0).unsqueeze(0).to(m_device)
        : ofSequences.unsqueeze(1).to(m_device);
}

Rotation Rotary::at(const Placement& placement) const
{
    const bool byLength = m_rope.type == RopeType::Dynamic || m_rope.type == RopeType::LongRope;
    const at::Tensor frequencies = byLength && placement.longest() > m_rope.originalContext
        ? frequenciesByLength(placement)
        : m_short.view({1, 1, -1});
    const at::Tensor angles = placement.positions.unsqueeze(-1) * frequencies;
    const at::Tensor both = at::cat({angles, angles}, -1).unsqueeze(2);
    return {(both.cos() * m_rope.attentionFactor).to(m_dtype), (both.sin() * m_rope.attentionFactor).to(m_dtype)};
}

bool Rotary::outgrows(std::int64_t before, std::int64_t after) const
{
    return m_rope.type == RopeType::LongRope && before <= m_rope.originalContext && after > m_rope.originalContext;
}

at::Tensor rotate(const at::Tensor& x, const Rotation& rotation)
{
    if (!hasKernel(x, rotation)) {
        return rotateByAten(x, rotation);
    }
    return x.requires_grad() && at::GradMode::is_enabled() ? Rotate::apply(x, rotation.cos, rotation.sin)
                                                           : turned(x, rotation.cos, rotation.sin, 1);
}

at::Tensor rotateByAten(const at::Tensor& x, const Rotation& rotation)
{
    const std::int64_t dims = rotation.cos.size(-1);
    const at::Tensor turning = x.narrow(-1, 0, dims);
    const auto halves = turning.chunk(2, -1);
    const at::Tensor turned =
        (turning * rotation.cos + at::cat({-halves[1], halves[0]}, -1) * rotation.sin).to(x.scalar_type());
    return dims == x.size(-1) ? turned : at::cat({turned, x.narrow(-1, dims, x.size(-1) - dims)}, -1);
}

}  // namespace stet::model
