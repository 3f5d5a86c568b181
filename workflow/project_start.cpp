#include "workflow/project_start.h"

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

annotate::ImportResult createProject(const std::string& folder, const std::string& modelFolder,
                                     const std::string& dataFile)
{
    requireModelFolder(modelFolder);
    annotate::ImportResult result;
    annotate::Project::make(folder, modelFolder, [&](annotate::Project& project) {
        if (!dataFile.empty()) {
            result = annotate::importFile(project, dataFile, "auto");
        }
    });
    return result;
}

}  // namespace stet::workflow
