#include "annotate/exchange/example_project.h"

#include "annotate/exchange/import.h"
#include "base/failure.h"
#include "base/files.h"
#include "base/json.h"

#include <filesystem>

namespace stet::annotate {

void createExampleProject(const std::string& exampleFolder, const std::string& target)
{
    if (!std::filesystem::exists(exampleFolder + "/example.json")) {
        throw badInput("The bundled example is not at " + exampleFolder +
                       "; install Stet again, or start it from its own folder");
    }
    // A copy of the model goes along: the project stays whole when the program moves.
    Project::make(target, target + "/model", [&](Project& project) {
        std::filesystem::copy(exampleFolder + "/model", project.folder() + "/model",
                              std::filesystem::copy_options::recursive);
        const Json settings = readJsonFile(exampleFolder + "/example.json");
        for (const auto& [key, value] : settings.items()) {
            project.setSetting(key, value.is_string() ? value.get<std::string>() : value.dump());
        }
        // Waiting ones first: the queue opens on them.
        ImportHooks judge;
        judge.judgedBy = program(settings.value("judged_by", ""));
        judge.holdOut = false;  // it brings its own
        importFile(project, exampleFolder + "/waiting.jsonl", "jsonl", judge);
        importFile(project, exampleFolder + "/examples.jsonl", "jsonl", judge);
        project.addInstructions("heldout", readInstructions(exampleFolder + "/heldout.jsonl"));
        project.addInstructions("control", readInstructions(exampleFolder + "/control.jsonl"));
        project.setSetting("guidelines", readFile(exampleFolder + "/guidelines.md", 1U << 20U));
    });
}

}  // namespace stet::annotate
