// What lies at a path where a model or adapter folder was expected: a file of another program, a folder of another
// kind, or nothing. Names it and says what to do. Only names and the first bytes of regular files are looked at.
// No Torch. Any thread.
#pragma once

#include "base/failure.h"

#include <string>

namespace stet::files {

// path: no folder, or one without config.json. Failure(ModelRefused) for a format that isn't read (GGUF, ONNX, …),
// else Failure(BadInput).
Failure noModelFolder(const std::string& path);

// path: no folder, or one without adapter_config.json. The same kinds.
Failure noAdapterFolder(const std::string& path);

// folder: one with config.json but without weights that are read. Failure(BadInput).
Failure noWeights(const std::string& folder);

}  // namespace stet::files
