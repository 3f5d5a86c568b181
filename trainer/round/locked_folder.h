// What a round or a pre-training says when it can't have its folder to itself. Any thread.
#pragma once

#include "base/failure.h"
#include "base/folder_lock.h"

#include <string>

namespace stet::round {

// Failure(BadInput): another process has it, or it can't be written.
inline void refuseUnlessLocked(const FolderLock& lock, const std::string& folder)
{
    if (lock.unwritable()) {
        throw badInput("Cannot write into " + folder + ": " + lock.whyUnwritable());
    }
    if (!lock.held()) {
        throw badInput("Another process is working on " + folder + "; wait for it or stop it");
    }
}

}  // namespace stet::round
