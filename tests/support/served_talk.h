// Talking with a served worker as a test does: sends lines, collects replies and notifications in the order they came.
// No waiting without an end. The worker is a process of its own (served_trainer.h) or a thread (served_here.h).
#pragma once

#include "base/json.h"
#include "tests/support/patience.h"

#include <QtTest>

#include <algorithm>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace stet::test {

class ServedTalk {
public:
    virtual ~ServedTalk() = default;

    virtual void sendRaw(const std::string& line) = 0;
    virtual bool hasEnded() const = 0;

    int send(const std::string& method, const Json& params = Json::object())
    {
        const int id = m_nextId++;
        sendRaw(Json{{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", params}}.dump());
        return id;
    }

    void cancel(int id) { sendRaw(Json{{"jsonrpc", "2.0"}, {"method", "$/cancel"}, {"params", {{"id", id}}}}.dump()); }

    // The reply to a request; null when none came in time.
    Json replyTo(const Json& id)
    {
        const bool came = waitUntil([&] { return !find(id).is_null() || hasEnded(); });
        return came ? find(id) : Json();
    }

    Json result(const std::string& method, const Json& params = Json::object())
    {
        const Json reply = replyTo(send(method, params));
        if (!reply.is_object() || !reply.contains("result")) {
            qWarning("%s answered %s", method.c_str(), reply.dump().c_str());
            return Json::object();
        }
        return reply.at("result");
    }

    // code 0: it was no error.
    int errorOf(const std::string& method, const Json& params = Json::object())
    {
        const Json reply = replyTo(send(method, params));
        return reply.is_object() && reply.contains("error") ? reply.at("error").at("code").get<int>() : 0;
    }

    // Waits for a notification that fits, from message number `from` on.
    bool waitFor(const std::function<bool(const Json&)>& fits, std::size_t from = 0)
    {
        return waitUntil([&] {
            const auto all = messages();
            return std::any_of(all.begin() + static_cast<std::ptrdiff_t>(from), all.end(), fits);
        });
    }

    // Training reached `step` in the round of `request`.
    bool waitForStep(int request, int step)
    {
        return waitFor([=](const Json& message) {
            const Json params = message.value("params", Json::object());
            return params.value("request", 0) == request && params.value("step", 0) >= step;
        });
    }

    std::vector<Json> messages() const
    {
        const std::lock_guard lock(m_mutex);
        return m_messages;
    }

    std::vector<Json> repliesTo(const Json& id) const
    {
        std::vector<Json> replies;
        for (const auto& message : messages()) {
            if (!message.contains("method") && message.value("id", Json()) == id) {
                replies.push_back(message);
            }
        }
        return replies;
    }

    std::vector<Json> notifications(const std::string& method) const
    {
        std::vector<Json> found;
        for (const auto& message : messages()) {
            if (message.value("method", "") == method) {
                found.push_back(message.at("params"));
            }
        }
        return found;
    }

protected:
    // Any thread.
    void take(Json message)
    {
        const std::lock_guard lock(m_mutex);
        m_messages.push_back(std::move(message));
    }

    static bool waitUntil(const std::function<bool()>& holds) { return QTest::qWaitFor(holds, kPatienceMs); }

private:
    Json find(const Json& id) const
    {
        const auto replies = repliesTo(id);
        return replies.empty() ? Json() : replies.front();
    }

    int m_nextId = 1;
    mutable std::mutex m_mutex;
    std::vector<Json> m_messages;
};

}  // namespace stet::test
