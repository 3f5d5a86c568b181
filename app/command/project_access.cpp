#include "app/command/project_access.h"

#include "annotate/judgment/names.h"
#include "base/failure.h"

#include <charconv>

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

int roundNumber(const std::string& text)
{
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < 1) {
        throw Failure(FailureKind::Usage, "'" + text + "' is no round; give its number, e.g. 1");
    }
    return number;
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
