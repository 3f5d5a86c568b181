#include "trainer/serve/request_queue.h"

#include <algorithm>
#include <filesystem>

namespace stet::serve {

namespace {

bool sameFolder(const contract::Request& start, const std::string& dir)
{
    const auto given = start.params.find("dir");
    const auto normal = [](const std::string& path) { return (std::filesystem::path(path) / "").lexically_normal(); };
    return given != start.params.end() && given->is_string() && normal(given->get<std::string>()) == normal(dir);
}

}  // namespace

void RequestQueue::push(contract::Request request, Answered answered)
{
    const std::lock_guard lock(m_mutex);
    QueuedRequest queued;
    queued.request = std::move(request);
    queued.answered = answered;
    queued.sequence = m_next++;
    (answered == Answered::Interactive ? m_interactive : m_other).push_back(std::move(queued));
    m_arrived.notify_one();
}

// Called with the lock held.
void RequestQueue::forEach(const std::function<void(QueuedRequest&)>& action)
{
    for (auto* queue : {&m_interactive, &m_other, &m_running}) {
        std::for_each(queue->begin(), queue->end(), action);
    }
}

bool RequestQueue::cancel(std::int64_t id)
{
    const std::lock_guard lock(m_mutex);
    const auto named = [id](const QueuedRequest& queued) { return queued.request.id == id; };
    if (std::erase_if(m_interactive, named) + std::erase_if(m_other, named) > 0) {
        return true;
    }
    for (auto& queued : m_running) {
        queued.control->cancelled = queued.control->cancelled || named(queued);
    }
    return false;
}

void RequestQueue::giveUp()
{
    const std::lock_guard lock(m_mutex);
    forEach([](QueuedRequest& queued) {
        auto nothing = round::Stop::None;
        queued.control->stop.compare_exchange_strong(nothing, round::Stop::Pause);
        queued.control->cancelled = true;
    });
}

int RequestQueue::forRounds(const std::string& dir, const std::function<void(RequestControl&)>& action)
{
    const std::lock_guard lock(m_mutex);
    int count = 0;
    forEach([&](QueuedRequest& queued) {
        if (queued.request.method == contract::method::kRoundStart &&
            (dir.empty() || sameFolder(queued.request, dir))) {
            action(*queued.control);
            ++count;
        }
    });
    return count;
}

int RequestQueue::stopRounds(const std::string& dir, round::Stop how)
{
    return forRounds(dir, [how](RequestControl& control) { control.stop = how; });
}

int RequestQueue::saveRounds(const std::string& dir)
{
    return forRounds(dir, [](RequestControl& control) { control.save = true; });
}

// What was asked after a load must see the new model. Called with the lock held.
bool RequestQueue::interactiveMayGo() const
{
    return !m_interactive.empty() && std::none_of(m_other.begin(), m_other.end(), [&](const auto& queued) {
        return queued.answered == Answered::Barrier && queued.sequence < m_interactive.front().sequence;
    });
}

std::optional<QueuedRequest> RequestQueue::take()
{
    std::unique_lock lock(m_mutex);
    m_arrived.wait(lock, [&] { return m_closed || !m_interactive.empty() || !m_other.empty(); });
    auto& queue = interactiveMayGo() ? m_interactive : m_other;
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
    if (!interactiveMayGo()) {
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
