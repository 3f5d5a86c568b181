// Super-blocks of 256 numbers: a scale of the scales (float16), and a quantised scale (in Q4_K and Q5_K also a minimum)
// for each 32 or 16 numbers. Source: ggml-quants.c of llama.cpp.
#include "trainer/files/gguf/dequantise.h"

namespace stet::files::gguf {

namespace {

struct ScaleMin {
    float scale = 0;
    float min = 0;
};

// Eight scales and eight minima of six bits in twelve bytes: the lower four bits of the last four pairs stand in the
// last four bytes, their upper two above the first ones.
ScaleMin scaleMin(const std::uint8_t* packed, int i)
{
    if (i < 4) {
        return {static_cast<float>(packed[i] & 0x3F), static_cast<float>(packed[i + 4] & 0x3F)};
    }
    const unsigned low = packed[i + 4];
    return {static_cast<float>((low & 0x0FU) | (packed[i - 4] >> 2U & 0x30U)),
            static_cast<float>((low >> 4U) | (packed[i] >> 2U & 0x30U))};
}

// Q4_K: d, dmin, scales [12], nibbles [128]. Q5_K: fifth bits [32] before the nibbles.
void withMinima(bool five, const std::uint8_t* block, float* out)
{
    const float d = halfToFloat(block);
    const float dmin = halfToFloat(block + 2);
    const std::uint8_t* fifth = block + 16;
    const std::uint8_t* nibbles = five ? fifth + 32 : fifth;
    for (int part = 0; part < 8; ++part) {
        const ScaleMin packed = scaleMin(block + 4, part);
        const float scale = d * packed.scale;
        const float min = dmin * packed.min;
        const std::uint8_t* bytes = nibbles + static_cast<std::ptrdiff_t>(part / 2) * 32;
        for (int i = 0; i < 32; ++i) {
            int q = part % 2 == 0 ? bytes[i] & 0x0F : bytes[i] >> 4U;
            if (five) {
                q |= (fifth[i] >> static_cast<unsigned>(part) & 1U) != 0 ? 16 : 0;
            }
            out[part * 32 + i] = scale * static_cast<float>(q) - min;
        }
    }
}

// Lower four bits [128], upper two bits [64], signed scales [16], d. Each half of 128 numbers: four runs of 32, whose
// lower bits are the lower and upper nibbles of 64 bytes and whose upper bits are the four pairs of 32 bytes.
void sixBits(const std::uint8_t* block, float* out)
{
    const float d = halfToFloat(block + 208);
    for (int i = 0; i < 256; ++i) {
        const int half = i / 128;
        const int run = i % 128 / 32;
        const std::uint8_t low = block[half * 64 + run % 2 * 32 + i % 32];
        const std::uint8_t high = block[128 + half * 32 + i % 32];
        const int q = (run < 2 ? low & 0x0F : low >> 4U) | (high >> static_cast<unsigned>(2 * run) & 3) << 4U;
        const float scale = d * static_cast<float>(static_cast<std::int8_t>(block[192 + i / 16]));
        out[i] = scale * static_cast<float>(q - 32);
    }
}

}  // namespace

void dequantiseSuper(NumberType type, const std::uint8_t* block, float* out)
{
    if (type == NumberType::Q6_K) {
        sixBits(block, out);
    } else {
        withMinima(type == NumberType::Q5_K, block, out);
    }
}

}  // namespace stet::files::gguf
