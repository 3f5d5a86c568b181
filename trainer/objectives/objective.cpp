#include "trainer/objectives/objective.h"

#include "trainer/objectives/likelihood_loss.h"
#include "trainer/objectives/objective_families.h"

#include <ATen/ATen.h>

namespace stet::round {

std::unique_ptr<Objective> makeObjective(const files::RoundSettings& settings)
{
    switch (settings.objective) {
    case files::Objective::Cut:
        return makeCutObjective(settings);
    case files::Objective::Unlikelihood:
        return makeUnlikelihoodObjective(settings);
    case files::Objective::Sft:
        return makeSftObjective();
    case files::Objective::Ilf:
        return makeIlfObjective();
    case files::Objective::Hindsight:
        return makeHindsightObjective();
    case files::Objective::ForwardPrediction:
        return makeForwardPredictionObjective();
    case files::Objective::Dpo:
        return makePreferenceObjective(settings);
    case files::Objective::SelfDistillation:
        return makeSelfDistillationObjective();
    }
    return nullptr;
}

files::Example withAnswer(const files::Example& line, const std::string& answer)
{
    files::Example example = line;
    example.output = answer;
    example.stoppedByLength = false;
    example.marks.clear();
    return example;
}

ExampleLoss imitation(const ReadingValue& value)
{
    ExampleLoss result;
    result.loss = likelihoodLoss(value.logP);
    result.likelihood = result.loss.item<double>();
    return result;
}

}  // namespace stet::round
