// Calls from other threads, run one after another on the thread of this object from its event loop: how the store's
// answers come to the GUI thread. The hand-over is a mutex of the standard library, so that ThreadSanitizer sees what
// Qt's own event queue would hide from it.
#pragma once

#include <QObject>

#include <deque>
#include <functional>
#include <mutex>

namespace stet::app {

class PostedCalls : public QObject {
    Q_OBJECT

public:
    // Any thread, as long as the object lives; what waits when it ends is dropped.
    void post(std::function<void()> call);

private:
    Q_SLOT void runNext();

    std::mutex m_mutex;
    std::deque<std::function<void()>> m_waiting;
};

}  // namespace stet::app
