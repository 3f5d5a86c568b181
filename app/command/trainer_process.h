// Runs stet-trainer as a child of a command and waits: the window uses app/worker instead. Main thread.
#pragma once

#include "app/command/child_process.h"
#include "base/failure.h"

#include <functional>
#include <string>
#include <vector>

namespace stet::app {

// stet-trainer beside this program, or $STET_TRAINER: a program and its arguments.
std::vector<std::string> trainerCommand();

using TrainerEnd = ChildEnd;

// As runChild: a round is checkpointed and never goes on alone. Failure when it can't be started.
TrainerEnd runTrainer(const std::vector<std::string>& arguments, bool quietOutput);
TrainerEnd runTrainer(const std::vector<std::string>& arguments, const std::function<void(const std::string&)>& onLine);

// A command ends as its worker did: its exit code as a failure's kind.
FailureKind workerFailure(int code);

// That the worker would take the folder for a model. What is wrong with it stands on standard error; then Failure of
// the worker's kind.
void requireUsableModel(const std::string& folder);

}  // namespace stet::app
