// The worker's server on a thread of the test's own process, over a queue in memory: no start, no pipes.
#pragma once

#include "contract/transport.h"
#include "tests/support/served_talk.h"
#include "trainer/model/device.h"
#include "trainer/serve/server.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace stet::test {

// What is put in comes out of loop(), what is sent goes to a function. Any thread.
class MemoryTransport : public contract::Transport {
public:
    explicit MemoryTransport(std::function<void(Json)> sent) : m_sent(std::move(sent)) { }

    void put(const std::string& line)
    {
        const std::lock_guard lock(m_mutex);
        m_lines.push_back(line);
        m_arrived.notify_one();
    }

    void close()
    {
        const std::lock_guard lock(m_mutex);
        m_closed = true;
        m_arrived.notify_one();
    }

    void send(const contract::Message& message) override { m_sent(Json::parse(encode(message))); }
    void send(const contract::Malformed& malformed) override { m_sent(Json::parse(encode(malformed))); }

    void loop(const Incoming& incoming) override
    {
        while (const auto line = next(incoming.leave)) {
            const auto decoded = contract::decode(*line);
            if (const auto* malformed = std::get_if<contract::Malformed>(&decoded)) {
                incoming.malformed(*malformed);
            } else {
                incoming.message(std::get<contract::Message>(decoded));
            }
        }
    }

private:
    std::optional<std::string> next(const std::function<bool()>& leave)
    {
        std::unique_lock lock(m_mutex);
        while (m_lines.empty()) {
            if (m_closed || leave()) {
                return std::nullopt;
            }
            m_arrived.wait_for(lock, std::chrono::milliseconds(20));
        }
        std::string line = std::move(m_lines.front());
        m_lines.pop_front();
        return line;
    }

    std::function<void(Json)> m_sent;
    std::mutex m_mutex;
    std::condition_variable m_arrived;
    std::deque<std::string> m_lines;
    bool m_closed = false;
};

class ServedHere : public ServedTalk {
public:
    ServedHere()
    {
        model::loadAccelerator();
        m_thread = std::thread([this] {
            serve::Server(m_transport, {}).run();
            m_ended = true;
        });
    }

    // What runs is given up: a round is paused.
    ~ServedHere() override
    {
        m_transport.close();
        m_thread.join();
    }

    void sendRaw(const std::string& line) override { m_transport.put(line); }
    bool hasEnded() const override { return m_ended; }
    void closeWriteChannel() { m_transport.close(); }
    bool waitForEnd()
    {
        return waitUntil([this] { return m_ended.load(); });
    }

private:
    MemoryTransport m_transport{[this](Json message) { take(std::move(message)); }};
    std::atomic<bool> m_ended{false};
    std::thread m_thread;
};

}  // namespace stet::test
