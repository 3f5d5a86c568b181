#include "trainer/bench/memory_benchmark.h"

#include "trainer/estimate/memory.h"
#include "trainer/model/memory_meter.h"
#include "trainer/model/ops/dropout.h"
#include "trainer/round/optimizer.h"
#include "trainer/round/round_step.h"
#include "trainer/score/response_log_probs.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <memory>

namespace stet::bench {

namespace {

score::Sequence sequenceOf(const model::Decoder& decoder, const BenchmarkShape& shape, std::int64_t row)
{
    const auto vocabulary = decoder.config().vocabSize;
    score::Sequence sequence;
    for (std::int64_t i = 0; i < shape.prompt + shape.response; ++i) {
        auto& ids = i < shape.prompt ? sequence.prompt : sequence.response;
        ids.push_back((row * 7919 + i * 104729) % vocabulary);
    }
    return sequence;
}

round::BatchShape batchOf(const BenchmarkShape& shape, std::int64_t rows)
{
    const std::int64_t length = shape.prompt + shape.response;
    return {rows, rows * length, length, rows * shape.response};
}

files::AdapterConfig adapterConfig(const model::Decoder& decoder, const BenchmarkShape& shape)
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

// A line that any objective has something to do with: criticised where it needs that, and written anew.
files::Example lineOf(const round::Objective& objective, std::int64_t row)
{
    files::Example line;
    line.line = static_cast<int>(row);
    line.output = "output";
    line.revision = "revision";
    if (objective.needsCriticised()) {
        line.judgment = "judgment";
    }
    return line;
}

// Responses of ids that mean nothing, read as the objective reads them, with all their first halves flagged.
round::TrainingSet setOf(const model::Decoder& decoder, const round::Objective& objective, const BenchmarkShape& shape)
{
    round::TrainingSet set;
    for (std::int64_t row = 0; row < shape.rows; ++row) {
        auto& example = set.examples.emplace_back();
        example.source = lineOf(objective, row);
        example.criticised = example.source.judgment.has_value();
        for (const round::TextPlan& text : objective.plan(example.source)) {
            for (const auto& use : text.uses) {
                example.readings.push_back({use.key, use.use, sequenceOf(decoder, shape, row), shape.response});
            }
            example.tokens += shape.response;
        }
        example.flags.assign(static_cast<std::size_t>(shape.response), 0);
        std::fill_n(example.flags.begin(), shape.response / 2, 1);
        example.words.assign(static_cast<std::size_t>(shape.response), 0);  // one, so that ftpo pushes all of it
        example.reference.assign(example.readings.size(), 0);
    }
    return set;
}

}  // namespace

MemoryBenchmark benchmarkScoring(const model::Decoder& decoder, const BenchmarkShape& shape)
{
    const c10::InferenceMode inference;
    const model::MemoryMeter meter(decoder.compute().device);
    score::responseTopTokens(decoder, {}, std::vector{sequenceOf(decoder, shape, 0)}, 1);
    return {round::scoreMemory(decoder.config(), decoder.compute(), batchOf(shape, 1)), meter.peak()};
}

MemoryBenchmark benchmarkTraining(const model::Decoder& decoder, const BenchmarkShape& shape)
{
    files::RoundSettings settings;
    settings.objective = shape.objective;
    settings.batchSize = shape.rows;
    settings.epochs = 1;
    const auto objective = round::makeObjective(settings);
    const round::TrainingSet set = setOf(decoder, *objective, shape);
    round::Group batch;
    for (const auto& example : set.examples) {
        batch.push_back(&example);
    }
    const files::AdapterConfig trained = adapterConfig(decoder, shape);
    const std::int64_t tokens = shape.rows * set.examples.front().shape().tokens;
    const auto estimated =
        round::roundMemory({decoder.config(), settings, *objective, trained, set}, decoder.compute(), tokens);

    const model::MemoryMeter meter(decoder.compute().device);
    model::Adapter adapter = model::Adapter::create(decoder, trained, 1);
    adapter.requireGrad(true);
    round::AdamW optimizer(adapter.parameters(), {});
    std::unique_ptr<model::DropoutBank> dropout;
    if (shape.dropout > 0) {
        dropout = std::make_unique<model::DropoutBank>(adapter, shape.dropout, 1, decoder.compute().dtype);
    }
    round::accumulateStep({decoder, *objective, settings, {&adapter}, tokens, dropout.get(), {}}, batch, 0);
    optimizer.step(1e-4);
    return {estimated, meter.peak()};
}

}  // namespace stet::bench
