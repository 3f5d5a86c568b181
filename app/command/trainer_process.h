// Runs stet-trainer as a child of a command and waits: the window uses app/worker instead. Main thread.
#pragma once

#include "base/failure.h"

#include <functional>
#include <string>
#include <vector>

namespace stet::app {

// stet-trainer beside this program, or $STET_TRAINER: a program and its arguments.
std::vector<std::string> trainerCommand();

// How the child ended: its exit code, or the signal that killed it.
struct TrainerEnd {
    int code = 0;
    int signal = 0;
};

// The child shares standard error and output. Ctrl+C reaches both, SIGTERM and SIGHUP are handed on, and it ends when
// this process is killed: a round is checkpointed and never goes on alone. Failure when it can't be started.
TrainerEnd runTrainer(const std::vector<std::string>& arguments, bool quietOutput);

// The same of a child whose standard output is heard here: onLine gets each whole line as it comes. When it throws, the
// child is ended and the failure goes on.
TrainerEnd runTrainer(const std::vector<std::string>& arguments, const std::function<void(const std::string&)>& onLine);

// A command ends as its worker did: its exit code as a failure's kind.
FailureKind workerFailure(int code);

// That the worker would take the folder for a model. What is wrong with it stands on standard error; then Failure of
// the worker's kind.
void requireUsableModel(const std::string& folder);

}  // namespace stet::app
