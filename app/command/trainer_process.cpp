#include "app/command/trainer_process.h"

#include "base/failure.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <utility>

namespace stet::app {

namespace {

// Words at spaces, except between quotes; three quotes are one that is meant: as QProcess, which the window uses.
std::vector<std::string> split(const std::string& command)
{
    std::vector<std::string> words;
    std::string word;
    bool quoted = false;
    bool any = false;
    for (std::size_t i = 0; i < command.size(); ++i) {
        if (command.compare(i, 3, "\"\"\"") == 0) {
            word += '"';
            i += 2;
        } else if (command[i] == '"') {
            quoted = !quoted;
            any = true;
        } else if (std::isspace(static_cast<unsigned char>(command[i])) != 0 && !quoted) {
            if (any || !word.empty()) {
                words.push_back(std::exchange(word, {}));
            }
            any = false;
        } else {
            word += command[i];
        }
    }
    if (any || !word.empty()) {
        words.push_back(word);
    }
    return words;
}

std::vector<std::string> withArguments(const std::vector<std::string>& arguments)
{
    std::vector<std::string> words = trainerCommand();
    words.insert(words.end(), arguments.begin(), arguments.end());
    return words;
}

TrainerEnd startedOrRefused(const std::optional<TrainerEnd>& end)
{
    if (end) {
        return *end;
    }
    const auto words = trainerCommand();
    const std::string program = words.empty() ? std::string() : words.front();
    if (std::getenv("STET_TRAINER") != nullptr) {
        throw badInput("The worker '" + program +
                       "' could not be started; STET_TRAINER names it: correct or unset that");
    }
    throw Failure(FailureKind::Internal,
                  "The worker " + program +
                      " could not be started; install the package stet-trainer, or build it with ./run --build");
}

}  // namespace

std::vector<std::string> trainerCommand()
{
    std::error_code ignored;
    if (const char* given = std::getenv("STET_TRAINER"); given != nullptr && *given != '\0') {
        return std::filesystem::exists(given, ignored) ? std::vector<std::string>{given} : split(given);
    }
    return {(std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path() / "stet-trainer").string()};
}

TrainerEnd runTrainer(const std::vector<std::string>& arguments, bool quietOutput)
{
    return startedOrRefused(runChild(withArguments(arguments), quietOutput));
}

TrainerEnd runTrainer(const std::vector<std::string>& arguments, const std::function<void(const std::string&)>& onLine)
{
    return startedOrRefused(runChild(withArguments(arguments), onLine));
}

FailureKind workerFailure(int code)
{
    return static_cast<FailureKind>(std::clamp(code, 1, 6));
}

void requireUsableModel(const std::string& folder)
{
    const TrainerEnd end = runTrainer({"describe", "--model", folder}, true);
    if (end.code != 0) {
        throw Failure(workerFailure(end.code), "The model " + folder + " can't be used; see above");
    }
}

}  // namespace stet::app
