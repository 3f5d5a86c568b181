#include "trainer/objectives/cut.h"

#include "trainer/detect/detection.h"
#include "trainer/objectives/likelihood.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace stet::round {

namespace {

using text::Context;

// Readings of a criticised example, in plan's order, which is that of detect::contextsOf.
enum : std::size_t { kPlain, kJudged };

at::Tensor toTensor(const std::vector<char>& flags, c10::Device device)
{
    at::Tensor tensor = at::empty({static_cast<std::int64_t>(flags.size())}, at::kBool);
    std::copy(flags.begin(), flags.end(), tensor.data_ptr<bool>());
    return tensor.to(device);
}

class Cut : public Objective {
public:
    explicit Cut(const files::RoundSettings& settings) : m_settings(settings) { }

    Need need() const override { return {"criticised responses", "judge some responses first"}; }
    std::string lacking(const files::Example&) const override { return {}; }

    std::vector<TextPlan> plan(const files::Example& line) const override
    {
        TextPlan text{line, {{"plain", Context::Plain}}};
        if (line.judgment) {
            text.uses.clear();
            for (const Context context : detect::contextsOf(m_settings.contrast)) {
                const bool trained = context == Context::Plain || context == Context::Judged;
                text.uses.push_back(
                    {std::string(text::contextName(context)), context, trained ? Use::Trained : Use::Detection});
            }
        }
        return {text};
    }

    bool fixesAtStart(const TrainingExample& example) const override
    {
        return example.criticised && m_settings.flags == files::FlagTime::Start;
    }
    void fixAtStart(TrainingExample& example, const ExampleLogProbs& values) const override
    {
        const auto input = contrastInput(example, values);
        auto found = detect::detect(detect::detectionOf(m_settings), example.marks, input);
        example.startRatios = {std::move(found.logRatios), detect::logRatiosUnderOthers(m_settings.contrast, input)};
        example.flags = std::move(found.penalised);
    }

    bool readsDetection() const override { return m_settings.flags == files::FlagTime::Current; }
    std::size_t otherJudgments() const override
    {
        const std::size_t compared = detect::othersOf(m_settings.contrast);
        return m_settings.falseAlarmRate ? std::max(compared, kCalibrationJudgments) : compared;
    }

    ExampleLoss loss(const TrainingExample& example, const ExampleLogProbs& values) const override
    {
        if (!example.criticised) {
            return imitation(values[kPlain]);
        }
        const auto chosen = m_settings.flags == files::FlagTime::Start ? example.flags : flags(example, values);
        ExampleLoss result;
        result.penalised = chosen;
        result.flagged = std::count(chosen.begin(), chosen.end(), 1);
        result.flaggable = example.tokens;
        result.nothingFlagged = result.flagged == 0;
        const CutWeights weights{m_settings.alpha, m_settings.gamma, m_settings.imitate,
                                 result.nothingFlagged && m_settings.emptyFlags == files::EmptyFlags::Skip,
                                 m_settings.combine};
        const at::Tensor& plain = values[kPlain].logP;
        const CutTerms terms = criticisedLoss(plain, values[kJudged].logP, toTensor(chosen, plain.device()), weights);
        result.loss = terms.loss;
        result.likelihood = terms.l2.item<double>();
        result.unlikelihood = terms.l1.item<double>();
        return result;
    }

private:
    detect::ContrastInput contrastInput(const TrainingExample& example, const ExampleLogProbs& values) const
    {
        detect::ContrastInput input;
        input.words = example.words;
        std::size_t k = 0;
        for (const Context context : detect::contextsOf(m_settings.contrast)) {
            input.contexts[context] = score::toDoubles(values[k++].logP);
        }
        for (; k < values.size(); ++k) {
            input.others.push_back(score::toDoubles(values[k].logP));
        }
        return input;
    }

    std::vector<char> flags(const TrainingExample& example, const ExampleLogProbs& values) const
    {
        return detect::detect(detect::detectionOf(m_settings), example.marks, contrastInput(example, values)).penalised;
    }

    files::RoundSettings m_settings;
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
        result.unlikelihood = result.loss.item<double>();
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
