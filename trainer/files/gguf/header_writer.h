// The header of a GGUF file that is written, version 3: key-value pairs, made or taken over from another file as they
// are there, and a line for each tensor. Used by trainer/model/gguf_export. No Torch. Any thread.
#pragma once

#include "trainer/files/gguf/gguf_types.h"

#include <cstdint>
#include <string>
#include <vector>

namespace stet::files::gguf {

struct Pair {
    std::string key;
    std::string value;  // the number of its type and its bytes, as in the file
};

Pair numberPair(const std::string& key, std::uint32_t value);
Pair realPair(const std::string& key, double value);  // as float32, which llama.cpp asks for
Pair flagPair(const std::string& key, bool value);
Pair textPair(const std::string& key, const std::string& value);
Pair textsPair(const std::string& key, const std::vector<std::string>& values);
Pair numbersPair(const std::string& key, const std::vector<std::int32_t>& values);
Pair realsPair(const std::string& key, const std::vector<float>& values);
Pair flagsPair(const std::string& key, const std::vector<bool>& values);

// The pairs of a file, in its order. Failure(BadInput) as readHeader, which has checked more.
std::vector<Pair> pairsOf(const std::string& path);

// Replaces the pair of that key, or adds it.
void setPair(std::vector<Pair>& pairs, const Pair& pair);

struct TensorLine {
    std::string name;
    NumberType type = NumberType::F32;
    std::vector<std::int64_t> shape;  // as Hugging Face orders it: the row's length last

    std::uint64_t bytes() const;
};

// Each tensor's bytes, and the header, are filled up to a multiple of it.
constexpr std::uint64_t kWrittenAlignment = 32;
std::string padding(std::uint64_t bytes);

// Everything before the first tensor's bytes; the tensors follow in the order given, each padded.
std::string headerText(const std::vector<Pair>& pairs, const std::vector<TensorLine>& tensors);

}  // namespace stet::files::gguf
