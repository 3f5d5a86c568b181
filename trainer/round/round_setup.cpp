#include "trainer/round/round_setup.h"

#include "base/failure.h"
#include "trainer/estimate/memory.h"
#include "trainer/files/weight_layout.h"
#include "trainer/round/round_outputs.h"

#include <filesystem>
#include <utility>

namespace stet::round {

namespace {

void readExamples(RoundSetup& setup)
{
    const auto tokenizer = text::Tokenizer::load(setup.settings.model);
    const auto style = text::PromptStyle::resolve(setup.settings.promptStyle, setup.modelFolder);
    const text::ExampleEncoder encoder(tokenizer, style, setup.modelFolder, setup.promptTime);
    setup.promptStyle = encoder.style().name();
    setup.objective = makeObjective(setup.settings);
    setup.set = makeTrainingSet(setup.folder + "/examples.jsonl", setup.settings, *setup.objective, encoder);
}

// Decides how large micro-batches are by what is free, and refuses the round that doesn't fit.
void planMemory(RoundSetup& setup, const model::Compute& compute, const RoundOptions& options)
{
    const auto& model = setup.modelFolder.config;
    const files::AdapterConfig adapter = trainedConfig(setup.settings, model);
    const RoundSize size{model, setup.settings, *setup.objective, adapter, setup.set};
    const std::uint64_t free = options.freeMemory != 0 ? options.freeMemory : model::freeMemory(compute.device);
    MemoryNeed need;
    need.weights = setup.decoder == nullptr ? model::weightsMemory(model, compute.dtype) : 0;
    setup.microBatchTokens = microBatchTokens(size, compute, free > need.weights ? free - need.weights : 0);
    need.round = roundMemory(size, compute, setup.microBatchTokens);
    refuseTooLittleMemory(need, compute.device, free);
}

// What is loaded already is used as it is: a second copy might not fit.
void warnOfOtherDtype(const files::RoundSettings& settings, const model::Compute& compute, RoundReporter& reporter)
{
    const std::string dtype = compute.dtype == c10::kFloat ? "float32" : "bfloat16";
    if (settings.dtype != "auto" && settings.dtype != dtype) {
        reporter.warn("round.json asks for dtype " + settings.dtype + ", the model is loaded in " + dtype +
                      ": it is used as it is");
    }
}

// The caller's decoder where it is the folder's model, else an own one.
void loadModel(RoundSetup& setup, const RoundOptions& options, RoundReporter& reporter)
{
    const auto& settings = setup.settings;
    const auto& config = setup.modelFolder.config;
    std::error_code ignored;
    if (options.decoder != nullptr && std::filesystem::equivalent(options.decoderModel, settings.model, ignored)) {
        setup.decoder = options.decoder;
        warnOfOtherDtype(settings, setup.decoder->compute(), reporter);
        planMemory(setup, setup.decoder->compute(), options);
        return;
    }
    const auto compute = model::resolveCompute({settings.device, settings.dtype, settings.threads}, config.dtype);
    planMemory(setup, compute, options);
    setup.ownDecoder = model::Decoder::load(setup.modelFolder, compute);
    setup.decoder = setup.ownDecoder.get();
}

void planSteps(RoundSetup& setup)
{
    const auto& settings = setup.settings;
    const auto count = static_cast<std::int64_t>(setup.set.examples.size());
    setup.epochs = files::resolvedEpochs(settings, count);
    setup.stepsPerEpoch = files::stepsPerEpoch(settings, count);
    setup.schedule.steps = files::resolvedSteps(settings, count);
    setup.schedule.learningRate = files::resolvedLearningRate(settings, setup.modelFolder.config.hiddenSize);
    setup.schedule.warmupSteps = files::resolvedWarmup(settings, setup.schedule.steps);
    setup.schedule.warmupFromZero = settings.warmupFromZero;
    setup.schedule.kind = settings.schedule;
    if (setup.schedule.steps == 1 && setup.schedule.warmupFromZero && setup.schedule.warmupSteps > 0) {
        throw badInput(setup.folder + ": the round has one step, and the warm-up of preset " + settings.preset +
                       " begins at 0: nothing would be learnt; judge more responses, set epochs, or take the preset "
                       "stable");
    }
}

}  // namespace

StepContext RoundSetup::context(std::function<void()> between) const
{
    return {*decoder,      *objective,         settings,          adapters.terms(), microBatchTokens,
            dropout.get(), std::move(between), adapters.before(), &set.anchors};
}

RoundSetup setUpRound(const std::string& folder, files::RoundSettings settings, const RoundOptions& options,
                      RoundReporter& reporter)
{
    RoundSetup setup;
    setup.folder = folder;
    setup.settings = std::move(settings);
    setup.modelFolder = files::openModelFolder(setup.settings.model);
    setup.settings.loraTargets = files::resolvedTargets(setup.settings, setup.modelFolder.config);
    setup.promptTime = promptTime(folder);
    readExamples(setup);
    reporter.warn(setup.settings.warnings);
    reporter.warn(setup.modelFolder.warnings);
    reporter.warn(setup.set.warnings);
    reporter.phase(Phase::Loading);
    loadModel(setup, options, reporter);
    setup.adapters = makeRoundAdapters(*setup.decoder, setup.settings, folder + "/round.json");
    if (setup.settings.loraDropout > 0) {
        setup.dropout = std::make_unique<model::DropoutBank>(setup.adapters.trained, setup.settings.loraDropout,
                                                             setup.settings.seed, setup.decoder->compute().dtype);
    }
    planSteps(setup);
    const auto& used = setup.settings;
    setup.optimizer = std::make_unique<AdamW>(setup.adapters.trained.parameters(),
                                              AdamWSettings{used.beta1, used.beta2, used.eps, used.weightDecay});
    return setup;
}

void fixLambda(RoundSetup& setup, double lambda)
{
    setup.settings.lambda = lambda;
    setup.falseAlarmRate = std::exchange(setup.settings.falseAlarmRate, std::nullopt);
}

}  // namespace stet::round
