#include "annotate/store/project.h"

#include "annotate/store/integrity.h"
#include "base/failure.h"
#include "base/files.h"

#include <filesystem>

namespace stet::annotate {

namespace fs = std::filesystem;

namespace {

void refuseUnlessFree(const std::string& folder)
{
    if (fs::path(folder).extension() != ".stet") {
        throw Failure(FailureKind::Usage, "A project folder's name ends in .stet: '" + folder + "'");
    }
    if (fs::exists(folder)) {
        throw badInput(folder + " exists already; choose another name or open it");
    }
    std::error_code error;
    if (const auto parent = fs::path(folder).parent_path(); !parent.empty()) {
        fs::create_directories(parent, error);
    }
    if (error) {
        throw badInput("Cannot create " + folder + ": " + describeErrno(error.value()));
    }
}

// A message names the project, not the name it has while it is made.
std::string replaced(std::string text, const std::string& what, const std::string& by)
{
    for (auto at = text.find(what); !what.empty() && at != std::string::npos; at = text.find(what, at + by.size())) {
        text.replace(at, what.size(), by);
    }
    return text;
}

}  // namespace

Project::Project(const std::string& folder)
    : ProjectFolder(folder)
    , Settings(static_cast<ProjectFolder&>(*this))
    , ImportBatches(static_cast<ProjectFolder&>(*this))
    , InstructionSets(static_cast<ProjectFolder&>(*this))
    , GeneratedResponses(static_cast<ProjectFolder&>(*this))
    , ResponseQueue(*this, *this)
    , EditHistory(*this, *this, *this)
    , Rounds(*this, *this)
    , RoundInput(*this, *this, *this, *this)
{
}

std::unique_ptr<Project> Project::create(const std::string& folder, const std::string& modelFolder)
{
    make(folder, modelFolder, [](Project&) {});
    return open(folder);
}

void Project::make(const std::string& folder, const std::string& modelFolder, const std::function<void(Project&)>& fill)
{
    refuseUnlessFree(folder);
    std::string temporary;
    try {
        publishFolder(folder, [&](const std::string& path) {
            temporary = path;
            fs::create_directory(path + "/rounds");
            fs::create_directory(path + "/backups");
            const std::unique_ptr<Project> project(new Project(path));
            project->ProjectFolder::open(Open::New);
            project->setSetting("model", fs::absolute(modelFolder).lexically_normal().string());
            fill(*project);
        });
    } catch (const Failure& failure) {
        throw Failure(failure.kind(), replaced(failure.what(), temporary, folder));
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
