// What can stand where a model is named: a Hugging Face folder or a GGUF file. By names and the first bytes alone;
// whether it is a usable one, the worker says. Any thread.
#pragma once

#include <string>

namespace stet {

// A file named .gguf, or one under another name that begins as one (Ollama's blobs). Never waits for a FIFO.
bool isGgufFile(const std::string& path);

// A folder with a config.json, or a GGUF file.
bool isModelPath(const std::string& path);

}  // namespace stet
