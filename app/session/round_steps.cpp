#include "app/session/round_steps.h"

#include "workflow/round_evidence.h"

#include <cmath>

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
    for (const auto& step : workflow::loggedSteps(roundFolder)) {
        if (std::isfinite(step.losses.loss)) {  // else it was not made
            found.push_back(stepFrom(step, steps));
        }
    }
    return found;
}

}  // namespace stet::app
