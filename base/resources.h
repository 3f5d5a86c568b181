// Where the programs find what comes with them: STET_RESOURCES, else ../share/stet beside the program (installed), else
// the source tree's resources/. Any thread.
#pragma once

#include <string>

namespace stet {

// resourcePath("prompts/chat.json"); the path need not exist.
std::string resourcePath(const std::string& name);

}  // namespace stet
