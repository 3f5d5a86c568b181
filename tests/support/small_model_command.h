// Sub-commands of the real worker on the goldens' small model.
#pragma once

#include "tests/support/round_folders.h"
#include "tests/support/trainer_command.h"

#include <algorithm>
#include <string>
#include <vector>

namespace stet::test {

// COMMAND --model …, on one thread of the CPU, and `more`.
inline std::vector<std::string> with(const std::string& command, const std::vector<std::string>& more)
{
    std::vector<std::string> all = {command, "--model", smallModel(), "--device", "cpu", "--threads", "1"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

inline std::string fileWith(const QTemporaryDir& dir, const std::string& name, const std::string& content)
{
    const std::string path = dir.path().toStdString() + "/" + name;
    publishFile(path, content);
    return path;
}

// Whole lines of JSON objects, at least one.
inline bool allJson(const Ran& ran)
{
    const auto lines = ran.lines();
    return !lines.empty() &&
        std::all_of(lines.begin(), lines.end(), [](const Json& line) { return line.is_object(); }) &&
        ran.output.back() == '\n';
}

}  // namespace stet::test
