// The GGUF format, versions 2 and 3: "GGUF", version, counts, key-value pairs, a line for each tensor, then the data,
// aligned. Everything in the header is the file's word: each count, length, offset and alignment is held against the
// file's size before it is used, lists don't nest, keys and tensors have one name, and no two tensors share a byte.
// Source: docs/gguf.md of ggml. Reads with pread, never mmap. No Torch. Any thread.
#pragma once

#include "trainer/files/gguf/gguf_types.h"
#include "trainer/files/gguf/metadata.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace stet::files::gguf {

struct TensorPlace {
    NumberType type = NumberType::F32;
    std::vector<std::int64_t> shape;  // as Hugging Face orders it: the row's length last
    std::uint64_t begin = 0;          // byte offset from the start of the file
    std::uint64_t bytes = 0;
    std::size_t file = 0;  // which of a model's files
};

struct Header {
    Metadata metadata;
    std::map<std::string, TensorPlace> tensors;
};

// Failure(BadInput) names the file and what is wrong; Failure(ModelRefused): a type of numbers or version that is not
// read.
Header readHeader(const std::string& path);

// "PATH is not a usable GGUF file: REASON"
Failure refusedGguf(const std::string& path, const std::string& reason);

}  // namespace stet::files::gguf
