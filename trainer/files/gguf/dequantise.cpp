#include "trainer/files/gguf/dequantise.h"

#include <bit>

namespace stet::files::gguf {

float halfToFloat(const std::uint8_t* bytes)
{
    const std::uint32_t half = bytes[0] | static_cast<std::uint32_t>(bytes[1]) << 8U;
    const std::uint32_t sign = (half & 0x8000U) << 16U;
    const std::uint32_t exponent = half >> 10U & 0x1FU;
    const std::uint32_t fraction = half & 0x3FFU;
    if (exponent == 0) {  // zero, or fraction · 2^-24
        const float magnitude = static_cast<float>(fraction) * 0x1p-24F;
        return std::bit_cast<float>(std::bit_cast<std::uint32_t>(magnitude) | sign);
    }
    const std::uint32_t widened = exponent == 31 ? 255U : exponent + 112U;
    return std::bit_cast<float>(sign | widened << 23U | fraction << 13U);
}

void dequantisePlain(NumberType type, const std::uint8_t* block, float* out)
{
    if (type == NumberType::F16) {
        *out = halfToFloat(block);
        return;
    }
    // bfloat16 is the upper half of a float32.
    const std::uint32_t bits = type == NumberType::BF16 ? (block[0] | static_cast<std::uint32_t>(block[1]) << 8U) << 16U
                                                        : block[0] | static_cast<std::uint32_t>(block[1]) << 8U |
            static_cast<std::uint32_t>(block[2]) << 16U | static_cast<std::uint32_t>(block[3]) << 24U;
    *out = std::bit_cast<float>(bits);
}

void dequantise(NumberType type, const std::uint8_t* bytes, std::size_t blocks, float* out)
{
    const BlockLayout layout = blockLayout(type);
    const auto one = layout.numbers == 1 ? dequantisePlain : layout.numbers == 32 ? dequantiseLegacy : dequantiseSuper;
    for (std::size_t i = 0; i < blocks; ++i) {
        one(type, bytes + i * layout.bytes, out + i * layout.numbers);
    }
}

}  // namespace stet::files::gguf
