// What to say of words on a command line that no option takes. Called by the programs' main functions.
#pragma once

#include <string>
#include <vector>

namespace stet {

// `command`: as it is typed, "stet-trainer score". Names the first option among them, else the first word.
inline std::string unknownArgument(const std::string& command, const std::vector<std::string>& words)
{
    for (const auto& word : words) {
        if (word.size() > 1 && word.front() == '-') {
            return command + " has no option '" + word + "'; " + command + " --help lists them\n";
        }
    }
    const std::string first = words.empty() ? std::string() : words.front();
    return command + " does not take '" + first + "'; " + command + " --help shows what it takes\n";
}

}  // namespace stet
