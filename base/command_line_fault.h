// What both programs say of a command line that CLI11 can't take. Called by their main functions, which link CLI11.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace stet {

// `command`: as it is typed, "stet-trainer score". Names the first option among the words, else the first word.
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

// CLI11 names all words that are left over, the last one first.
inline std::string commandLineFault(const CLI::App* program, const CLI::Error& error)
{
    if (error.get_exit_code() != static_cast<int>(CLI::ExitCodes::ExtrasError)) {
        return CLI::FailureMessage::simple(program, error);
    }
    const auto used = program->get_subcommands();
    const std::string command = used.empty() ? std::string() : " " + used.front()->get_name();
    return unknownArgument(program->get_name() + command, program->remaining(true));
}

}  // namespace stet
