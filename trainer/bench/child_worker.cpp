#include "trainer/bench/child_worker.h"

#include "base/failure.h"
#include "contract/message.h"

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace stet::bench {

namespace {

Failure failed(const std::string& reason)
{
    return {FailureKind::Internal, "The worker to be measured " + reason};
}

struct SpawnActions {
    SpawnActions() { ::posix_spawn_file_actions_init(&actions); }
    ~SpawnActions() { ::posix_spawn_file_actions_destroy(&actions); }
    posix_spawn_file_actions_t actions = {};
};

}  // namespace

ChildWorker::ChildWorker()
{
    std::array<int, 2> in = {};
    std::array<int, 2> out = {};
    if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0) {
        throw failed("could not be given pipes");
    }
    SpawnActions spawn;
    ::posix_spawn_file_actions_adddup2(&spawn.actions, in[0], STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&spawn.actions, out[1], STDOUT_FILENO);
    ::posix_spawn_file_actions_addopen(&spawn.actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    std::string name = "stet-trainer";
    std::string command = "serve";
    std::array<char*, 3> arguments = {name.data(), command.data(), nullptr};
    const int result = ::posix_spawn(&m_process, "/proc/self/exe", &spawn.actions, nullptr, arguments.data(), environ);
    ::close(in[0]);
    ::close(out[1]);
    m_toChild = in[1];
    m_fromChild = out[0];
    if (result != 0) {
        ::close(m_toChild);
        ::close(m_fromChild);
        throw failed("could not be started");
    }
}

ChildWorker::~ChildWorker()
{
    ::close(m_toChild);  // it leaves at the end of its input
    ::close(m_fromChild);
    ::waitpid(m_process, nullptr, 0);
}

std::string ChildWorker::readLine()
{
    for (;;) {
        if (const auto newline = m_unread.find('\n'); newline != std::string::npos) {
            std::string line = m_unread.substr(0, newline);
            m_unread.erase(0, newline + 1);
            return line;
        }
        std::array<char, 1 << 16> piece = {};
        const ssize_t got = ::read(m_fromChild, piece.data(), piece.size());
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            throw failed("ended");
        }
        m_unread.append(piece.data(), static_cast<std::size_t>(got));
    }
}

Json ChildWorker::ask(const std::string& method, const Json& params)
{
    const contract::Request request{m_nextId++, method, params};
    const std::string line = contract::encode(request) + "\n";
    for (std::size_t done = 0; done < line.size();) {
        const ssize_t written = ::write(m_toChild, line.data() + done, line.size() - done);
        if (written < 0 && errno != EINTR) {
            throw failed("does not listen");
        }
        done += written > 0 ? static_cast<std::size_t>(written) : 0;
    }
    for (;;) {
        const auto decoded = contract::decode(readLine());
        const auto* message = std::get_if<contract::Message>(&decoded);
        const auto* reply = message == nullptr ? nullptr : std::get_if<contract::Reply>(message);
        if (reply == nullptr || reply->id != request.id) {
            continue;  // a notification
        }
        if (const auto* error = std::get_if<contract::Error>(&reply->content)) {
            throw failed("answered: " + error->message);
        }
        return std::get<Json>(reply->content);
    }
}

}  // namespace stet::bench
