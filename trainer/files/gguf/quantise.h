// float32 → blocks of Q8_0, equal to the bit to what llama.cpp and the `gguf` package make of the same numbers. Pure.
// Any thread.
#pragma once

#include <cstddef>
#include <cstdint>

namespace stet::files::gguf {

// `blocks` times 32 finite numbers to as many blocks of 34 bytes.
void quantiseQ8(const float* numbers, std::size_t blocks, std::uint8_t* out);

std::uint16_t floatToHalf(float number);  // IEEE 754 binary16, ties to even; too large: infinity

}  // namespace stet::files::gguf
