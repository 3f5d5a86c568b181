// The log of both processes, behind a façade: torch bundles its own fmt, so spdlog is included in log.cpp alone.
// Any thread. Lines go to standard error (never standard output: the protocol and results live there) and, when
// asked, to a rotating file. Texts of people and models are not logged; control characters are made visible.
#pragma once

#include <string>

namespace stet::log {

enum class Level { Debug, Info, Warning, Error };

// Called once by main. `name` stands in every line ("stet", "trainer"); `file` may be empty.
void start(const std::string& name, Level level, const std::string& file = {});

void write(Level level, const std::string& message);

inline void debug(const std::string& message)
{
    write(Level::Debug, message);
}
inline void info(const std::string& message)
{
    write(Level::Info, message);
}
inline void warning(const std::string& message)
{
    write(Level::Warning, message);
}
inline void error(const std::string& message)
{
    write(Level::Error, message);
}

}  // namespace stet::log
