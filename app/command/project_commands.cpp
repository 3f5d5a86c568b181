// new, example, import, export, check, recover: projects and data files.
#include "app/command/commands.h"

#include "annotate/exchange/example_project.h"
#include "annotate/exchange/export.h"
#include "annotate/exchange/import.h"
#include "app/command/command.h"
#include "app/command/project_access.h"
#include "base/failure.h"

#include <filesystem>
#include <iostream>

namespace stet::app {

using namespace annotate;

void newProject(const Arguments& a)
{
    if (!std::filesystem::exists(a.model + "/config.json")) {
        throw badInput(a.model + " is not a model folder: it has no config.json");
    }
    Project::create(a.project, a.model);
    std::cout << a.project << " is made\n";
}

void exampleProject(const Arguments& a)
{
    createExampleProject(exampleFolder(), a.project);
    std::cout << a.project << " is made\n";
}

void importInto(const Arguments& a)
{
    const auto project = openForWriting(a.project);
    const auto result = importFile(*project, a.file, a.format);
    std::cout << result.responses << " responses imported: " << result.accepted << " accepted, " << result.criticised
              << " criticised, " << result.open << " to do\n";
    for (const auto& finding : result.findings) {
        std::cout << "row " << finding.row << " (id " << finding.id << "): " << finding.problem << " "
                  << finding.suggestion << '\n';
    }
    std::cout << result.findings.size() << " findings\n";
}

void exportFrom(const Arguments& a)
{
    const auto project = Project::open(a.project);
    std::cout << exportFile(*project, a.file, a.format, filterOf(a.filter)) << " responses exported to " << a.file
              << '\n';
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
    const auto damaged = Project::open(a.project);
    const auto fresh = Project::create(a.file, damaged->setting("model"));
    const std::string lines = a.file + "/recovered.jsonl";
    const int count = exportFile(*damaged, lines, "jsonl", QueueFilter::All);
    for (const char* key : {"prompt_style", "lambda", "contrast", "preset", "round", "guidelines", "title"}) {
        const auto value = damaged->setting(key);
        if (!value.empty()) {
            fresh->setSetting(key, value);
        }
    }
    if (count > 0) {
        importFile(*fresh, lines, "jsonl");
    }
    for (const char* set : {"heldout", "control"}) {
        fresh->addInstructions(set, damaged->instructions(set));
    }
    std::filesystem::remove(lines);
    std::cout << count << " responses recovered into " << a.file << '\n';
}

}  // namespace stet::app
