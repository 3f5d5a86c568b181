// The bundled example (resources/example) as a project of the user's own. Store thread or a command.
#pragma once

#include <string>

namespace stet::annotate {

// Makes `target` (NAME.stet) from the example's files, whole or not at all: judged and waiting responses, held-out
// instructions, control set, guidelines, settings and a copy of the model.
void createExampleProject(const std::string& exampleFolder, const std::string& target);

}  // namespace stet::annotate
