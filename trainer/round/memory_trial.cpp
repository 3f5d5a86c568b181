#include "trainer/round/memory_trial.h"

#include "trainer/model/memory_meter.h"
#include "trainer/round/adamw.h"
#include "trainer/round/round_step.h"
#include "trainer/score/response_log_probs.h"

#include <c10/core/InferenceMode.h>

namespace stet::round {

namespace {

score::Sequence sequenceOf(const model::Decoder& decoder, const TrialShape& shape, std::int64_t row)
{
    const auto vocabulary = decoder.config().vocabSize;
    score::Sequence sequence;
    for (std::int64_t i = 0; i < shape.prompt + shape.response; ++i) {
        auto& ids = i < shape.prompt ? sequence.prompt : sequence.response;
        ids.push_back((row * 7919 + i * 104729) % vocabulary);
    }
    return sequence;
}

model::BatchShape batchOf(const TrialShape& shape, std::int64_t rows)
{
    return {rows, shape.prompt + shape.response, rows * shape.response};
}

files::AdapterConfig adapterConfig(const model::Decoder& decoder, const TrialShape& shape)
{
    files::RoundSettings settings;
    files::AdapterConfig config;
    config.rank = shape.rank;
    config.alpha = static_cast<double>(shape.rank);
    config.dropout = shape.dropout;
    config.targets = shape.mlpOnly ? files::resolvedTargets(settings, decoder.config())
                                   : files::ModuleChoice{{}, "model\\.layers\\..*_proj"};
    return config;
}

// An accepted answer a row: the same forward and backward as any objective's.
std::vector<TrainingExample> examplesOf(const model::Decoder& decoder, const TrialShape& shape)
{
    std::vector<TrainingExample> examples(static_cast<std::size_t>(shape.rows));
    for (std::size_t row = 0; row < examples.size(); ++row) {
        auto& example = examples[row];
        example.source.line = static_cast<int>(row);
        example.readings = {
            {"plain", Use::Trained, sequenceOf(decoder, shape, static_cast<std::int64_t>(row)), shape.response}};
        example.tokens = shape.response;
        example.cost = shape.prompt + shape.response;
    }
    return examples;
}

}  // namespace

MemoryTrial scoreTrial(const model::Decoder& decoder, const TrialShape& shape)
{
    const c10::InferenceMode inference;
    const model::MemoryMeter meter(decoder.compute().device);
    score::responseTopTokens(decoder, {}, sequenceOf(decoder, shape, 0), 1);
    return {model::scoreMemory(decoder.config(), decoder.compute().dtype, batchOf(shape, 1)), meter.peak()};
}

MemoryTrial trainingTrial(const model::Decoder& decoder, const TrialShape& shape)
{
    const auto examples = examplesOf(decoder, shape);
    std::vector<const TrainingExample*> batch;
    for (const auto& example : examples) {
        batch.push_back(&example);
    }
    files::RoundSettings settings;
    settings.objective = files::Objective::Sft;
    const model::MemoryMeter meter(decoder.compute().device);
    model::Adapter adapter = model::Adapter::create(decoder, adapterConfig(decoder, shape), 1);
    adapter.requireGrad(true);
    AdamW optimizer(adapter.parameters(), {});
    const std::int64_t tokens = shape.rows * (shape.prompt + shape.response);
    accumulateStep({decoder, settings, {&adapter}, tokens, shape.dropout, {}}, batch, 0);
    optimizer.step(1e-4);
    return {model::trainingMemory(decoder.config(), decoder.compute().dtype, batchOf(shape, shape.rows),
                                  model::adapterShape(decoder.config(), adapterConfig(decoder, shape))),
            meter.peak()};
}

}  // namespace stet::round
