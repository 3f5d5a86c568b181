// A regular file without a disk, for readers that take a path. The path is good as long as the object lives.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include <sys/mman.h>
#include <unistd.h>

namespace stet::fuzz {

class MemoryFile {
public:
    explicit MemoryFile(std::string_view bytes) : m_fd(::memfd_create("fuzz", MFD_CLOEXEC))
    {
        while (m_fd >= 0 && !bytes.empty()) {
            const ssize_t written = ::write(m_fd, bytes.data(), bytes.size());
            if (written < 0) {
                ::close(m_fd);
                m_fd = -1;
                break;
            }
            bytes.remove_prefix(static_cast<std::size_t>(written));
        }
        if (m_fd < 0) {
            throw std::runtime_error("no memory file could be made");
        }
    }
    ~MemoryFile() { ::close(m_fd); }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;

    std::string path() const { return "/proc/self/fd/" + std::to_string(m_fd); }

private:
    int m_fd;
};

}  // namespace stet::fuzz
