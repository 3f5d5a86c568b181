#include "trainer/round/round_step.h"

#include "trainer/objectives/distillation.h"
#include "trainer/objectives/likelihood.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <map>
#include <numeric>
#include <string>
#include <vector>

namespace stet::round {

namespace {

// What a step's log line is made of. Scalars stay on the device, without their graphs, until the one read-back at the
// step's end: a GPU isn't waited for in between.
class Sums {
public:
    void add(const TrainingExample& example, const ExampleLoss& one)
    {
        m_tokens += example.tokens;
        m_flagged += one.flagged;
        m_flaggable += one.flaggable;
        m_empty += one.nothingFlagged ? 1 : 0;
        add("likelihood", one.likelihood);
        add("unlikelihood", one.unlikelihood);
        for (const auto& [name, value] : one.measures) {
            add(name, value);
        }
    }
    // Of a micro-batch: the sum over its examples.
    void addLoss(const at::Tensor& loss) { add("loss", loss.detach()); }

    StepResult result(std::size_t examples) const
    {
        StepResult result;
        for (const auto& [name, values] : readBack()) {
            const double sum = std::accumulate(values.begin(), values.end(), 0.0);
            const double mean = sum / static_cast<double>(values.size());
            if (name == "loss") {
                result.loss = sum / static_cast<double>(examples);
            } else if (name == "likelihood") {
                result.likelihood = mean;
            } else if (name == "unlikelihood") {
                result.unlikelihood = mean;
            } else {
                result.measures[name] = mean;
            }
        }
        result.flaggedShare =
            m_flaggable > 0 ? static_cast<double>(m_flagged) / static_cast<double>(m_flaggable) : kNoNumber;
        result.tokens = m_tokens;
        result.emptyFlags = m_empty;
        return result;
    }

private:
    void add(const std::string& name, const at::Tensor& value)
    {
        if (value.defined()) {
            m_values[name].push_back(value);
        }
    }

    std::map<std::string, std::vector<double>> readBack() const
    {
        std::vector<at::Tensor> all;
        for (const auto& [name, values] : m_values) {
            all.insert(all.end(), values.begin(), values.end());
        }
        const std::vector<double> numbers = all.empty() ? std::vector<double>() : score::toDoubles(at::stack(all));
        std::map<std::string, std::vector<double>> read;
        auto next = numbers.begin();
        for (const auto& [name, values] : m_values) {
            const auto end = next + std::ssize(values);
            read[name].assign(next, end);
            next = end;
        }
        return read;
    }

    std::map<std::string, std::vector<at::Tensor>> m_values;  // of examples; the loss of micro-batches
    std::int64_t m_flaggable = 0;
    std::int64_t m_flagged = 0;
    std::int64_t m_tokens = 0;
    int m_empty = 0;
};

// Adds the gradient of weight × mean over the step's anchors; returns the mean before the weight.
double accumulateAnchor(const StepContext& context, std::int64_t step)
{
    const bool divergence = context.settings.anchor.kind == files::AnchorKind::Kl;
    const Group batch = anchorBatch(*context.anchors, context.settings, step);
    const auto count = static_cast<double>(batch.size());
    at::Tensor sum;
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
        sum = sum.defined() ? sum + loss.detach() : loss.detach();
        (loss * (context.settings.anchor.weight / count)).backward();
        context.pauseBetweenMicroBatches();
    }
    return sum.item<double>() / count;
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
        sums.addLoss(loss);
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
