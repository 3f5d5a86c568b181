// What `ollama create` is told of a GGUF file: where it is, the prompt as a Go template, and where answers end. Called
// by `stet-trainer export --modelfile`. Any thread.
#pragma once

#include "trainer/files/model_folder.h"

#include <string>

namespace stet::text {

// promptStyle: as PromptStyle::resolve. gguf: the file's name, beside which the Modelfile stands. Where a chat template
// says more than turns that are put together, Ollama is left to what it makes of the file's own template.
// Failure(BadInput): no such style, no end of sequence.
std::string ollamaModelfile(const files::ModelFolder& folder, const std::string& promptStyle, const std::string& gguf);

}  // namespace stet::text
