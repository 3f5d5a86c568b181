// Opening what a sub-command works on, and reading its arguments.
#pragma once

#include "annotate/store/project.h"

#include <memory>
#include <string>

namespace stet::app {

// Failure(BadInput) with the reason when the project is read-only.
std::unique_ptr<annotate::Project> openForWriting(const std::string& folder);

// A round's number, from 1. Failure(Usage).
int roundNumber(const std::string& text);

// Failure(Usage) with the known ones.
annotate::QueueFilter filterOf(const std::string& name);

}  // namespace stet::app
