#include "trainer/files/open_file.h"

#include "base/failure.h"
#include "base/files.h"

#include <cerrno>
#include <string_view>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace stet::files {

OpenFile::OpenFile(const std::string& path)
    : m_path(path), m_descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK))
{
    if (m_descriptor < 0) {
        throw badInput("Cannot open " + path + ": " + describeErrno(errno));
    }
    struct stat status = {};
    if (::fstat(m_descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
        ::close(m_descriptor);
        throw badInput("Cannot read " + path + ": it is not a regular file");
    }
    m_size = static_cast<std::uint64_t>(status.st_size);
}

OpenFile::~OpenFile()
{
    ::close(m_descriptor);
}

void OpenFile::read(std::uint64_t offset, void* out, std::uint64_t bytes) const
{
    auto* at = static_cast<char*>(out);
    while (bytes > 0) {
        const ssize_t got = ::pread(m_descriptor, at, bytes, static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            throw badInput("Cannot read " + m_path + ": " +
                           (got < 0 ? describeErrno(errno) : "it became shorter while it was read"));
        }
        at += got;
        offset += static_cast<std::uint64_t>(got);
        bytes -= static_cast<std::uint64_t>(got);
    }
}

bool isLfsPointer(const OpenFile& file)
{
    constexpr std::string_view kStart = "version https://git-lfs";
    if (file.size() < kStart.size() || file.size() > 1024) {
        return false;
    }
    std::string start(kStart.size(), '\0');
    file.read(0, start.data(), start.size());
    return start == kStart;
}

}  // namespace stet::files
