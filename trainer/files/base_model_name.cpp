#include "trainer/files/base_model_name.h"

#include <filesystem>
#include <system_error>

namespace stet::files {

namespace fs = std::filesystem;

namespace {

// "models--ORG--NAME" → "ORG/NAME"; empty for another name. Neither part may hold "--" itself.
std::string hubId(const std::string& cacheName)
{
    constexpr std::string_view kBegin = "models--";
    if (!cacheName.starts_with(kBegin)) {
        return {};
    }
    std::string id = cacheName.substr(kBegin.size());
    if (const std::size_t dashes = id.find("--"); dashes != std::string::npos) {
        id = id.substr(0, dashes) + '/' + id.substr(dashes + 2);
    }
    return id.find("--") == std::string::npos ? id : std::string();
}

fs::path withoutSlashAtEnd(const fs::path& path)
{
    return path.has_filename() ? path : path.parent_path();
}

std::string hubIdOf(const fs::path& folder)
{
    const fs::path snapshots = folder.parent_path();
    return snapshots.filename() == "snapshots" ? hubId(snapshots.parent_path().filename().string()) : std::string();
}

}  // namespace

std::string baseModelName(const std::string& folder)
{
    const fs::path absolute = withoutSlashAtEnd(fs::absolute(folder).lexically_normal());
    std::error_code unknown;
    for (const fs::path& path : {absolute, fs::weakly_canonical(absolute, unknown)}) {
        if (std::string id = hubIdOf(path); !id.empty()) {
            return id;
        }
    }
    return absolute.string();
}

}  // namespace stet::files
