#include "base/log.h"

#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <vector>

namespace stet::log {

namespace {

spdlog::level::level_enum toSpdlog(Level level)
{
    switch (level) {
    case Level::Debug:
        return spdlog::level::debug;
    case Level::Info:
        return spdlog::level::info;
    case Level::Warning:
        return spdlog::level::warn;
    case Level::Error:
        return spdlog::level::err;
    }
    return spdlog::level::info;
}

// A terminal must not be steered by what stands in a file name.
std::string withoutControls(const std::string& message)
{
    std::string clean;
    clean.reserve(message.size());
    for (const char c : message) {
        const auto byte = static_cast<unsigned char>(c);
        clean += (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F ? '?' : c;
    }
    return clean;
}

}  // namespace

void start(const std::string& name, Level level, const std::string& file)
{
    std::vector<spdlog::sink_ptr> sinks = {std::make_shared<spdlog::sinks::stderr_sink_mt>()};
    if (!file.empty()) {
        constexpr std::size_t kMaxBytes = std::size_t{4} << 20;
        sinks.push_back(std::make_shared<spdlog::sinks::rotating_file_sink_mt>(file, kMaxBytes, 3));
    }
    auto logger = std::make_shared<spdlog::logger>(name, sinks.begin(), sinks.end());
    logger->set_level(toSpdlog(level));
    logger->set_pattern("%H:%M:%S.%e %n %l: %v");
    logger->flush_on(spdlog::level::info);
    spdlog::set_default_logger(std::move(logger));
}

void write(Level level, const std::string& message)
{
    // A string argument, never a format: braces in a message are text.
    spdlog::default_logger_raw()->log(toSpdlog(level), spdlog::string_view_t(withoutControls(message)));
}

}  // namespace stet::log
