#include "trainer/files/gguf/quantise.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace stet::files::gguf {

namespace {

constexpr std::size_t kNumbers = 32;
constexpr std::size_t kBytes = 34;

void quantiseBlock(const float* numbers, std::uint8_t* out)
{
    float largest = 0;
    for (std::size_t i = 0; i < kNumbers; ++i) {
        largest = std::max(largest, std::abs(numbers[i]));
    }
    const float scale = largest / 127.0F;
    // Of the scale before it is rounded, as llama.cpp has it.
    const float inverse = scale == 0 ? 0 : 1.0F / scale;
    const std::uint16_t half = floatToHalf(scale);
    out[0] = static_cast<std::uint8_t>(half & 0xFFU);
    out[1] = static_cast<std::uint8_t>(half >> 8U);
    for (std::size_t i = 0; i < kNumbers; ++i) {
        // Ties away from zero. Beyond 127 only where the scale is denormal and its inverse infinite.
        const float rounded = std::clamp(std::round(numbers[i] * inverse), -127.0F, 127.0F);
        out[2 + i] = static_cast<std::uint8_t>(static_cast<std::int8_t>(std::isnan(rounded) ? 0 : rounded));
    }
}

}  // namespace

std::uint16_t floatToHalf(float number)
{
    const auto bits = std::bit_cast<std::uint32_t>(number);
    const auto sign = static_cast<std::uint16_t>(bits >> 16U & 0x8000U);
    const float magnitude = std::abs(number);
    if (std::isnan(number)) {
        return sign | 0x7E00U;
    }
    if (magnitude >= 65520.0F) {  // rounds beyond the largest, 65504
        return sign | 0x7C00U;
    }
    if (magnitude < 0x1p-14F) {  // in steps of 2^-24; the current rounding is to even
        return sign | static_cast<std::uint16_t>(std::nearbyint(magnitude * 0x1p24F));
    }
    const std::uint32_t kept = bits & 0x7FFFFFFFU;
    const std::uint32_t rounded = kept + 0xFFFU + (kept >> 13U & 1U);
    return sign | static_cast<std::uint16_t>((rounded >> 13U) - (112U << 10U));
}

void quantiseQ8(const float* numbers, std::size_t blocks, std::uint8_t* out)
{
    for (std::size_t i = 0; i < blocks; ++i) {
        quantiseBlock(numbers + i * kNumbers, out + i * kBytes);
    }
}

}  // namespace stet::files::gguf
