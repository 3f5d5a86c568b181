// The safetensors format: 8 bytes little-endian header length, JSON header (here ≤ 32 MiB, starts with '{'), then data
// without holes. Headers are untrusted: every number is range-checked, offsets must be contiguous and end at the file's
// end, names are unique. Reads with pread into the caller's memory, never mmap. Source: huggingface/safetensors README.
// No Torch. Any thread.
#pragma once

#include <cstdint>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace stet::files {

enum class TensorType { F32, F16, BF16, F64, I64, I32, I16, I8, U8, Bool };

std::string_view tensorTypeName(TensorType type);  // "F32" …
std::size_t bytesPerElement(TensorType type);

struct TensorEntry {
    TensorType type = TensorType::F32;
    std::vector<std::int64_t> shape;
    std::uint64_t begin = 0;  // byte offset from the start of the file
    std::uint64_t bytes = 0;
    std::size_t file = 0;  // which weight file, for folders with several
};

struct SafetensorsHeader {
    std::map<std::string, TensorEntry> tensors;
    std::map<std::string, std::string> metadata;
};

// Failure(BadInput) names the file and what is wrong; a Git-LFS pointer is recognised and named.
SafetensorsHeader readSafetensorsHeader(const std::string& path);

// Reads entry's bytes into `out` (entry.bytes long).
void readTensorBytes(const std::string& path, const TensorEntry& entry, void* out);

// Writes one file tensor by tensor, so that only the one being written is in memory. Durability and atomicity are the
// caller's (base/files.h publishFolder).
class SafetensorsWriter {
public:
    struct Tensor {
        std::string name;
        TensorType type = TensorType::F32;
        std::vector<std::int64_t> shape;
    };
    // Writes the header; data is aligned to 8 bytes by header padding. Failure(BadInput) names the file.
    SafetensorsWriter(const std::string& path, const std::vector<Tensor>& tensors,
                      const std::map<std::string, std::string>& metadata = {});
    // The bytes of the next tensor, in the order given.
    void write(const void* data);
    // All are written: Failure(BadInput) when the disk did not take them.
    void finish();

private:
    std::string m_path;
    std::ofstream m_file;
    std::vector<std::uint64_t> m_sizes;
    std::size_t m_next = 0;
};

}  // namespace stet::files
