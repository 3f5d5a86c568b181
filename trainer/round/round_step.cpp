#include "trainer/round/round_step.h"

#include "trainer/objectives/distillation.h"
#include "trainer/objectives/likelihood.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

namespace stet::round {

namespace {

struct Mean {
    double sum = 0;
    std::int64_t count = 0;

    void add(double value)
    {
        sum += value;
        ++count;
    }
    double value() const { return count > 0 ? sum / static_cast<double>(count) : kNoNumber; }
};

// Sums over a step, kept as numbers so that no graph outlives its micro-batch.
struct Sums {
    double loss = 0;
    Mean likelihood;
    Mean unlikelihood;
    std::int64_t flaggable = 0;
    std::int64_t flagged = 0;
    std::int64_t tokens = 0;
    int empty = 0;
    std::map<std::string, Mean> measures;

    void add(const TrainingExample& example, const ExampleLoss& one)
    {
        tokens += example.tokens;
        flagged += one.flagged;
        flaggable += one.flaggable;
        empty += one.nothingFlagged ? 1 : 0;
        if (one.likelihood) {
            likelihood.add(*one.likelihood);
        }
        if (one.unlikelihood) {
            unlikelihood.add(*one.unlikelihood);
        }
        for (const auto& [name, value] : one.measures) {
            measures[name].add(value);
        }
    }

    StepResult result(std::size_t examples) const
    {
        StepResult result;
        result.loss = loss / static_cast<double>(examples);
        result.likelihood = likelihood.value();
        result.unlikelihood = unlikelihood.value();
        result.flaggedShare = flaggable > 0 ? static_cast<double>(flagged) / static_cast<double>(flaggable) : kNoNumber;
        result.tokens = tokens;
        result.emptyFlags = empty;
        for (const auto& [name, mean] : measures) {
            result.measures[name] = mean.value();
        }
        return result;
    }
};

// Adds the gradient of weight × mean over the step's anchors; returns the mean before the weight.
double accumulateAnchor(const StepContext& context, std::int64_t step)
{
    const bool divergence = context.settings.anchor.kind == files::AnchorKind::Kl;
    const Group batch = anchorBatch(*context.anchors, context.settings, step);
    const auto count = static_cast<double>(batch.size());
    double sum = 0;
    for (const Group& group : microBatches(batch, context.microBatchTokens)) {
        const auto now = read(context, group, {context.terms, context.dropout, step, false, divergence});
        std::vector<ExampleLogProbs> before;
        if (divergence) {
            before = readBefore(context, group);
        }
        at::Tensor loss;
        for (std::size_t i = 0; i < group.size(); ++i) {
            const at::Tensor one = divergence ? meanDivergence(now[i].front().all, before[i].front().all)
                                              : likelihoodLoss(now[i].front().logP);
            loss = loss.defined() ? loss + one : one;
        }
        sum += loss.item<double>();
        (loss * (context.settings.anchor.weight / count)).backward();
        context.pauseBetweenMicroBatches();
    }
    return sum / count;
}

}  // namespace

StepResult accumulateStep(const StepContext& context, const Group& batch, std::int64_t step)
{
    const Objective& objective = context.objective;
    Sums sums;
    for (const Group& group : microBatches(batch, context.microBatchTokens)) {
        const auto values = readForStep(context, group, step);
        at::Tensor loss;
        for (std::size_t i = 0; i < group.size(); ++i) {
            const ExampleLoss one = objective.loss(*group[i], values[i]);
            loss = loss.defined() ? loss + one.loss : one.loss;
            sums.add(*group[i], one);
        }
        sums.loss += loss.item<double>();
        // A step's loss is the mean over its examples, a last partial batch by its own size.
        (loss / static_cast<double>(batch.size())).backward();
        context.pauseBetweenMicroBatches();
    }
    StepResult result = sums.result(batch.size());
    if (context.anchors != nullptr && !context.anchors->empty()) {
        const double anchor = accumulateAnchor(context, step);
        result.loss += context.settings.anchor.weight * anchor;
        result.measures["anchor"] = anchor;
    }
    return result;
}

contract::StepLosses lossesOf(const StepResult& result)
{
    Json json = {{"loss", result.loss},
                 {"likelihood", result.likelihood},
                 {"unlikelihood", result.unlikelihood},
                 {"flagged_share", result.flaggedShare}};
    for (const auto& [name, value] : result.measures) {
        json[name] = value;
    }
    return contract::fromJson<contract::StepLosses>(json, "a step");
}

}  // namespace stet::round
