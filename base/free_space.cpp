#include "base/free_space.h"

#include "base/failure.h"

#include <filesystem>

namespace stet {

namespace fs = std::filesystem;

void requireFreeSpace(const std::string& out, std::uint64_t bytes, const std::string& what)
{
    std::error_code error;
    const auto space = fs::space(fs::absolute(out, error).parent_path(), error);
    if (!error && space.available < bytes) {
        throw badInput("Cannot write " + out + ": " + what + " needs " + std::to_string((bytes >> 20U) + 1) + " MiB, " +
                       std::to_string(space.available >> 20U) + " MiB are free there; free some space");
    }
}

}  // namespace stet
