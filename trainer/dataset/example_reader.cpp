#include "trainer/dataset/example_reader.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

namespace stet::round {

namespace {

// Rows of one forward, and where their values belong.
struct Rows {
    std::vector<score::Sequence> sequences;
    std::vector<std::string> keys;
    std::vector<std::int64_t> tokens;
    std::vector<TokenLogProbs*> values;
};

Rows rowsOf(const Group& group, Use use, std::vector<ExampleLogProbs>& values)
{
    Rows rows;
    for (std::size_t i = 0; i < group.size(); ++i) {
        const auto& readings = group[i]->readings;
        values[i].resize(readings.size());
        for (std::size_t k = 0; k < readings.size(); ++k) {
            if (readings[k].use != use) {
                continue;
            }
            const auto& sequence = readings[k].sequence;
            rows.sequences.push_back(sequence);
            rows.keys.push_back(std::to_string(group[i]->source.line) + ":" + readings[k].key);
            rows.tokens.push_back(readings[k].tokens);
            rows.values.push_back(&values[i][k]);
        }
    }
    return rows;
}

// The last n numbers: contexts are aligned by their ends.
at::Tensor lastOf(const at::Tensor& values, std::int64_t n)
{
    return values.narrow(0, values.size(0) - n, n);
}

void readRows(const StepContext& context, const Rows& rows, const model::Adapters& adapters, bool wholeVocabulary)
{
    if (rows.sequences.empty()) {
        return;
    }
    if (!wholeVocabulary) {
        const auto logProbs = score::responseLogProbs(context.decoder, adapters, rows.sequences);
        for (std::size_t row = 0; row < logProbs.size(); ++row) {
            rows.values[row]->logP = lastOf(logProbs[row], rows.tokens[row]);
        }
        return;
    }
    const auto distributions = score::responseDistributions(context.decoder, adapters, rows.sequences);
    for (std::size_t row = 0; row < distributions.size(); ++row) {
        rows.values[row]->logP = lastOf(distributions[row].logProbs, rows.tokens[row]);
        rows.values[row]->all = lastOf(distributions[row].all, rows.tokens[row]);
    }
}

// The same response under other examples' judgments, one value each. A few at a time: they are no part of the
// micro-batch's size.
void readOthers(const StepContext& context, const TrainingExample& example, const model::Adapters& adapters,
                ExampleLogProbs& values)
{
    for (const auto& batch : model::batchesWithin(example.others, context.microBatchTokens)) {
        std::vector<score::Sequence> sequences;
        for (const std::size_t index : batch) {
            sequences.push_back(example.others[index]);
        }
        for (const auto& logP : score::responseLogProbs(context.decoder, adapters, sequences)) {
            values.push_back({lastOf(logP, example.tokens)});
        }
    }
}

}  // namespace

std::vector<ExampleLogProbs> read(const StepContext& context, const Group& group, const ReadOptions& options)
{
    std::vector<ExampleLogProbs> values(group.size());
    const Rows trained = rowsOf(group, Use::Trained, values);
    const model::LoraDropout dropout{options.dropout, options.step, trained.keys};
    readRows(context, trained, {options.terms, &dropout}, options.wholeVocabulary);
    if (options.detection) {
        const at::NoGradGuard noGrad;
        readRows(context, rowsOf(group, Use::Detection, values), {options.terms, nullptr}, options.wholeVocabulary);
        for (std::size_t i = 0; i < group.size(); ++i) {
            readOthers(context, *group[i], {options.terms, nullptr}, values[i]);
        }
    }
    return values;
}

std::vector<ExampleLogProbs> readBefore(const StepContext& context, const Group& group)
{
    const at::NoGradGuard noGrad;
    return read(context, group, {context.before, nullptr, 0, false, true});
}

std::vector<ExampleLogProbs> readForStep(const StepContext& context, const Group& group, std::int64_t step)
{
    const Objective& objective = context.objective;
    auto values = read(context, group,
                       {context.terms, context.dropout, step, objective.readsDetection(), objective.wholeVocabulary()});
    if (objective.comparesWithBefore()) {
        const auto before = readBefore(context, group);
        for (std::size_t i = 0; i < values.size(); ++i) {
            for (std::size_t k = 0; k < values[i].size(); ++k) {
                values[i][k].before = before[i][k].all;
            }
        }
    }
    return values;
}

}  // namespace stet::round
