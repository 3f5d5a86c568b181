// Requests between the reader and the compute thread: interactive ones first, each cancellable while it waits and while
// it runs. Thread-safe.
#pragma once

#include "contract/message.h"
#include "trainer/round/round.h"
#include "trainer/serve/handler_table.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace stet::serve {

// What may still be said to a request after it was sent, whether it waits or runs.
struct RequestControl {
    std::atomic<bool> cancelled{false};
    std::atomic<round::Stop> stop{round::Stop::None};  // of a round/start
    std::atomic<bool> save{false};                     // of a round/start: write a checkpoint now
};

struct QueuedRequest {
    contract::Request request;
    Answered answered = Answered::InTurn;
    std::uint64_t sequence = 0;  // order of arrival
    std::shared_ptr<RequestControl> control = std::make_shared<RequestControl>();
};

class RequestQueue {
public:
    void push(contract::Request request, Answered answered);
    // Takes a waiting request out, and returns true: its reply is the caller's now. Marks a running one. Unknown ids
    // are ignored (the reply was on its way).
    bool cancel(std::int64_t id);
    // Gives up everything but rounds, which are paused unless something else was said to them.
    void giveUp();
    // Says to the rounds that wait or run in `dir` (empty: in any) to stop or to save; returns how many there were.
    int stopRounds(const std::string& dir, round::Stop how);
    int saveRounds(const std::string& dir);
    // Waits for the next request; nullopt after close() once the queue is empty.
    std::optional<QueuedRequest> take();
    // The next interactive request, without waiting: what may be served in the middle of a round.
    std::optional<QueuedRequest> takeInteractive();
    void finished(std::int64_t id);
    void close();

private:
    bool interactiveMayGo() const;
    void forEach(const std::function<void(QueuedRequest&)>& action);
    int forRounds(const std::string& dir, const std::function<void(RequestControl&)>& action);

    std::mutex m_mutex;
    std::uint64_t m_next = 0;
    std::condition_variable m_arrived;
    std::deque<QueuedRequest> m_interactive;
    std::deque<QueuedRequest> m_other;
    std::deque<QueuedRequest> m_running;
    bool m_closed = false;
};

}  // namespace stet::serve
