#include "app/command/trainer_process.h"

#include "base/failure.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace stet::app {

std::string trainerProgram()
{
    if (const char* given = std::getenv("STET_TRAINER")) {
        return given;
    }
    std::error_code ignored;
    return (std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path() / "stet-trainer").string();
}

int runTrainer(const std::vector<std::string>& arguments, bool quietOutput)
{
    std::string program = trainerProgram();
    std::vector<std::string> words = {program};
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
    const int problem = posix_spawn(&child, program.c_str(), &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (problem != 0) {
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
