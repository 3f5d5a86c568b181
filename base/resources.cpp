#include "base/resources.h"

#include <cstdlib>
#include <filesystem>

namespace stet {

namespace fs = std::filesystem;

std::string resourcePath(const std::string& name)
{
    if (const char* given = std::getenv("STET_RESOURCES")) {
        return (fs::path(given) / name).string();
    }
    std::error_code ignored;
    const fs::path installed = fs::read_symlink("/proc/self/exe", ignored).parent_path() / "../share/stet";
    if (fs::is_directory(installed, ignored)) {
        return (installed / name).lexically_normal().string();
    }
    return (fs::path(STET_RESOURCE_DIR) / name).string();
}

}  // namespace stet
