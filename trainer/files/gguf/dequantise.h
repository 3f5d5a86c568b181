// Blocks of a GGUF tensor → float32: the same operations in the same order as llama.cpp and the `gguf` package, so the
// results are equal to the bit (tests/golden/make_gguf_goldens.py). Pure. Any thread.
#pragma once

#include "trainer/files/gguf/gguf_types.h"

#include <cstddef>
#include <cstdint>

namespace stet::files::gguf {

// `blocks` whole blocks from `bytes` to `out`, which has room for their numbers. Any bytes are fine: what is no number
// comes out as NaN or infinity.
void dequantise(NumberType type, const std::uint8_t* bytes, std::size_t blocks, float* out);

// One block of each family of types, for dequantise().
void dequantisePlain(NumberType type, const std::uint8_t* block, float* out);   // F32, F16, BF16
void dequantiseLegacy(NumberType type, const std::uint8_t* block, float* out);  // Q4_0 to Q8_0: 32 numbers
void dequantiseSuper(NumberType type, const std::uint8_t* block, float* out);   // Q4_K to Q6_K: 256 numbers

float halfToFloat(const std::uint8_t* bytes);  // little-endian IEEE 754 binary16

}  // namespace stet::files::gguf
