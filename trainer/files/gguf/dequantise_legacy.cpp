// Blocks of 32 numbers with a scale d (float16), in the types with a 1 also a minimum m: number = d·q (+ m). Of four
// and five bits the lower nibbles hold the first 16 numbers and the upper ones the rest; the fifth bits stand apart.
// Source: ggml-quants.c of llama.cpp.
#include "trainer/files/gguf/dequantise.h"

namespace stet::files::gguf {

namespace {

constexpr int kHalf = 16;

int nibble(const std::uint8_t* packed, int i)
{
    return i < kHalf ? packed[i] & 0x0F : packed[i - kHalf] >> 4U;
}

int fifthBit(const std::uint8_t* bits, int i)
{
    return (bits[i / 8] >> static_cast<unsigned>(i % 8) & 1U) != 0 ? 16 : 0;
}

}  // namespace

void dequantiseLegacy(NumberType type, const std::uint8_t* block, float* out)
{
    const float d = halfToFloat(block);
    switch (type) {
    case NumberType::Q4_0:
        for (int i = 0; i < 2 * kHalf; ++i) {
            out[i] = d * static_cast<float>(nibble(block + 2, i) - 8);
        }
        return;
    case NumberType::Q4_1: {
        const float m = halfToFloat(block + 2);
        for (int i = 0; i < 2 * kHalf; ++i) {
            out[i] = d * static_cast<float>(nibble(block + 4, i)) + m;
        }
        return;
    }
    case NumberType::Q5_0:
        for (int i = 0; i < 2 * kHalf; ++i) {
            out[i] = d * static_cast<float>((nibble(block + 6, i) | fifthBit(block + 2, i)) - 16);
        }
        return;
    case NumberType::Q5_1: {
        const float m = halfToFloat(block + 2);
        for (int i = 0; i < 2 * kHalf; ++i) {
            out[i] = d * static_cast<float>(nibble(block + 8, i) | fifthBit(block + 4, i)) + m;
        }
        return;
    }
    default:  // Q8_0
        for (int i = 0; i < 2 * kHalf; ++i) {
            out[i] = d * static_cast<float>(static_cast<std::int8_t>(block[2 + i]));
        }
    }
}

}  // namespace stet::files::gguf
