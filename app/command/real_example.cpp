#include "app/command/real_example.h"

#include "app/command/child_process.h"
#include "base/failure.h"

namespace stet::app {

std::string fetchedModel(const std::string& exampleFolder)
{
    const std::string script = exampleFolder + "/fetch-model.sh";
    std::string path;
    const auto end = runChild({script}, [&path](const std::string& line) { path = line; });
    if (!end) {
        throw badInput("What fetches the model, " + script +
                       ", can't be started; build and start Stet from its own folder");
    }
    if (end->signal != 0 || end->code == static_cast<int>(FailureKind::Interrupted)) {
        throw Failure(FailureKind::Interrupted, "Fetching the model was stopped; the same command begins it anew");
    }
    if (end->code != 0 || path.empty()) {
        throw badInput("The model of the example is not there; see above");
    }
    return path;
}

}  // namespace stet::app
