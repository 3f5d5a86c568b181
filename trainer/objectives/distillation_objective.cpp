// self-distillation from feedback (after arXiv 2601.20802, SDPO, on answers that exist): the model that has read the
// judgment and is asked to do better teaches the one that has not. Criticised: (1/N) Σ_t KL(π(·|x, y_<t) ‖
// sg π(·|x, feedback j, y_<t)) over the full vocabulary, the teacher being the same weights in the correction context
// without gradient and dropout; accepted: imitated.
#include "trainer/objectives/divergence.h"
#include "trainer/objectives/objective_families.h"

#include <ATen/ATen.h>

namespace stet::round {

namespace {

using text::Context;

enum : std::size_t { kPlain, kTeacher };

class SelfDistillation : public Objective {
public:
    Need need() const override { return {"criticised responses", "judge some responses first"}; }
    std::string lacking(const files::Example&) const override { return {}; }
    std::vector<TextPlan> plan(const files::Example& line) const override
    {
        TextPlan text{line, {{"plain", Context::Plain}}};
        if (line.judgment) {
            text.looks.push_back({"correction", Context::Correction, Use::Detection});
        }
        return {text};
    }

    bool readsDetection() const override { return true; }
    bool wholeVocabulary() const override { return true; }

    ExampleLoss loss(const TrainingExample& example, const ReadingValues& values) const override
    {
        if (!example.criticised) {
            return imitation(values[kPlain]);
        }
        ExampleLoss result;
        result.loss = meanDivergence(values[kPlain].all, values[kTeacher].all);
        result.measures = {{"divergence", result.loss.item<double>()}};
        return result;
    }
};

}  // namespace

std::unique_ptr<Objective> makeSelfDistillationObjective()
{
    return std::make_unique<SelfDistillation>();
}

}  // namespace stet::round
