#include "trainer/round/round_log.h"

#include "base/failure.h"
#include "base/files.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <sstream>

namespace stet::round {

namespace {

constexpr std::size_t kLargestLog = std::size_t{1} << 30;

// The lines up to the step; a torn last line of a killed process is no JSON and ends the log.
std::string keptLines(const std::string& path, std::int64_t keptSteps)
{
    std::string kept;
    std::istringstream file(readFile(path, kLargestLog));
    for (std::string line; std::getline(file, line);) {
        const Json json = Json::parse(line, nullptr, false);
        if (json.is_discarded() || !json.is_object() || json.value("step", std::int64_t{0}) > keptSteps) {
            break;
        }
        kept += line + "\n";
    }
    return kept;
}

}  // namespace

void RoundReporter::phase(Phase phase) const
{
    if (m_hooks.onPhase) {
        m_hooks.onPhase(phase);
    }
}

void RoundReporter::scored(const ScoringProgress& progress) const
{
    if (m_hooks.onScored) {
        m_hooks.onScored(progress);
    }
}

void RoundReporter::warn(const std::string& text)
{
    if (std::find(m_warnings.begin(), m_warnings.end(), text) != m_warnings.end()) {
        return;
    }
    m_warnings.push_back(text);
    if (m_hooks.onWarning) {
        m_hooks.onWarning(text);
    }
}

void RoundReporter::warn(const std::vector<std::string>& texts)
{
    for (const auto& text : texts) {
        warn(text);
    }
}

StepLog::StepLog(const std::string& path, std::int64_t keptSteps) : m_path(path)
{
    const std::string kept =
        keptSteps > 0 && std::filesystem::exists(path) ? keptLines(path, keptSteps) : std::string();
    publishFile(path, kept);
    m_file.open(path, std::ios::app | std::ios::binary);
}

void StepLog::append(const Json& line)
{
    errno = 0;
    m_file << toLine(line) << '\n' << std::flush;
    if (!m_file) {
        throw badInput("Cannot write " + m_path + ": " + describeErrno(errno));
    }
}

}  // namespace stet::round
