// A worker on a slow machine: stands between the window and a real worker and holds every line of its answers back for
// a while, each for another while, so that answers to different requests overtake each other.
//   slow_worker MILLISECONDS PROGRAM [ARGUMENT…]     the longest a line is held back
//
// The worker's own input, standard error and end are untouched. The first answers (the greeting) come at once.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <thread>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using Clock = std::chrono::steady_clock;

// Lines by the time they are due. One thread reads, one writes.
class HeldLines {
public:
    void add(Clock::time_point due, std::string line)
    {
        const std::lock_guard lock(m_mutex);
        m_lines.emplace(due, std::move(line));
    }
    // What is due; `all`: whatever is there.
    std::string take(bool all)
    {
        const std::lock_guard lock(m_mutex);
        const auto end = all ? m_lines.end() : m_lines.upper_bound(Clock::now());
        std::string due;
        for (auto it = m_lines.begin(); it != end; ++it) {
            due += it->second + "\n";
        }
        m_lines.erase(m_lines.begin(), end);
        return due;
    }

private:
    std::mutex m_mutex;
    std::multimap<Clock::time_point, std::string> m_lines;
};

// The child's end of the pipe becomes its standard output.
pid_t start(char** command, int output)
{
    const pid_t child = ::fork();
    if (child == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        ::dup2(output, STDOUT_FILENO);
        ::execvp(command[0], command);
        std::_Exit(127);
    }
    return child;
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc < 3) {
        std::cerr << "usage: slow_worker MILLISECONDS PROGRAM [ARGUMENT…]\n";
        return 2;
    }
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0) {
        return 1;
    }
    const pid_t child = start(argv + 2, ends[1]);
    ::close(ends[1]);
    ::close(STDIN_FILENO);  // the child's alone: its end of input is the window's
    HeldLines held;
    std::atomic<bool> ended = false;
    std::thread writer([&] {
        while (!ended) {
            std::cout << held.take(false) << std::flush;
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
        std::cout << held.take(true) << std::flush;
    });
    std::mt19937 random(1);
    std::uniform_int_distribution<int> pause(0, std::max(0, std::atoi(argv[1])));
    std::FILE* answers = ::fdopen(ends[0], "r");
    char* line = nullptr;
    std::size_t capacity = 0;
    for (ssize_t size = 0, number = 0; (size = ::getline(&line, &capacity, answers)) > 0; ++number) {
        const std::string text(line, static_cast<std::size_t>(size) - (line[size - 1] == '\n' ? 1 : 0));
        held.add(Clock::now() + std::chrono::milliseconds(number == 0 ? 0 : pause(random)), text);
    }
    std::free(line);
    ended = true;
    writer.join();
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
