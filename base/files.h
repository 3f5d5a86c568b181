// Reading and publishing files. Every write of both processes goes through here, so that nothing half
// written is ever visible and every error names the file. Any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace stet {

// The whole of a regular file of at most maxBytes (links are followed). Failure(BadInput) names path and reason;
// a directory, FIFO, device or socket is refused without blocking.
std::string readFile(const std::string& path, std::size_t maxBytes);

// Writes `content` to a temporary name in the same directory, fsyncs file, renames over `path`, fsyncs the
// directory. Failure(BadInput) names path, reason (disk full, read-only …) and next step; then `path` is as it was.
void publishFile(const std::string& path, std::string_view content);

// The same of content that comes piece by piece, as large as the disk: `fill` is called once, with what takes the next
// piece. When it throws, `path` is as it was.
using Append = std::function<void(std::string_view)>;
void publishFile(const std::string& path, const std::function<void(const Append&)>& fill);

// Fills a new directory under a temporary name by calling `fill(temporaryPath)`, fsyncs all files in it, then renames
// it to `path` (which must not exist, or is replaced when `replace`). When `fill` throws, the temporary is deleted;
// what a process that was killed here left for the same `path`, by the next call.
void publishFolder(const std::string& path, const std::function<void(const std::string&)>& fill, bool replace = false);

// Deletes leftovers ("*.stet-tmp-*") of a process that was killed while publishing into `folder`.
void removeLeftovers(const std::string& folder);

// fsync of an open descriptor / a directory; Failure(BadInput) with `path` in the message.
void syncDescriptor(int descriptor, const std::string& path);
void syncFolder(const std::string& path);

// "No space left on device: free some space and try again" and the like, for an errno.
std::string describeErrno(int errorNumber);

}  // namespace stet
