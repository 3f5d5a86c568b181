// When a worker that died is started again: after ever longer pauses, and not any more after five deaths in three
// minutes. Pure; the caller's clock.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

namespace stet::app {

class RestartPolicy {
public:
    // Milliseconds to wait before the next start, twice as long for each death of the last three minutes; nullopt:
    // given up. firstPauseMs: after a first death.
    std::optional<int> pauseAfterDeath(std::int64_t nowMs, int firstPauseMs)
    {
        m_deaths.push_back(nowMs);
        while (nowMs - m_deaths.front() > kForgottenAfterMs) {
            m_deaths.pop_front();
        }
        return deaths() >= kDeathsAllowed ? std::nullopt : std::optional(firstPauseMs << (deaths() - 1));
    }

    int deaths() const { return static_cast<int>(m_deaths.size()); }
    void forget() { m_deaths.clear(); }

private:
    static constexpr std::int64_t kForgottenAfterMs = 180000;
    static constexpr int kDeathsAllowed = 5;

    std::deque<std::int64_t> m_deaths;
};

}  // namespace stet::app
