// A worker that does only what a test tells it: answers late, out of order, or never, also after it was cancelled.
// Keeps what it was asked. GUI thread.
#pragma once

#include "app/worker/worker_requests.h"

#include <QPointer>

#include <string>
#include <vector>

namespace stet::test {

class ScriptedWorker : public app::WorkerRequests {
public:
    struct Asked {
        std::int64_t id = 0;
        std::string method;
        Json params;
        QPointer<QObject> context;
        app::OnReply onReply;
        bool cancelled = false;
        bool answered = false;
    };

    std::int64_t request(const char* method, Json params, QObject* context, app::OnReply onReply) override
    {
        m_asked.push_back(
            {static_cast<std::int64_t>(m_asked.size()) + 1, method, std::move(params), context, std::move(onReply)});
        return m_asked.back().id;
    }

    // Noted only: the answer may still come, as when it was on its way.
    void cancel(std::int64_t id) override
    {
        if (id > 0 && !asked(static_cast<std::size_t>(id) - 1).answered) {
            asked(static_cast<std::size_t>(id) - 1).cancelled = true;
        }
    }

    QStringList lastLogLines() const override { return {QStringLiteral("the last line of the log")}; }

    std::size_t count() const { return m_asked.size(); }
    Asked& asked(std::size_t index) { return m_asked.at(index); }
    Asked& last() { return m_asked.back(); }

    int count(const std::string& method) const
    {
        int count = 0;
        for (const auto& one : m_asked) {
            count += one.method == method ? 1 : 0;
        }
        return count;
    }
    // The newest of a method that waits for its answer and was not cancelled; nullptr: none.
    Asked* waiting(const std::string& method)
    {
        for (auto it = m_asked.rbegin(); it != m_asked.rend(); ++it) {
            if (it->method == method && !it->answered && !it->cancelled) {
                return &*it;
            }
        }
        return nullptr;
    }

    static void answer(Asked& asked, const app::WorkerReply& reply)
    {
        asked.answered = true;
        if (asked.context && asked.onReply) {
            const auto onReply = asked.onReply;  // what it asks anew may move the list
            onReply(reply);
        }
    }

    void notify(const char* method, const Json& params) { Q_EMIT notified(QString::fromLatin1(method), params.dump()); }

private:
    std::vector<Asked> m_asked;
};

}  // namespace stet::test
