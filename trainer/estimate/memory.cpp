#include "trainer/estimate/memory.h"

#include "base/failure.h"
#include "trainer/estimate/model_memory.h"

#include <algorithm>
#include <cmath>

namespace stet::round {

namespace {

void include(RoundMemory& memory, const TrainingExample& example)
{
    std::int64_t responses = 0;
    for (const Reading& reading : example.readings) {
        responses += static_cast<std::int64_t>(reading.sequence.response.size());
    }
    const auto readings = static_cast<std::int64_t>(example.readings.size());
    const auto trained = std::count_if(example.readings.begin(), example.readings.end(),
                                       [](const Reading& reading) { return reading.use == Use::Trained; });
    memory.trainedShare = std::max(memory.trainedShare, static_cast<double>(trained) / static_cast<double>(readings));
    memory.longest = std::max(memory.longest, example.cost);
    memory.length = std::max(memory.length, example.cost / readings);
    memory.scoredShare =
        std::max(memory.scoredShare, static_cast<double>(responses) / static_cast<double>(example.cost));
}

// A divergence keeps two distributions over the vocabulary for each scored token, in float32. Bytes.
constexpr std::uint64_t kKeptDistributions = 8;

// The rank-16 adapter of a default round.
files::AdapterConfig usualAdapter(const files::ModelConfig& config)
{
    files::AdapterConfig adapter;
    adapter.targets = files::resolvedTargets(files::RoundSettings(), config);
    return adapter;
}

// Of the largest micro-batch, beside the weights.
std::uint64_t batchMemory(const files::ModelConfig& config, const RoundMemory& memory)
{
    const auto most = std::max(memory.longest, memory.longest * memory.batchSize);
    const auto tokens = std::clamp(memory.microBatchTokens, memory.longest, most);
    const auto length = memory.length > 0 ? std::min(memory.length, tokens) : memory.longest;
    const double trained = static_cast<double>(tokens) * memory.trainedShare;
    const auto rows = static_cast<std::int64_t>(std::ceil(trained / static_cast<double>(length)));
    const auto scored = static_cast<std::int64_t>(std::ceil(trained * memory.scoredShare));
    const auto adapter = adapterShape(config, memory.adapter ? *memory.adapter : usualAdapter(config));
    const auto distributions = memory.wholeVocabulary
        ? static_cast<std::uint64_t>(scored) * static_cast<std::uint64_t>(config.vocabSize) * kKeptDistributions
        : 0;
    const auto all = (tokens + length - 1) / length;
    const BatchShape detected{all - std::min(all, rows), length,
                              static_cast<std::int64_t>(static_cast<double>(tokens) * memory.scoredShare) - scored};
    return distributions + trainingMemory(config, memory.compute.dtype, {rows, length, scored}, adapter, detected);
}

}  // namespace

RoundMemory largestBatch(const RoundSize& size)
{
    RoundMemory memory;
    memory.scoredShare = 0;
    memory.trainedShare = 0;
    for (const auto* examples : {&size.set.examples, &size.set.anchors}) {
        for (const auto& example : *examples) {
            include(memory, example);
        }
    }
    memory.batchSize = size.settings.batchSize;
    memory.adapter = size.adapter;
    memory.wholeVocabulary = size.objective.wholeVocabulary() || size.settings.anchor.kind == files::AnchorKind::Kl;
    return memory;
}

// 6 FLOP per parameter and token, 30 GFLOP/s per CPU core, 50 TFLOP/s on a GPU.
std::int64_t automaticMicroBatch(const model::Compute& compute, std::int64_t parameters)
{
    const double rate = compute.device.is_cuda() ? 50e12 : 30e9 * compute.threads;
    const double tokens = 0.5 * rate / (6.0 * static_cast<double>(parameters));
    return static_cast<std::int64_t>(std::clamp(tokens, 256.0, 16384.0));
}

std::uint64_t neededMemory(const files::ModelConfig& config, const RoundMemory& memory)
{
    return batchMemory(config, memory) + (memory.withWeights ? model::weightsMemory(config, memory.compute.dtype) : 0);
}

void refuseTooLittleMemory(const files::ModelConfig& config, const RoundMemory& memory)
{
    const auto weights = memory.withWeights ? model::weightsMemory(config, memory.compute.dtype) : 0;
    const auto needed = neededMemory(config, memory);
    const auto free = memory.free != 0 ? memory.free : model::freeMemory(memory.compute.device);
    model::refuseTooLargeWeights(weights, free);
    if (needed > free) {
        throw Failure(FailureKind::OutOfMemory,
                      "The round needs about " + model::inGigabytes(needed) + " and " + model::inGigabytes(free) +
                          " are free on " + memory.compute.device.str() +
                          ". Lower max_length or micro_batch_tokens in round.json, or close other programs");
    }
}

}  // namespace stet::round
