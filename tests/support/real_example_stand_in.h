// The example with a real model where nothing is fetched: its own data, and in the place of what fetches its model a
// script of the test's.
#pragma once

#include "tests/support/paths.h"

#include <filesystem>
#include <fstream>
#include <string>

namespace stet::test {

inline std::string tinyGguf()
{
    return goldenDir() + "/gguf/llama.gguf";
}

// `script` is a shell's; `folder` must not be there yet.
inline void makeRealExample(const std::string& folder, const std::string& script)
{
    namespace fs = std::filesystem;
    fs::copy(sourceDir() + "/resources/real", folder);
    const fs::path fetch = fs::path(folder) / "fetch-model.sh";
    fs::remove(fetch);
    std::ofstream(fetch) << "#!/bin/bash\n" << script << '\n';
    fs::permissions(fetch, fs::perms::owner_all);
}

}  // namespace stet::test
