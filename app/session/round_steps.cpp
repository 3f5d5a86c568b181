#include "app/session/round_steps.h"

#include "base/failure.h"
#include "base/json_lines.h"

#include <filesystem>

namespace stet::app {

annotate::RoundStep stepFrom(const contract::Step& told, int steps)
{
    annotate::RoundStep step;
    step.step = static_cast<int>(told.step);
    step.steps = steps;
    step.loss = told.losses.loss;
    step.likelihood = told.losses.likelihood;
    step.unlikelihood = told.losses.unlikelihood;
    step.flaggedShare = told.losses.flaggedShare;
    step.gradNorm = told.gradNorm;
    step.learningRate = told.learningRate;
    step.secondsLeft = -1;
    return step;
}

std::vector<annotate::RoundStep> stepsIn(const std::string& roundFolder, int steps)
{
    std::vector<annotate::RoundStep> found;
    const std::string path = roundFolder + "/log.jsonl";
    if (!std::filesystem::exists(path)) {
        return found;
    }
    try {
        JsonLinesReader reader(path);
        for (auto line = reader.next(); line; line = reader.next()) {
            found.push_back(stepFrom(contract::fromJson<contract::Step>(*line, reader.where()), steps));
        }
    } catch (const Failure&) {
        // What was read is right; curves are no reason for a banner.
    }
    return found;
}

}  // namespace stet::app
