// One process per round folder: an advisory lock on FOLDER/lock, freed by the kernel when the process ends.
#pragma once

#include <string>

namespace stet::round {

class RoundLock {
public:
    explicit RoundLock(
        const std::string& folder);  // Failure(BadInput): another process has it, or the folder can't be written
    ~RoundLock();
    RoundLock(const RoundLock&) = delete;
    RoundLock& operator=(const RoundLock&) = delete;

private:
    int m_descriptor = -1;
};

}  // namespace stet::round
