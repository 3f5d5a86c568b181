// The bundled example (resources/example) as a project of the user's own. Store thread or a command.
#pragma once

#include <memory>
#include <string>

namespace stet::annotate {

class Project;

// Makes `target` (NAME.stet) from the example's files: judged and waiting responses, held-out instructions, control
// set, guidelines and settings.
std::unique_ptr<Project> createExampleProject(const std::string& exampleFolder, const std::string& target);

}  // namespace stet::annotate
