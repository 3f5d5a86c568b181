#include "workflow/round_plan.h"

#include <filesystem>

namespace stet::workflow {

using annotate::Project;

PlanInput writePlanInput(Project& project, int parent, const std::string& preset, const std::function<void()>& between)
{
    const std::string folder = project.folder() + "/rounds/preview";
    std::filesystem::create_directories(folder);
    project.writeInput(folder, preset, parent, between);
    return {folder, project.judgedHeldOut(), project.hasSomethingToTrain()};
}

std::vector<std::string> instructionsOf(const Project& project, const std::vector<std::string>& externalIds)
{
    std::vector<std::string> instructions;
    instructions.reserve(externalIds.size());
    for (const auto& externalId : externalIds) {
        const auto id = project.findExternal(externalId);
        instructions.push_back(id ? project.summary(*id).instruction : externalId);
    }
    return instructions;
}

}  // namespace stet::workflow
