#include "trainer/serve/wire_options.h"

#include "base/failure.h"

#include <algorithm>

namespace stet::serve {

model::ComputeOptions computeOptions(const contract::ComputeRequest& request)
{
    model::ComputeOptions options;
    options.device = request.device;
    options.dtype = request.dtype;
    options.threads = std::clamp(request.threads, 0, 4096);
    return options;
}

score::ScoreOptions scoreOptions(const contract::Scoring& scoring, const std::string& what)
{
    score::ScoreOptions options;
    options.detection = detect::readDetection(toJson(scoring.detection), what);
    options.top = std::clamp(scoring.top, 0, 100);
    options.otherJudgments = scoring.otherJudgments;
    if (!scoring.contexts.empty()) {
        options.contexts.clear();
    }
    for (const auto& name : scoring.contexts) {
        const auto context = text::contextFromName(name);
        if (!context) {
            throw badInput(what + ": unknown context '" + name + "'");
        }
        options.contexts.push_back(*context);
    }
    return options;
}

model::GenerateOptions generateOptions(const contract::Sampling& sampling)
{
    model::GenerateOptions options;
    options.maxNewTokens = std::clamp(sampling.maxNewTokens, 1, 1 << 20);
    options.temperature = sampling.temperature;
    options.topP = sampling.topP;
    options.seed = sampling.seed;
    options.batch = std::clamp(sampling.batch, 1, 1024);
    return options;
}

}  // namespace stet::serve
