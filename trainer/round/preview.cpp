// What a round would do, from its files alone.
#include "base/failure.h"
#include "trainer/dataset/training_set.h"
#include "trainer/estimate/memory.h"
#include "trainer/estimate/work.h"
#include "trainer/files/weight_layout.h"
#include "trainer/model/device.h"
#include "trainer/round/round.h"
#include "trainer/round/round_adapters.h"

#include <filesystem>

namespace stet::round {

namespace {

// Where the round would compute; a device that isn't there fails the round, not its preview.
model::Compute computeOf(const files::RoundSettings& settings, const std::string& checkpointDtype)
{
    try {
        return model::resolveCompute({settings.device, settings.dtype, settings.threads}, checkpointDtype);
    } catch (const Failure&) {
        return model::resolveCompute({"cpu", "auto", settings.threads}, checkpointDtype);
    }
}

// Bytes at the peak: weights, and the largest micro-batch with what is trained.
std::uint64_t memoryOf(const RoundSize& size, const RoundOptions& options)
{
    const model::Compute compute = computeOf(size.settings, size.model.dtype);
    const std::uint64_t weights = model::weightsMemory(size.model, compute.dtype);
    std::error_code ignored;
    const bool loaded =
        options.decoder != nullptr && std::filesystem::equivalent(options.decoderModel, size.settings.model, ignored);
    const std::uint64_t free = model::freeMemory(compute.device);
    const std::uint64_t needed = loaded ? 0 : weights;
    const std::int64_t tokens = microBatchTokens(size, compute, free > needed ? free - needed : 0);
    return weights + roundMemory(size, compute, tokens);
}

}  // namespace

contract::RoundPreview previewRound(const std::string& folder, const RoundOptions& options)
{
    auto settings = files::readRoundSettings(folder);
    const auto modelFolder = files::openModelFolder(settings.model);
    settings.loraTargets = files::resolvedTargets(settings, modelFolder.config);
    const text::ExampleEncoder encoder(text::Tokenizer::load(settings.model),
                                       text::PromptStyle::resolve(settings.promptStyle, modelFolder), modelFolder);
    const auto objective = makeObjective(settings);
    const TrainingSet set = makeTrainingSet(folder + "/examples.jsonl", settings, *objective, encoder);
    const auto count = static_cast<std::int64_t>(set.examples.size());
    contract::RoundPreview preview;
    preview.totals = totalsOf(set);
    preview.epochs = files::resolvedEpochs(settings, count);
    preview.steps = files::resolvedSteps(settings, count);
    preview.learningRate = files::resolvedLearningRate(settings, modelFolder.config.hiddenSize);
    // The same speed as the micro-batch's, on this computer's CPU.
    const int threads = model::resolveCompute({"cpu", "float32", settings.threads}, {}).threads;
    const files::AdapterConfig adapter = trainedConfig(settings, modelFolder.config);
    const RoundSize size{modelFolder.config, settings, *objective, adapter, set};
    preview.seconds = roundWork(size) / (30e9 * threads);
    preview.memory = memoryOf(size, options);
    settings.epochs = preview.epochs;
    settings.learningRate = preview.learningRate;
    preview.settings = files::toJson(settings);
    preview.warnings = settings.warnings;
    preview.warnings.insert(preview.warnings.end(), set.warnings.begin(), set.warnings.end());
    return preview;
}

}  // namespace stet::round
