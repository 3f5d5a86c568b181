// Writes a project's responses: `cut` (JSON array of the paper's code) and `jsonl` (also verdict, marks: reads back
// without loss). The file appears at once, complete. Store thread or a command.
#pragma once

#include "annotate/store/project.h"

#include <string>

namespace stet::annotate {

// Returns how many were written. `cut` leaves out responses nobody judged (its judgment null means accepted).
int exportFile(const Project& project, const std::string& path, const std::string& format, QueueFilter filter);

}  // namespace stet::annotate
