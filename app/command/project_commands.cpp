// new, example, export, check, recover, restore: projects.
#include "app/command/commands.h"

#include "annotate/exchange/example_project.h"
#include "annotate/exchange/export.h"
#include "annotate/store/restore.h"
#include "annotate/store/recovery.h"
#include "app/command/command.h"
#include "app/command/project_access.h"
#include "app/command/real_example.h"
#include "app/command/trainer_process.h"
#include "base/failure.h"
#include "workflow/model_export.h"
#include "workflow/project_start.h"

#include <filesystem>
#include <iostream>

namespace stet::app {

namespace fs = std::filesystem;
using namespace annotate;

namespace {

// Published by a rename, which would put a file in a device's place; and what lies in the project is its own.
void refuseAsOutput(const std::string& path, const std::string& project)
{
    if (fs::exists(path) && !fs::is_regular_file(path)) {
        throw badInput("Cannot write " + path + ": it is no regular file; name a file");
    }
    const auto inside = fs::weakly_canonical(path).lexically_relative(fs::weakly_canonical(project));
    if (!inside.empty() && *inside.begin() != "..") {
        throw badInput("Cannot write " + path + ": it lies in the project's own folder; name a file outside of it");
    }
}

std::string settingOf(const Recovered& left, const std::string& key)
{
    const auto found = left.settings.find(key);
    return found == left.settings.end() ? std::string() : found->second;
}

std::string modelOf(const Recovered& left)
{
    std::string model = settingOf(left, "model");
    if (model.empty()) {
        throw badInput("Which model " + left.source +
                       " belongs to can't be read any more; restore a copy from the backups");
    }
    return model;
}

void fill(Project& fresh, const Recovered& left)
{
    for (const char* key : {"prompt_style", "lambda", "false_alarm_rate", "contrast", "preset", "round", "guidelines",
                            "title", "watch_opening", "annotator", "max_new_tokens"}) {
        if (const auto value = settingOf(left, key); !value.empty()) {
            fresh.setSetting(key, value);
        }
    }
    const auto batch = fresh.beginBatch("recovered");
    fresh.addResponses(batch, left.responses);
    fresh.publishBatch(batch);
    for (const auto& [externalId, text] : left.drafts) {
        fresh.saveDraft(*fresh.findExternal(externalId), text);
    }
    for (const auto& [externalId, text] : left.revisionDrafts) {
        fresh.saveRevisionDraft(*fresh.findExternal(externalId), text);
    }
    for (const auto& [set, instructions] : left.instructions) {
        fresh.addInstructions(set, instructions);
    }
}

// A model in the project's folder, as the example's, would be gone with the damaged one.
void takeModelAlong(const std::string& damaged, Project& fresh, const std::string& freshName)
{
    const fs::path model = fresh.setting("model");
    if (fs::exists(model) && fs::equivalent(model.parent_path(), damaged)) {
        fs::copy(model, fs::path(fresh.folder()) / model.filename(), fs::copy_options::recursive);
        fresh.setSetting("model", (fs::absolute(freshName) / model.filename()).lexically_normal().string());
    }
}

void name(const std::vector<std::string>& ids, const std::string& what)
{
    for (const auto& id : ids) {
        std::cout << "response " << id << ": " << what << '\n';
    }
}

}  // namespace

void newProject(const Arguments& a)
{
    requireUsableModel(a.model);
    workflow::createProject(a.project, a.model, {});
    std::cout << a.project << " is made\n";
}

void exampleProject(const Arguments& a)
{
    if (!a.real) {
        createExampleProject(exampleFolder(), a.project);
        std::cout << a.project << " is made\n";
        return;
    }
    const std::string model = a.model.empty() ? fetchedModel(realExampleFolder()) : a.model;
    requireUsableModel(model);
    createExampleProject(realExampleFolder(), a.project, model);
    std::cout << a.project << " is made; it holds its model, " << Project::open(a.project)->setting("model") << '\n';
}

void exportFrom(const Arguments& a)
{
    if (workflow::findModelForm(a.format) != nullptr) {
        exportModel(a);
        return;
    }
    if (!a.round.empty()) {
        throw Failure(FailureKind::Usage, "--round is of a model's form: " + workflow::modelFormNames());
    }
    if (a.file.empty()) {
        throw Failure(FailureKind::Usage, "export writes a file, or standard output: --out FILE, or --out -");
    }
    const auto project = Project::open(a.project);
    if (a.file != "-") {
        refuseAsOutput(a.file, project->folder());
    }
    int looked = 0;
    const int count =
        exportFile(*project, a.file, a.format, filterOf(a.filter), {[&](int done) { looked = done; }, {}});
    const bool toFile = a.file != "-";
    auto& said = toFile ? std::cout : std::cerr;
    said << count << " responses exported" << (toFile ? " to " + a.file : "") << '\n';
    if (looked > count) {
        said << looked - count << " were left out: " << a.format << " has no place for them\n";
    }
}

void checkProject(const Arguments& a)
{
    const auto problems = Project::open(a.project)->check();
    for (const auto& problem : problems) {
        std::cout << problem << '\n';
    }
    if (!problems.empty()) {
        throw badInput(std::to_string(problems.size()) + " problems in " + a.project + "; run: stet recover " +
                       a.project + " --out NEW.stet");
    }
    std::cout << a.project << " is whole\n";
}

void recoverProject(const Arguments& a)
{
    const Recovered left = readWhatIsLeft(a.project);
    Project::make(a.file, modelOf(left), [&](Project& fresh) {
        fill(fresh, left);
        takeModelAlong(a.project, fresh, a.file);
    });
    std::cout << left.responses.size() << " responses recovered into " << a.file << " from " << left.source << '\n';
    if (!left.whole) {
        std::cout << "Parts of it can't be read, and what stood there is lost; " << a.project
                  << "/backups holds older copies\n";
    }
    name(left.changed, "its text is not the one that was stored; read it again");
    name(left.unjudged, "its judgment is lost; it is open again");
}

void restoreProject(const Arguments& a)
{
    restoreBackup(a.project, a.file);
    std::cout << a.project << " is as it was in " << a.file << "; what was there before is in " << a.project
              << "/backups\n";
}

}  // namespace stet::app
