// Writes a project's responses in one of the formats of formats/. A file appears at once, complete. Store thread or a
// command.
#pragma once

#include "annotate/store/project.h"

#include <functional>
#include <string>

namespace stet::annotate {

// Returns how many were written: `cut` leaves out responses nobody judged (its judgment null means accepted). path "-"
// is standard output. between: called every few hundred responses, so that a draft or a cancel gets its turn. Failure(Usage): a
// format this version lacks; Failure(BadInput): it can't be written.
int exportFile(const Project& project, const std::string& path, const std::string& format, QueueFilter filter,
               const std::function<void()>& between = {});

}  // namespace stet::annotate
