// A regular file of somebody else's, open for reading at any place: `pread`, never mmap, and never a wait for a FIFO.
// Any thread; the readers of safetensors and GGUF own one each while they read.
#pragma once

#include <cstdint>
#include <string>

namespace stet::files {

class OpenFile {
public:
    // Failure(BadInput): it can't be opened or is no regular file; names it.
    explicit OpenFile(const std::string& path);
    ~OpenFile();
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;

    const std::string& path() const { return m_path; }
    std::uint64_t size() const { return m_size; }  // when it was opened

    // Failure(BadInput): the disk fails, or the file became shorter since.
    void read(std::uint64_t offset, void* out, std::uint64_t bytes) const;

private:
    std::string m_path;
    int m_descriptor = -1;
    std::uint64_t m_size = 0;
};

// What Git leaves in a file's place where its large files were not fetched.
bool isLfsPointer(const OpenFile& file);

}  // namespace stet::files
