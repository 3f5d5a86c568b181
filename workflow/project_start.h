// A project comes into being: with its model, and with the data file that was chosen with it, or not at all.
#pragma once

#include "annotate/exchange/import.h"

#include <string>

namespace stet::workflow {

// Failure(BadInput) when it is none.
void requireModelFolder(const std::string& folder);

// Failure(BadInput) when the folder is no model, is taken, or the data can't be read; nothing half made stays.
// `dataFile` may be empty. What came in. Blocks: in the window on a thread of its own.
annotate::ImportResult createProject(const std::string& folder, const std::string& modelFolder,
                                     const std::string& dataFile);

}  // namespace stet::workflow
