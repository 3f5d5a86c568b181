#include "trainer/objectives/cut.h"

#include "trainer/objectives/flagged.h"
#include "trainer/objectives/likelihood.h"

#include <ATen/ATen.h>

namespace stet::round {

namespace {

using text::Context;

// Readings of a criticised example, in plan's order, which is that of detect::contextsOf.
enum : std::size_t { kPlain, kJudged };

class Cut : public FlaggedObjective {
public:
    using FlaggedObjective::FlaggedObjective;

    ExampleLoss loss(const TrainingExample& example, const ExampleLogProbs& values) const override
    {
        if (!example.criticised) {
            return imitation(values[kPlain]);
        }
        ExampleLoss result = countFlags(example, penalised(example, values));
        const CutWeights weights{settings().alpha, settings().gamma, settings().imitate,
                                 result.nothingFlagged && settings().emptyFlags == files::EmptyFlags::Skip,
                                 settings().combine};
        const at::Tensor& plain = values[kPlain].logP;
        const CutTerms terms =
            criticisedLoss(plain, values[kJudged].logP, toTensor(result.pushed, plain.device()), weights);
        result.loss = terms.loss;
        result.likelihood = terms.l2;
        result.unlikelihood = terms.l1;
        return result;
    }

private:
    bool trainsOn(Context context) const override { return context == Context::Plain || context == Context::Judged; }
};

// Every token of a criticised response is penalised, whatever the judgment says; accepted ones are imitated.
class Unlikelihood : public Objective {
public:
    explicit Unlikelihood(const files::RoundSettings& settings) : m_settings(settings) { }

    Need need() const override { return {"criticised responses", "judge some responses first"}; }
    std::string lacking(const files::Example&) const override { return {}; }
    std::vector<TextPlan> plan(const files::Example& line) const override
    {
        return {{line, {{"plain", Context::Plain}}}};
    }

    ExampleLoss loss(const TrainingExample& example, const ExampleLogProbs& values) const override
    {
        if (!example.criticised) {
            return imitation(values.front());
        }
        CutWeights weights;
        weights.alpha = m_settings.alpha;
        const at::Tensor& logP = values.front().logP;
        ExampleLoss result;
        result.loss = unlikelihoodTerm(logP, {}, at::ones_like(logP, at::kBool), weights);
        result.unlikelihood = result.loss.detach();
        result.flagged = example.tokens;
        result.flaggable = example.tokens;
        return result;
    }

private:
    files::RoundSettings m_settings;
};

}  // namespace

// log(1 − e^x) = log(−expm1(x)): exact for small p and near p = 1 alike.
at::Tensor logOneMinus(const at::Tensor& logP)
{
    return (-at::expm1(logP.clamp_max(-1e-6))).log();
}

at::Tensor unlikelihoodTerm(const at::Tensor& logP, const at::Tensor& logPj, const at::Tensor& flags,
                            const CutWeights& weights)
{
    at::Tensor pushed = logOneMinus(logP) * weights.alpha;
    if (weights.gamma != 0) {
        pushed = pushed * (logPj.detach() * weights.gamma).exp();
    }
    return -at::where(flags, pushed, logP * weights.imitate).mean();
}

CutTerms criticisedLoss(const at::Tensor& logP, const at::Tensor& logPj, const at::Tensor& flags,
                        const CutWeights& weights)
{
    const at::Tensor l2 = likelihoodLoss(logPj);
    const at::Tensor l1 = weights.skipUnlikelihood ? at::zeros_like(l2) : unlikelihoodTerm(logP, logPj, flags, weights);
    const double share = weights.combine == files::Combine::Half ? 0.5 : 1.0;
    return {(l1 + l2) * share, l1.detach(), l2.detach()};
}

std::unique_ptr<Objective> makeCutObjective(const files::RoundSettings& settings)
{
    return std::make_unique<Cut>(settings);
}

std::unique_ptr<Objective> makeUnlikelihoodObjective(const files::RoundSettings& settings)
{
    return std::make_unique<Unlikelihood>(settings);
}

}  // namespace stet::round
