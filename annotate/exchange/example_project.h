// An example that comes with Stet (resources/example, resources/real) as a project of the user's own. Any thread that
// may wait, or a command.
#pragma once

#include <string>

namespace stet::annotate {

// Makes `target` (NAME.stet) from the example's files, whole or not at all: judged and waiting responses, held-out
// instructions, control set, guidelines, settings, and the model: the one in the example's folder, or `model` (a folder
// or a GGUF file), under its own name. Failure(BadInput) names what is missing or can't be written.
void createExampleProject(const std::string& exampleFolder, const std::string& target, const std::string& model = {});

}  // namespace stet::annotate
