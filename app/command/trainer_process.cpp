#include "app/command/trainer_process.h"

#include "base/failure.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

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

// The child that signals are handed on to; a handler has no other way to know it.
volatile std::sig_atomic_t g_child = 0;

void forwardSignal(int signal)
{
    if (g_child > 0) {
        ::kill(g_child, signal);
    }
}

// What a signal does, while the object lives.
class SignalHandlerScope {
public:
    SignalHandlerScope(int signal, void (*handler)(int)) : m_signal(signal)
    {
        struct sigaction action = {};
        action.sa_handler = handler;
        sigaction(signal, &action, &m_before);
    }
    ~SignalHandlerScope() { sigaction(m_signal, &m_before, nullptr); }
    SignalHandlerScope(const SignalHandlerScope&) = delete;
    SignalHandlerScope& operator=(const SignalHandlerScope&) = delete;

private:
    int m_signal;
    struct sigaction m_before = {};
};

// In the child, after fork: only calls that are safe there. Comes back when the program can't be run.
void execProgram(const std::vector<char*>& argv, bool quietOutput)
{
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (quietOutput) {
        const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
        ::dup2(nowhere, STDOUT_FILENO);
    }
    ::execvp(argv.front(), argv.data());
}

// The child's number; -1 when it could not be started. The pipe closes when the program runs.
pid_t start(std::vector<std::string>& words, bool quietOutput)
{
    std::vector<char*> argv(words.size() + 1, nullptr);
    std::transform(words.begin(), words.end(), argv.begin(), [](std::string& word) { return word.data(); });
    int pipe[2] = {-1, -1};
    if (argv.front() == nullptr || ::pipe2(pipe, O_CLOEXEC) != 0) {
        return -1;
    }
    const pid_t child = ::fork();
    if (child == 0) {
        execProgram(argv, quietOutput);
        (void)!::write(pipe[1], "!", 1);
        ::_exit(127);
    }
    ::close(pipe[1]);
    char failed = 0;
    const bool runs = child > 0 && ::read(pipe[0], &failed, 1) == 0;
    ::close(pipe[0]);
    if (child > 0 && !runs) {
        ::waitpid(child, nullptr, 0);
    }
    return runs ? child : -1;
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
    std::vector<std::string> words = trainerCommand();
    const std::string program = words.empty() ? std::string() : words.front();
    words.insert(words.end(), arguments.begin(), arguments.end());
    const pid_t child = start(words, quietOutput);
    if (child < 0) {
        if (std::getenv("STET_TRAINER") != nullptr) {
            throw badInput("The worker '" + program +
                           "' could not be started; STET_TRAINER names it: correct or unset that");
        }
        throw Failure(FailureKind::Internal,
                      "The worker " + program + " could not be started; build it with ./run --build");
    }
    g_child = child;
    // A terminal's Ctrl+C reaches the child as well, which ends cleanly; wait for it.
    const SignalHandlerScope interrupt(SIGINT, SIG_IGN);
    const SignalHandlerScope terminate(SIGTERM, forwardSignal);
    const SignalHandlerScope hangUp(SIGHUP, forwardSignal);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) { }
    g_child = 0;
    return WIFSIGNALED(status) ? TrainerEnd{static_cast<int>(FailureKind::Internal), WTERMSIG(status)}
                               : TrainerEnd{WEXITSTATUS(status), 0};
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
