#include "base/private_folder.h"

#include "base/failure.h"
#include "base/files.h"

#include <cerrno>
#include <cstdlib>
#include <filesystem>

namespace stet {

namespace fs = std::filesystem;

PrivateFolder::PrivateFolder() : m_path(fs::temp_directory_path().string() + "/stet-XXXXXX")
{
    if (::mkdtemp(m_path.data()) == nullptr) {
        throw badInput("Cannot write into " + fs::temp_directory_path().string() + ": " + describeErrno(errno));
    }
}

PrivateFolder::~PrivateFolder()
{
    std::error_code ignored;
    fs::remove_all(m_path, ignored);
}

}  // namespace stet
