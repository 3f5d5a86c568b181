// Takes an import back: what it brought goes as one deed, as if it had never come. Store thread or a command.
#pragma once

#include "annotate/store/project.h"

#include <cstdint>
#include <string>

namespace stet::annotate {

struct UndoneImport {
    std::string name;  // the file's
    int responses = 0;
    int instructions = 0;
    int kept = 0;        // responses that somebody judged, marked or drafted on since: they stay
    std::string backup;  // the copy of the project that was made before
};

// batch: one of Project::batches(). Failure(BadInput): there is no such import, or a round was trained on what it
// brought, which is named. between: called between two pieces of the work.
UndoneImport undoImport(Project& project, std::int64_t batch);

}  // namespace stet::annotate
