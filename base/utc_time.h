// The time now as it is stored and shown to programs: ISO 8601, UTC, whole seconds ("2026-01-31T09:05:00Z").
#pragma once

#include <array>
#include <ctime>
#include <string>

namespace stet {

inline std::string utcNow()
{
    const std::time_t now = std::time(nullptr);
    std::tm parts = {};
    ::gmtime_r(&now, &parts);
    std::array<char, 32> text = {};
    const auto size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return {text.data(), size};
}

}  // namespace stet
