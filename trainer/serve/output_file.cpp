#include "trainer/serve/output_file.h"

#include "base/failure.h"
#include "base/files.h"

#include <cerrno>
#include <filesystem>

#include <unistd.h>

namespace stet::serve {

void refuseUnwritable(const std::string& path, const std::string& input)
{
    if (path == "-") {
        return;
    }
    if (path.empty()) {
        throw badInput("Cannot write: --out is empty; name a file, or - for standard output");
    }
    // Published by a rename, which would put a file in a device's place.
    if (std::filesystem::exists(path) && !std::filesystem::is_regular_file(path)) {
        throw badInput("Cannot write " + path + ": it is no regular file; name a file, or - for standard output");
    }
    std::error_code unasked;  // what can't be asked about is no file yet
    if (!input.empty() && std::filesystem::equivalent(path, input, unasked)) {
        throw badInput("Cannot write " + path + ": it is the file that is read; name another for the results");
    }
    refuseWithoutParent(path);
}

void refuseWithoutParent(const std::string& path)
{
    std::error_code unasked;
    const std::string given = std::filesystem::path(path).parent_path().string();
    const std::string parent = given.empty() ? "." : given;
    if (!std::filesystem::is_directory(parent, unasked)) {
        throw badInput("Cannot write " + path + ": there is no folder " + parent + "; make it first");
    }
    if (::access(parent.c_str(), W_OK | X_OK) != 0) {
        throw badInput("Cannot write " + path + ": " + describeErrno(errno));
    }
}

}  // namespace stet::serve
