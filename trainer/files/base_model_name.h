// What an adapter says of the model it belongs to (base_model_name_or_path). No Torch. Any thread.
#pragma once

#include <string>

namespace stet::files {

// "ORG/NAME" where the folder is a snapshot in Hugging Face's cache (models--ORG--NAME/snapshots/HASH, also by a link
// to it), else the folder's absolute path without a slash at its end.
std::string baseModelName(const std::string& folder);

}  // namespace stet::files
