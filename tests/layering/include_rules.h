// The walls of docs/architecture.md as data: which include may stand in which room. Reads text only; nothing is
// compiled.
#pragma once

#include <string>
#include <vector>

namespace stet::layering {

struct Broken {
    std::string file;
    int line = 0;
    std::string include;
    std::string rule;
};

// All violations in the source file `path` (relative to the root, '/'-separated) with the given content.
std::vector<Broken> checkIncludes(const std::string& path, const std::string& content);

}  // namespace stet::layering
