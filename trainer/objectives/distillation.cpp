#include "trainer/objectives/distillation.h"

#include "trainer/objectives/likelihood.h"

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
            text.uses.push_back({"correction", Context::Correction, Use::Detection});
        }
        return {text};
    }

    bool readsDetection() const override { return true; }
    bool wholeVocabulary() const override { return true; }

    ExampleLoss loss(const TrainingExample& example, const ExampleLogProbs& values) const override
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

at::Tensor meanDivergence(const at::Tensor& logP, const at::Tensor& logQ)
{
    return (logP.exp() * (logP - logQ.detach())).sum(-1).mean();
}

std::unique_ptr<Objective> makeSelfDistillationObjective()
{
    return std::make_unique<SelfDistillation>();
}

}  // namespace stet::round
