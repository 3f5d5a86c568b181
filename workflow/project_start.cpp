#include "workflow/project_start.h"

#include "annotate/exchange/import.h"
#include "annotate/store/project.h"
#include "base/failure.h"

#include <filesystem>

namespace stet::workflow {

void requireModelFolder(const std::string& folder)
{
    if (!std::filesystem::exists(folder + "/config.json")) {
        throw badInput(folder + " is not a model folder: it has no config.json");
    }
}

void createProject(const std::string& folder, const std::string& modelFolder, const std::string& dataFile)
{
    requireModelFolder(modelFolder);
    annotate::Project::make(folder, modelFolder, [&](annotate::Project& project) {
        if (!dataFile.empty()) {
            annotate::importFile(project, dataFile, "auto");
        }
    });
}

}  // namespace stet::workflow
