#include "app/command/trainer_process.h"

#include "base/failure.h"

#include <cctype>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

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

}  // namespace

std::vector<std::string> trainerCommand()
{
    std::error_code ignored;
    if (const char* given = std::getenv("STET_TRAINER"); given != nullptr && *given != '\0') {
        return std::filesystem::exists(given, ignored) ? std::vector<std::string>{given} : split(given);
    }
    return {(std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path() / "stet-trainer").string()};
}

int runTrainer(const std::vector<std::string>& arguments, bool quietOutput)
{
    std::vector<std::string> words = trainerCommand();
    const std::string program = words.empty() ? std::string() : words.front();
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (auto& word : words) {
        argv.push_back(word.data());
    }
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    if (quietOutput) {
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    }
    pid_t child = 0;
    const int problem = posix_spawnp(&child, program.c_str(), &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (problem != 0) {
        if (std::getenv("STET_TRAINER") != nullptr) {
            throw badInput("The worker '" + program +
                           "' could not be started; STET_TRAINER names it: correct or unset that");
        }
        throw Failure(FailureKind::Internal,
                      "The worker " + program + " could not be started; build it with ./run --build");
    }
    // The child hears Ctrl+C as well and ends cleanly; wait for it.
    const auto before = std::signal(SIGINT, SIG_IGN);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) { }
    std::signal(SIGINT, before);
    return WIFEXITED(status) ? WEXITSTATUS(status) : static_cast<int>(FailureKind::Internal);
}

}  // namespace stet::app
