#include "workflow/project_start.h"

#include "annotate/store/project.h"
#include "base/failure.h"
#include "base/model_path.h"

namespace stet::workflow {

void requireModelFolder(const std::string& folder)
{
    if (!isModelPath(folder)) {
        throw badInput(folder + " is no model: it is neither a folder with a config.json nor a GGUF file");
    }
}

annotate::ImportResult createProject(const std::string& folder, const std::string& modelFolder,
                                     const std::string& dataFile)
{
    requireModelFolder(modelFolder);
    annotate::ImportResult result;
    annotate::Project::make(folder, modelFolder, [&](annotate::Project& project) {
        project.chooseFalseAlarmRate(annotate::kDefaultFalseAlarmRate);
        if (!dataFile.empty()) {
            result = annotate::importFile(project, dataFile, "auto");
        }
    });
    return result;
}

}  // namespace stet::workflow
