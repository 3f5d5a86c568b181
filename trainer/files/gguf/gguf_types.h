// How GGUF stores a tensor's numbers: types by their number in the file, in blocks of some numbers and some bytes.
// Source: ggml.h and ggml-quants.h of llama.cpp. No Torch. Any thread.
#pragma once

#include <cstdint>
#include <string>

namespace stet::files::gguf {

enum class NumberType : std::uint32_t {
    F32 = 0,
    F16 = 1,
    Q4_0 = 2,
    Q4_1 = 3,
    Q5_0 = 6,
    Q5_1 = 7,
    Q8_0 = 8,
    Q4_K = 12,
    Q5_K = 13,
    Q6_K = 14,
    BF16 = 30,
};

// Numbers and bytes of one block; a plain type has blocks of one number.
struct BlockLayout {
    std::uint64_t numbers = 0;
    std::uint64_t bytes = 0;
};

bool isRead(std::uint32_t type);
BlockLayout blockLayout(NumberType type);

// "Q4_K"; "number 99" for one that no version of the format is known to have.
std::string numberTypeName(std::uint32_t type);

// "F32, F16, …": for messages.
std::string readNumberTypes();

}  // namespace stet::files::gguf
