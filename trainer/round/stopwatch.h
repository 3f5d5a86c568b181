// Seconds by a clock that never goes back. Any thread.
#pragma once

#include <chrono>

namespace stet::round {

class Stopwatch {
public:
    double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_begin).count(); }

private:
    std::chrono::steady_clock::time_point m_begin = std::chrono::steady_clock::now();
};

}  // namespace stet::round
