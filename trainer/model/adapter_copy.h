// A PEFT folder to pass on: an adapter's two files as they are, and a model card. Called by `stet-trainer export`.
// Compute thread.
#pragma once

#include "trainer/files/model_folder.h"

#include <functional>
#include <string>

namespace stet::model {

// Writes `out`, which must not exist, at once or not at all. `cancelled` may be empty. Failure(BadInput): as
// Adapter::load of that base; disk full, `out` exists. Throws Cancelled.
void copyAdapter(const files::ModelFolder& base, const std::string& adapterFolder, const std::string& out,
                 const std::function<bool()>& cancelled);

}  // namespace stet::model
