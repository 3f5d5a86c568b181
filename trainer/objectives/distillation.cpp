#include "trainer/objectives/distillation.h"

#include "trainer/objectives/likelihood.h"

#include <ATen/ATen.h>

namespace stet::round {

namespace {

using text::Context;

enum : std::size_t { kPlain, kTeacher };

// The model learns from itself, where it has read the judgment and is asked to do better.
class Distillation : public Objective {
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
};

class SelfDistillation : public Distillation {
public:
    bool wholeVocabulary() const override { return true; }

    ExampleLoss loss(const TrainingExample& example, const ExampleLogProbs& values) const override
    {
        if (!example.criticised) {
            return imitation(values[kPlain]);
        }
        ExampleLoss result;
        result.loss = meanDivergence(values[kPlain].all, values[kTeacher].all);
        result.measures = {{"divergence", result.loss.detach()}};
        return result;
    }
};

class OfflineSelfDistillation : public Distillation {
public:
    explicit OfflineSelfDistillation(double clip) : m_clip(clip) { }

    ExampleLoss loss(const TrainingExample& example, const ExampleLogProbs& values) const override
    {
        if (!example.criticised) {
            return imitation(values[kPlain]);
        }
        const FeedbackTerms terms = feedbackLoss(values[kPlain].logP, values[kTeacher].logP, m_clip);
        ExampleLoss result;
        result.loss = terms.loss;
        result.measures = {{"margin", terms.signal}};
        return result;
    }

private:
    double m_clip;
};

}  // namespace

at::Tensor meanDivergence(const at::Tensor& logP, const at::Tensor& logQ)
{
    return (logP.exp() * (logP - logQ.detach())).sum(-1).mean();
}

FeedbackTerms feedbackLoss(const at::Tensor& logP, const at::Tensor& logPc, double clip)
{
    const at::Tensor signal = (logPc - logP).detach();
    return {-(signal.clamp(-clip, clip) * logP).mean(), signal.mean()};
}

std::unique_ptr<Objective> makeSelfDistillationObjective()
{
    return std::make_unique<SelfDistillation>();
}

std::unique_ptr<Objective> makeOfflineSelfDistillationObjective(const files::RoundSettings& settings)
{
    return std::make_unique<OfflineSelfDistillation>(settings.signalClip);
}

}  // namespace stet::round
