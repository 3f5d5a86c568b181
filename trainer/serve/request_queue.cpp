#include "trainer/serve/request_queue.h"

#include <algorithm>

namespace stet::serve {

namespace {

bool isInteractive(const std::string& method)
{
    return method == protocol::method::kScore || method == protocol::method::kDescribe ||
        method == protocol::method::kPreview;
}

}  // namespace

void RequestQueue::push(protocol::Request request)
{
    const std::lock_guard lock(m_mutex);
    QueuedRequest queued;
    queued.request = std::move(request);
    (isInteractive(queued.request.method) ? m_interactive : m_other).push_back(std::move(queued));
    m_arrived.notify_one();
}

void RequestQueue::cancel(std::int64_t id)
{
    const std::lock_guard lock(m_mutex);
    for (auto* queue : {&m_interactive, &m_other, &m_running}) {
        for (auto& queued : *queue) {
            if (queued.request.id == id) {
                *queued.cancelled = true;
            }
        }
    }
}

void RequestQueue::cancelAll()
{
    const std::lock_guard lock(m_mutex);
    for (auto* queue : {&m_interactive, &m_other, &m_running}) {
        for (auto& queued : *queue) {
            *queued.cancelled = true;
        }
    }
}

std::optional<QueuedRequest> RequestQueue::take()
{
    std::unique_lock lock(m_mutex);
    m_arrived.wait(lock, [&] { return m_closed || !m_interactive.empty() || !m_other.empty(); });
    auto& queue = m_interactive.empty() ? m_other : m_interactive;
    if (queue.empty()) {
        return std::nullopt;
    }
    m_running.push_back(queue.front());
    queue.pop_front();
    return m_running.back();
}

std::optional<QueuedRequest> RequestQueue::takeInteractive()
{
    const std::lock_guard lock(m_mutex);
    if (m_interactive.empty()) {
        return std::nullopt;
    }
    m_running.push_back(m_interactive.front());
    m_interactive.pop_front();
    return m_running.back();
}

void RequestQueue::finished(std::int64_t id)
{
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_running, [&](const auto& queued) { return queued.request.id == id; });
}

void RequestQueue::close()
{
    const std::lock_guard lock(m_mutex);
    m_closed = true;
    m_arrived.notify_all();
}

}  // namespace stet::serve
