// Runs stet-trainer as a child of a command and waits: the window uses app/worker instead. Main thread.
#pragma once

#include <string>
#include <vector>

namespace stet::app {

// stet-trainer beside this program, or $STET_TRAINER: a program and its arguments.
std::vector<std::string> trainerCommand();

// The child shares standard error and output; Ctrl+C reaches both. Returns its exit code (Internal when it could not be
// started).
int runTrainer(const std::vector<std::string>& arguments, bool quietOutput);

}  // namespace stet::app
