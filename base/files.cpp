#include "base/files.h"

#include "base/failure.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace stet {

namespace fs = std::filesystem;

namespace {

constexpr const char* kTemporaryMark = ".stet-tmp-";

// Closes on scope exit; close errors after a successful fsync carry no news.
class Descriptor {
public:
    explicit Descriptor(int fd) : m_fd(fd) { }
    ~Descriptor()
    {
        if (m_fd >= 0) {
            ::close(m_fd);
        }
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return m_fd; }

private:
    int m_fd;
};

Failure ioFailure(const std::string& action, const std::string& path, int errorNumber)
{
    return badInput("Cannot " + action + " " + path + ": " + describeErrno(errorNumber));
}

std::string temporaryNameFor(const std::string& path)
{
    static std::atomic<unsigned> counter{0};
    return path + kTemporaryMark + std::to_string(::getpid()) + "-" + std::to_string(counter++);
}

// What processes that are gone left behind while they published a folder to `path`: "<path>.stet-tmp-<process>-<n>".
void removeOrphansOf(const std::string& path, const std::string& parent)
{
    const std::string prefix = fs::path(path).filename().string() + kTemporaryMark;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(parent, ignored)) {
        const std::string name = entry.path().filename().string();
        const long process = name.rfind(prefix, 0) == 0 ? std::atol(name.c_str() + prefix.size()) : 0;
        if (process > 0 && ::kill(static_cast<pid_t>(process), 0) != 0 && errno == ESRCH) {
            fs::remove_all(entry.path(), ignored);
        }
    }
}

std::string parentOf(const std::string& path)
{
    const auto parent = fs::path(path).parent_path().string();
    return parent.empty() ? "." : parent;
}

void writeAll(int fd, std::string_view content, const std::string& path)
{
    while (!content.empty()) {
        const ssize_t written = ::write(fd, content.data(), content.size());
        if (written < 0) {
            if (errno == EINTR) {
                continue;
            }
            throw ioFailure("write", path, errno);
        }
        content.remove_prefix(static_cast<std::size_t>(written));
    }
}

// `path` is what messages name: the file that `temporary` becomes.
void writeDurably(const std::string& temporary, const std::function<void(const Append&)>& fill, const std::string& path)
{
    constexpr std::size_t kPiece = std::size_t{1} << 20;
    const Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (file.get() < 0) {
        throw ioFailure("write", path, errno);
    }
    std::string waiting;
    fill([&](std::string_view piece) {
        waiting += piece;
        if (waiting.size() >= kPiece) {
            writeAll(file.get(), std::exchange(waiting, {}), path);
        }
    });
    writeAll(file.get(), waiting, path);
    syncDescriptor(file.get(), path);
}

void syncTree(const std::string& folder)
{
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_directory()) {
            syncFolder(entry.path().string());
        } else if (entry.is_regular_file()) {
            const Descriptor file(::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC));
            if (file.get() < 0) {
                throw ioFailure("open", entry.path().string(), errno);
            }
            syncDescriptor(file.get(), entry.path().string());
        }
    }
    syncFolder(folder);
}

}  // namespace

std::string describeErrno(int errorNumber)
{
    switch (errorNumber) {
    case ENOSPC:
    case EDQUOT:
        return "the disk is full; free some space and try again";
    case EROFS:
    case EACCES:
    case EPERM:
        return "writing or reading is not allowed there; choose another folder or change its permissions";
    case ENOENT:
        return "it does not exist; check the path";
    default:
        return std::strerror(errorNumber);
    }
}

std::string readFile(const std::string& path, std::size_t maxBytes)
{
    // O_NONBLOCK: opening a FIFO must not wait for a writer.
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.get() < 0) {
        throw ioFailure("open", path, errno);
    }
    struct stat status = {};
    if (::fstat(file.get(), &status) != 0) {
        throw ioFailure("read", path, errno);
    }
    if (!S_ISREG(status.st_mode)) {
        throw badInput("Cannot read " + path + ": it is not a regular file");
    }
    if (static_cast<std::uint64_t>(status.st_size) > maxBytes) {
        throw badInput("Cannot read " + path + ": " + std::to_string(status.st_size) +
                       " bytes, more than the limit of " + std::to_string(maxBytes));
    }
    std::string content(static_cast<std::size_t>(status.st_size), '\0');
    std::size_t done = 0;
    while (done < content.size()) {
        const ssize_t got = ::read(file.get(), content.data() + done, content.size() - done);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            throw ioFailure("read", path, errno);
        }
        if (got == 0) {
            throw badInput("Cannot read " + path + ": it became shorter while it was read");
        }
        done += static_cast<std::size_t>(got);
    }
    return content;
}

void publishFile(const std::string& path, std::string_view content)
{
    publishFile(path, [&](const Append& append) { append(content); });
}

void publishFile(const std::string& path, const std::function<void(const Append&)>& fill)
{
    const std::string temporary = temporaryNameFor(path);
    try {
        writeDurably(temporary, fill, path);
        if (::rename(temporary.c_str(), path.c_str()) != 0) {
            throw ioFailure("write", path, errno);
        }
        syncFolder(parentOf(path));
    } catch (...) {
        ::unlink(temporary.c_str());
        throw;
    }
}

void publishFolder(const std::string& path, const std::function<void(const std::string&)>& fill, bool replace)
{
    std::error_code ignored;
    if (!replace && fs::exists(path)) {
        throw badInput("Cannot write " + path + ": it exists already; choose another name or remove it");
    }
    removeOrphansOf(path, parentOf(path));
    const std::string temporary = temporaryNameFor(path);
    try {
        if (::mkdir(temporary.c_str(), 0755) != 0) {
            throw ioFailure("create", path, errno);
        }
        fill(temporary);
        syncTree(temporary);
        if (replace && fs::exists(path)) {
            const std::string old = temporaryNameFor(path);
            if (::rename(path.c_str(), old.c_str()) != 0) {
                throw ioFailure("replace", path, errno);
            }
            if (::rename(temporary.c_str(), path.c_str()) != 0) {
                const int reason = errno;
                ::rename(old.c_str(), path.c_str());
                throw ioFailure("replace", path, reason);
            }
            fs::remove_all(old, ignored);
        } else if (::rename(temporary.c_str(), path.c_str()) != 0) {
            throw ioFailure("create", path, errno);
        }
        syncFolder(parentOf(path));
    } catch (const fs::filesystem_error& error) {
        fs::remove_all(temporary, ignored);
        throw badInput("Cannot write " + path + ": " + describeErrno(error.code().value()));
    } catch (...) {
        fs::remove_all(temporary, ignored);
        throw;
    }
}

void removeLeftovers(const std::string& folder)
{
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        if (entry.path().filename().string().find(kTemporaryMark) != std::string::npos) {
            fs::remove_all(entry.path(), ignored);
        }
    }
}

void syncDescriptor(int descriptor, const std::string& path)
{
    if (::fsync(descriptor) != 0) {
        throw ioFailure("save", path, errno);
    }
}

void syncFolder(const std::string& path)
{
    const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() < 0) {
        throw ioFailure("open", path, errno);
    }
    syncDescriptor(folder.get(), path);
}

}  // namespace stet
