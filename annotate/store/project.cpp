#include "annotate/store/project.h"

#include "annotate/store/integrity.h"
#include "base/failure.h"
#include "base/files.h"

#include <filesystem>

namespace stet::annotate {

namespace fs = std::filesystem;

Project::Project(const std::string& folder)
    : ProjectFolder(folder)
    , Settings(static_cast<ProjectFolder&>(*this))
    , ImportBatches(static_cast<ProjectFolder&>(*this))
    , InstructionSets(static_cast<ProjectFolder&>(*this))
    , ResponseQueue(static_cast<ProjectFolder&>(*this))
    , Deeds(*this, *this)
    , Rounds(*this, *this)
    , RoundInput(*this, *this, *this, *this)
{
}

std::unique_ptr<Project> Project::create(const std::string& folder, const std::string& modelFolder)
{
    if (fs::path(folder).extension() != ".stet") {
        throw Failure(FailureKind::Usage, "A project folder's name ends in .stet: '" + folder + "'");
    }
    std::error_code error;
    if (fs::exists(folder)) {
        throw badInput(folder + " exists already; choose another name or open it");
    }
    fs::create_directories(folder + "/rounds", error);
    if (error) {
        throw badInput("Cannot create " + folder + ": " + describeErrno(error.value()));
    }
    try {
        fs::create_directories(folder + "/backups");
        std::unique_ptr<Project> project(new Project(folder));
        project->ProjectFolder::open(Open::New);
        project->setSetting("model", fs::absolute(modelFolder).lexically_normal().string());
        return project;
    } catch (...) {
        fs::remove_all(folder, error);
        throw;
    }
}

std::unique_ptr<Project> Project::open(const std::string& folder)
{
    if (!fs::exists(folder + "/project.db")) {
        throw badInput(folder + " is not a Stet project: it has no project.db; check the path");
    }
    std::unique_ptr<Project> project(new Project(folder));
    project->ProjectFolder::open(Open::Existing);
    if (!project->readOnly()) {
        project->cancelUnpublished();
    }
    return project;
}

std::vector<std::string> Project::check() const
{
    return checkIntegrity(*this, *this);
}

}  // namespace stet::annotate
