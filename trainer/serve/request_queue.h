// Requests between the reader and the compute thread: interactive ones first, each cancellable while it waits and while
// it runs. Thread-safe.
#pragma once

#include "trainer/protocol/message.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>

namespace stet::serve {

struct QueuedRequest {
    protocol::Request request;
    std::uint64_t sequence = 0;  // order of arrival
    std::shared_ptr<std::atomic<bool>> cancelled = std::make_shared<std::atomic<bool>>(false);
};

class RequestQueue {
public:
    void push(protocol::Request request);
    // Marks a waiting or running request; unknown ids are ignored (its reply was on its way).
    void cancel(std::int64_t id);
    void cancelAll();
    // Waits for the next request; nullopt after close() once the queue is empty.
    std::optional<QueuedRequest> take();
    // The next interactive request, without waiting: what may be served in the middle of a round.
    std::optional<QueuedRequest> takeInteractive();
    void finished(std::int64_t id);
    void close();

private:
    bool interactiveMayGo() const;

    std::mutex m_mutex;
    std::uint64_t m_next = 0;
    std::condition_variable m_arrived;
    std::deque<QueuedRequest> m_interactive;
    std::deque<QueuedRequest> m_other;
    std::deque<QueuedRequest> m_running;
    bool m_closed = false;
};

}  // namespace stet::serve
