#include "app/command/project_access.h"

#include "annotate/judgment/names.h"
#include "base/failure.h"

namespace stet::app {

using namespace annotate;

std::unique_ptr<Project> openForWriting(const std::string& folder)
{
    auto project = Project::open(folder);
    if (project->readOnly()) {
        throw badInput(folder + " can't be changed now: " + project->readOnlyReason());
    }
    return project;
}

QueueFilter filterOf(const std::string& name)
{
    const auto filter = filterFromName(name);
    if (!filter) {
        throw Failure(FailureKind::Usage, "filter '" + name + "' is unknown; known: " + filterNames());
    }
    return *filter;
}

}  // namespace stet::app
