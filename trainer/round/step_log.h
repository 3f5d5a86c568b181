// log.jsonl: one line per optimizer step, appended and flushed at once; on resume the lines after the checkpoint's step
// are cut. One owner.
#pragma once

#include "base/json.h"

#include <cstdint>
#include <fstream>
#include <string>

namespace stet::round {

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

}  // namespace stet::round
