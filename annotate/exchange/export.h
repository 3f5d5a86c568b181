// Writes a project's responses in one of the formats of formats/. A file appears at once, complete. Store thread or a
// command.
#pragma once

#include "annotate/store/project.h"

#include <functional>
#include <string>

namespace stet::annotate {

// Both are called every few hundred responses. onProgress may let a draft have its turn.
struct ExportHooks {
    std::function<void(int done)> onProgress;  // responses looked at, also those the format leaves out
    std::function<bool()> cancelled;
};

// Returns how many were written: `cut` leaves out responses nobody judged (its judgment null means accepted). path "-"
// is standard output. Failure(Usage): a format this version lacks; Failure(BadInput): it can't be written;
// Failure(Interrupted) when cancelled: a file that was there before is as it was.
int exportFile(const Project& project, const std::string& path, const std::string& format, QueueFilter filter,
               const ExportHooks& hooks = {});

}  // namespace stet::annotate
