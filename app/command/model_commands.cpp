// export of a round's model, and use: stet-trainer writes it as a child; how another program is started is printed.
#include "app/command/commands.h"

#include "annotate/store/project.h"
#include "app/command/child_process.h"
#include "app/command/project_access.h"
#include "app/command/trainer_process.h"
#include "base/failure.h"
#include "workflow/model_export.h"

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <sstream>

#include <unistd.h>

namespace stet::app {

namespace fs = std::filesystem;
using namespace annotate;

namespace {

int roundOf(const Project& project, const std::string& said)
{
    return said.empty() ? project.currentRound() : said == "base" ? 0 : roundNumber(said);
}

std::string nameOf(int round)
{
    return round == 0 ? "The base model" : "Round " + std::to_string(round);
}

workflow::ModelExport exported(const Project& project, const Arguments& a, const std::string& form, bool modelfile)
{
    workflow::ModelExport what{roundOf(project, a.round), form, fs::absolute(a.file).lexically_normal().string(),
                               modelfile};
    while (what.out.size() > 1 && what.out.back() == '/') {
        what.out.pop_back();
    }
    const TrainerEnd end = runTrainer(workflow::exportArguments(project, what), true);
    if (end.signal != 0) {
        throw Failure(FailureKind::Interrupted, "The worker was killed; nothing was written");
    }
    if (end.code != 0) {
        throw Failure(workerFailure(end.code), nameOf(what.round) + " was not exported; see above");
    }
    return what;
}

bool isOnPath(const std::string& name)
{
    const char* path = std::getenv("PATH");
    std::istringstream folders(path == nullptr ? "" : path);
    for (std::string folder; std::getline(folders, folder, ':');) {
        if (::access((folder + "/" + name).c_str(), X_OK) == 0) {
            return true;
        }
    }
    return false;
}

// Where ollama is there it takes the files in at once; false: it is not.
bool takenByOllama(const workflow::ModelExport& what)
{
    const std::string name = workflow::ollamaName(what.out);
    if (!isOnPath("ollama")) {
        return false;
    }
    const auto end = runChild({"ollama", "create", name, "-f", what.out + ".Modelfile"}, true);
    if (!end || end->code != 0 || end->signal != 0) {
        throw badInput("ollama did not take it, see above; " + what.out + " and its Modelfile are whole");
    }
    std::cerr << "ollama has it as " << name << '\n';
    std::cout << "ollama run " << name << '\n';
    return true;
}

void requireOutput(const std::string& file)
{
    if (file.empty() || file == "-") {
        throw Failure(FailureKind::Usage, "A model is written to a file or folder: --out PATH");
    }
}

}  // namespace

void exportModel(const Arguments& a)
{
    requireOutput(a.file);
    if (a.filter != "all") {
        throw Failure(FailureKind::Usage, "--filter chooses responses, and " + a.format + " is a form of the model");
    }
    const auto project = Project::open(a.project);
    const auto what = exported(*project, a, a.format, false);
    std::cout << nameOf(what.round) << " is exported to " << what.out << '\n';
}

void useModel(const Arguments& a)
{
    requireOutput(a.file);
    const workflow::Program* program = workflow::findProgram(a.program);
    if (program == nullptr) {
        throw Failure(FailureKind::Usage, "program '" + a.program + "' is unknown; known: " + workflow::programNames());
    }
    const std::string form = a.format == "auto" ? program->form : a.format;
    const auto project = Project::open(a.project);
    const std::string base = project->setting("model");
    if (workflow::useCommand(*program, {0, form, a.file, false}, base).empty()) {
        throw Failure(FailureKind::Usage,
                      std::string(program->title) + " reads no " + form + "; it reads best " + program->form);
    }
    const bool ollama = a.program == "ollama";
    const auto what = exported(*project, a, form, ollama);
    if (ollama && takenByOllama(what)) {
        return;
    }
    std::cerr << nameOf(what.round) << " is exported to " << what.out << "; "
              << (*program->tried == '\0' ? std::string("the line is as the program's documentation has it, not tried")
                                          : "such files were tried with " + std::string(program->tried))
              << '\n';
    std::cout << workflow::useCommand(*program, what, base) << '\n';
}

}  // namespace stet::app
