// What a training says while it runs: phases and warnings to its caller, a line per optimizer step to log.jsonl.
// Compute thread.
#pragma once

#include "base/json.h"
#include "trainer/round/round.h"

#include <chrono>
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

namespace stet::round {

// Phases, and warnings, each once, which report.json repeats. Made for one round; borrows the caller's hooks.
class RoundReporter {
public:
    explicit RoundReporter(const RoundHooks& hooks) : m_hooks(hooks) { }

    void phase(Phase phase) const;
    void scored(const ScoringProgress& progress) const;
    void warn(const std::string& text);
    void warn(const std::vector<std::string>& texts);

    const std::vector<std::string>& warnings() const { return m_warnings; }

private:
    const RoundHooks& m_hooks;
    std::vector<std::string> m_warnings;
};

// log.jsonl: one line per optimizer step, appended and flushed at once; on resume the lines after the checkpoint's step
// are cut. One owner.
class StepLog {
public:
    // Keeps lines whose "step" ≤ keptSteps, published anew when any was cut.
    StepLog(const std::string& path, std::int64_t keptSteps);

    // Failure(BadInput) when the disk is full or the like.
    void append(const Json& line);

private:
    std::string m_path;
    std::ofstream m_file;
};

// Seconds by a clock that never goes back.
class Stopwatch {
public:
    double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_begin).count(); }

private:
    std::chrono::steady_clock::time_point m_begin = std::chrono::steady_clock::now();
};

}  // namespace stet::round
