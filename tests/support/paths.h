// Where tests find things. STET_SOURCE_DIR and STET_BINARY_DIR are set by stet_add_test.
#pragma once

#include <filesystem>
#include <string>

namespace stet::test {

inline std::string sourceDir()
{
    return STET_SOURCE_DIR;
}
inline std::string goldenDir()
{
    return sourceDir() + "/tests/golden";
}
inline std::string exampleDir()
{
    return sourceDir() + "/resources/example";
}
inline std::string trainerProgram()
{
    return std::string(STET_BINARY_DIR) + "/stet-trainer";
}
inline std::string stetProgram()
{
    return std::string(STET_BINARY_DIR) + "/stet";
}

// Real files beside the project, not shipped with it; empty when absent: then QSKIP with the reason.
inline std::string sharedData()
{
    const std::string path = sourceDir() + "/../shared/data";
    return std::filesystem::is_directory(path) ? path : std::string();
}

}  // namespace stet::test
