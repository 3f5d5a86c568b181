#include "trainer/objectives/objective.h"

#include "trainer/objectives/cut.h"
#include "trainer/objectives/distillation.h"
#include "trainer/objectives/ftpo.h"
#include "trainer/objectives/likelihood.h"
#include "trainer/objectives/preference.h"

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
    case files::Objective::OfflineSelfDistillation:
        return makeOfflineSelfDistillationObjective(settings);
    case files::Objective::Ftpo:
        return makeFtpoObjective(settings);
    }
    return nullptr;
}

}  // namespace stet::round
