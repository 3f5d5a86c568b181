#include "base/model_path.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <string_view>

namespace stet {

namespace fs = std::filesystem;

bool isGgufFile(const std::string& path)
{
    std::error_code unknown;
    if (!fs::is_regular_file(path, unknown)) {
        return false;
    }
    if (path.ends_with(".gguf") || path.ends_with(".GGUF")) {
        return true;
    }
    std::array<char, 4> start = {};
    std::ifstream(path, std::ios::binary).read(start.data(), start.size());
    return std::string_view(start.data(), start.size()) == "GGUF";
}

bool isModelPath(const std::string& path)
{
    std::error_code unknown;
    return isGgufFile(path) || fs::exists(path + "/config.json", unknown);
}

}  // namespace stet
