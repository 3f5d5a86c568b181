// A GGUF file opened as the model it is. No Torch. Any thread.
#pragma once

#include "trainer/files/model_folder.h"

#include <string>
#include <utility>
#include <vector>

namespace stet::files::gguf {

// Headers only. Failure(BadInput), Failure(ModelRefused): see header.h, config.h, vocabulary.h, weights.h.
ModelFolder openModel(const std::string& path);

// config.json, generation_config.json, tokenizer.json and tokenizer_config.json, as the model's Hugging Face folder
// would have them: what is written beside merged weights. The same failures.
std::vector<std::pair<std::string, std::string>> folderFiles(const std::string& path);

}  // namespace stet::files::gguf
