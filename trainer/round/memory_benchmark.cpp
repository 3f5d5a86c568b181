#include "trainer/round/memory_benchmark.h"

#include "trainer/model/memory_meter.h"
#include "trainer/round/adamw.h"
#include "trainer/estimate/memory_check.h"
#include "trainer/round/round_step.h"
#include "trainer/score/response_log_probs.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <optional>

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

std::int64_t lengthOf(const TrialShape& shape)
{
    return shape.prompt + shape.response;
}

// The second reading of a criticised response, in the order of the objective's plan; none of an accepted one.
std::optional<Reading> secondReading(const TrialShape& shape, const score::Sequence& sequence)
{
    switch (shape.objective) {
    case files::Objective::Cut:
        return Reading{"judged", Use::Trained, sequence, shape.response};
    case files::Objective::SelfDistillation:
        return Reading{"correction", Use::Detection, sequence, shape.response};
    default:
        return std::nullopt;
    }
}

// Responses of ids that mean nothing, with all their first halves flagged.
std::vector<TrainingExample> examplesOf(const model::Decoder& decoder, const TrialShape& shape)
{
    std::vector<TrainingExample> examples(static_cast<std::size_t>(shape.rows));
    for (std::size_t row = 0; row < examples.size(); ++row) {
        auto& example = examples[row];
        const auto sequence = sequenceOf(decoder, shape, static_cast<std::int64_t>(row));
        example.source.line = static_cast<int>(row);
        example.readings = {{"plain", Use::Trained, sequence, shape.response}};
        if (auto second = secondReading(shape, sequence)) {
            example.criticised = true;
            example.readings.push_back(std::move(*second));
            example.flags.assign(static_cast<std::size_t>(shape.response), 0);
            std::fill_n(example.flags.begin(), shape.response / 2, 1);
        }
        example.tokens = shape.response;
        example.cost = lengthOf(shape) * static_cast<std::int64_t>(example.readings.size());
    }
    return examples;
}

// What the round's own check would reckon with.
std::uint64_t estimated(const model::Decoder& decoder, const TrialShape& shape, const TrainingExample& example)
{
    RoundMemory memory;
    memory.compute = decoder.compute();
    memory.longest = example.cost;
    memory.length = lengthOf(shape);
    memory.batchSize = shape.rows;
    memory.microBatchTokens = shape.rows * example.cost;
    memory.scoredShare = static_cast<double>(shape.response) / static_cast<double>(lengthOf(shape));
    memory.trainedShare = shape.objective == files::Objective::SelfDistillation ? 0.5 : 1;
    memory.withWeights = false;
    memory.adapter = adapterConfig(decoder, shape);
    memory.wholeVocabulary = shape.objective == files::Objective::SelfDistillation;
    return neededMemory(decoder.config(), memory);
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
    settings.objective = shape.objective;
    const model::MemoryMeter meter(decoder.compute().device);
    model::Adapter adapter = model::Adapter::create(decoder, adapterConfig(decoder, shape), 1);
    adapter.requireGrad(true);
    AdamW optimizer(adapter.parameters(), {});
    const std::int64_t tokens = shape.rows * examples.front().cost;
    accumulateStep({decoder, settings, {&adapter}, tokens, shape.dropout, {}}, batch, 0);
    optimizer.step(1e-4);
    return {estimated(decoder, shape, examples.front()), meter.peak()};
}

}  // namespace stet::round
