#include "app/command/child_process.h"

#include "base/failure.h"
#include "base/files.h"
#include "base/json_lines.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace stet::app {

namespace {

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

// Where the child's standard output goes: as ours (-1), or into a descriptor.
constexpr int kAsOurs = -1;

// In the child, after fork: only calls that are safe there. Comes back when the program can't be run.
void execProgram(const std::vector<char*>& argv, int output)
{
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (output != kAsOurs) {
        ::dup2(output, STDOUT_FILENO);
    }
    ::execvp(argv.front(), argv.data());
}

// The child's number; -1 when it could not be started. The pipe closes when the program runs.
pid_t start(std::vector<std::string>& words, int output)
{
    std::vector<char*> argv(words.size() + 1, nullptr);
    std::transform(words.begin(), words.end(), argv.begin(), [](std::string& word) { return word.data(); });
    int pipe[2] = {-1, -1};
    if (argv.front() == nullptr || ::pipe2(pipe, O_CLOEXEC) != 0) {
        return -1;
    }
    const pid_t child = ::fork();
    if (child == 0) {
        execProgram(argv, output);
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

class Descriptor {
public:
    explicit Descriptor(int descriptor) : m_descriptor(descriptor) { }
    ~Descriptor() { close(); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return m_descriptor; }
    void close()
    {
        if (m_descriptor >= 0) {
            ::close(std::exchange(m_descriptor, -1));
        }
    }

private:
    int m_descriptor;
};

// A program while it runs: signals are handed on to it, and it is waited for.
class Child {
public:
    Child(std::vector<std::string>& command, int output) : m_process(start(command, output))
    {
        if (!started()) {
            return;
        }
        g_child = m_process;
        m_interrupt.emplace(SIGINT, SIG_IGN);
        m_terminate.emplace(SIGTERM, forwardSignal);
        m_hangUp.emplace(SIGHUP, forwardSignal);
    }
    ~Child() { g_child = 0; }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    bool started() const { return m_process > 0; }
    ChildEnd wait() const
    {
        int status = 0;
        while (waitpid(m_process, &status, 0) < 0 && errno == EINTR) { }
        return WIFSIGNALED(status) ? ChildEnd{static_cast<int>(FailureKind::Internal), WTERMSIG(status)}
                                   : ChildEnd{WEXITSTATUS(status), 0};
    }
    void end() const
    {
        ::kill(m_process, SIGTERM);
        wait();
    }

private:
    pid_t m_process;
    // Once it runs, for it would inherit what is ignored. A terminal's Ctrl+C reaches it as well, and it ends cleanly.
    std::optional<SignalHandlerScope> m_interrupt;
    std::optional<SignalHandlerScope> m_terminate;
    std::optional<SignalHandlerScope> m_hangUp;
};

void readLines(int descriptor, LineBuffer& lines, const std::function<void(const std::string&)>& onLine)
{
    std::array<char, 1U << 16U> bytes{};
    for (;;) {
        const ssize_t count = ::read(descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return;
        }
        lines.feed({bytes.data(), static_cast<std::size_t>(count)});
        while (const auto line = lines.take()) {
            onLine(*line);
        }
    }
}

}  // namespace

std::optional<ChildEnd> runChild(std::vector<std::string> command, bool quietOutput)
{
    const Descriptor nowhere(quietOutput ? ::open("/dev/null", O_WRONLY | O_CLOEXEC) : kAsOurs);
    const Child child(command, nowhere.get());
    return child.started() ? std::optional(child.wait()) : std::nullopt;
}

std::optional<ChildEnd> runChild(std::vector<std::string> command,
                                 const std::function<void(const std::string&)>& onLine)
{
    int pipe[2] = {-1, -1};
    if (::pipe2(pipe, O_CLOEXEC) != 0) {
        throw Failure(FailureKind::Internal, "No pipe to a program: " + describeErrno(errno));
    }
    const Descriptor ours(pipe[0]);
    Descriptor theirs(pipe[1]);
    const Child child(command, theirs.get());
    if (!child.started()) {
        return std::nullopt;
    }
    theirs.close();
    LineBuffer lines(JsonLinesReader::kMaxLineBytes);
    try {
        readLines(ours.get(), lines, onLine);
    } catch (...) {
        child.end();
        throw;
    }
    return child.wait();
}

}  // namespace stet::app
