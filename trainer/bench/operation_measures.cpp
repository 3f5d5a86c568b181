#include "trainer/bench/operation_measures.h"

#include "trainer/bench/bench_workload.h"
#include "trainer/bench/operation_count.h"
#include "trainer/round/round_step.h"

#include <ATen/ATen.h>

namespace stet::bench {

namespace {

constexpr std::uint64_t kSeed = 7;
constexpr int kExamples = 8;

model::Adapter defaultAdapter(const model::Decoder& decoder, const files::RoundSettings& settings)
{
    files::AdapterConfig config;
    config.rank = settings.loraRank;
    config.alpha = settings.loraAlpha;
    config.targets = files::resolvedTargets(settings, decoder.config());
    model::Adapter adapter = model::Adapter::create(decoder, config, kSeed);
    adapter.requireGrad(true);
    return adapter;
}

}  // namespace

OperationMeasures measureOperations(const model::Decoder& decoder, const text::ExampleEncoder& encoder,
                                    std::int64_t microBatchTokens)
{
    const files::RoundSettings settings;
    const auto objective = round::makeObjective(settings);
    const model::Adapter adapter = defaultAdapter(decoder, settings);
    const auto examples = benchBatch(encoder, kExamples, kSeed);
    const auto layers = static_cast<double>(decoder.config().layers);

    OperationMeasures measures;
    const model::SequenceBatch one({examples.front().readings.front().sequence}, decoder.compute().device);
    at::Tensor hidden;
    const auto forward = countOperations([&] { hidden = decoder.hiddenStates(one, {{&adapter}, nullptr}); });
    const auto backward = countOperations([&] { hidden.sum().backward(); });
    measures.forwardPerLayer = static_cast<double>(forward.total()) / layers;
    measures.backwardPerLayer = static_cast<double>(backward.total()) / layers;

    round::Group batch;
    for (const auto& example : examples) {
        batch.push_back(&example);
    }
    const round::StepContext context{
        decoder, *objective, settings, {&adapter}, microBatchTokens, nullptr, std::function<void()>()};
    const auto step = countOperations([&] { round::accumulateStep(context, batch, 0); });
    measures.step = step.total();
    measures.hostReads = step.hostReads();
    measures.microBatches = static_cast<std::int64_t>(round::microBatches(batch, microBatchTokens).size());
    return measures;
}

}  // namespace stet::bench
