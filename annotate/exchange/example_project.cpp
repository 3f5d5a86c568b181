#include "annotate/exchange/example_project.h"

#include "annotate/exchange/import.h"
#include "base/failure.h"
#include "base/files.h"
#include "base/json.h"

#include <filesystem>

namespace stet::annotate {

namespace fs = std::filesystem;

namespace {

// The project stays whole when the program moves or a cache is emptied. A file is linked where it can be: two names of
// one file take its space once, and neither needs the other. A link to a link would need it.
void takeAlong(const fs::path& model, const fs::path& into)
{
    std::error_code failed;
    const fs::path file = fs::canonical(model, failed);
    if (!failed && fs::is_directory(file)) {
        fs::copy(file, into, fs::copy_options::recursive, failed);
    } else if (!failed) {
        std::error_code unlinked;
        fs::create_hard_link(file, into, unlinked);
        if (unlinked) {
            fs::copy_file(file, into, failed);
        }
    }
    if (failed) {
        throw badInput("The model " + model.string() +
                       " can't be copied into the project: " + describeErrno(failed.value()));
    }
}

}  // namespace

void createExampleProject(const std::string& exampleFolder, const std::string& target, const std::string& model)
{
    if (!fs::exists(exampleFolder + "/example.json")) {
        throw badInput("The bundled example is not at " + exampleFolder +
                       "; install Stet again, or start it from its own folder");
    }
    const fs::path from = model.empty() ? fs::path(exampleFolder) / "model" : fs::absolute(model).lexically_normal();
    const std::string name = from.has_filename() ? from.filename().string() : from.parent_path().filename().string();
    Project::make(target, target + "/" + name, [&](Project& project) {
        takeAlong(from, fs::path(project.folder()) / name);
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
