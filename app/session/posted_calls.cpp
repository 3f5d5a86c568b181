#include "app/session/posted_calls.h"

#include <utility>

namespace stet::app {

void PostedCalls::post(std::function<void()> call)
{
    {
        const std::lock_guard lock(m_mutex);
        m_waiting.push_back(std::move(call));
    }
    QMetaObject::invokeMethod(this, "runNext", Qt::QueuedConnection);
}

void PostedCalls::runNext()
{
    std::function<void()> call;
    {
        const std::lock_guard lock(m_mutex);
        call = std::move(m_waiting.front());
        m_waiting.pop_front();
    }
    call();
}

}  // namespace stet::app
