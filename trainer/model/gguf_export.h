// A model with or without an adapter as one GGUF file, and an adapter alone as llama.cpp's GGUF adapter. One tensor at
// a time: the model is never held. Called by `stet-trainer export`. Compute thread.
#pragma once

#include "trainer/files/gguf/gguf_types.h"
#include "trainer/files/model_folder.h"

#include <functional>
#include <string>

namespace stet::model {

struct GgufExportOptions {
    files::gguf::NumberType type = files::gguf::NumberType::F16;  // F32, F16, BF16, Q8_0; vectors stay F32
    std::function<void(double)> progress;                         // 0 to 1; may be empty
    std::function<bool()> cancelled;                              // throws Cancelled when true; may be empty
    std::function<void(const std::string&)> note;  // a sentence on what the file says otherwise than the folder
};

// Writes `out`, which must not exist, at once or not at all. adapterFolder: empty, or a PEFT folder to fold in
// (W + scale·B·A in float32, rounded once). Failure(BadInput): as Adapter::load; disk full, `out` exists, a weight that
// the type can't hold. Failure(ModelRefused): something of a folder that GGUF can't say (folder_metadata.h).
void exportGguf(const files::ModelFolder& base, const std::string& adapterFolder, const std::string& out,
                const GgufExportOptions& options);

// The adapter for a base that llama.cpp has already: float32, of one alpha; where modules differ in scale, B takes the
// difference. The same failures.
void exportGgufAdapter(const files::ModelFolder& base, const std::string& adapterFolder, const std::string& out,
                       const GgufExportOptions& options);

}  // namespace stet::model
