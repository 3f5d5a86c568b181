// What round.json leaves open: its preset says it, or the model or the data.
#include "base/failure.h"
#include "base/presets.h"
#include "trainer/files/round_settings.h"

#include <algorithm>
#include <cmath>

namespace stet::files {

void applyPreset(RoundSettings& settings, const std::string& what)
{
    if (!isPreset(settings.preset)) {
        throw badInput(what + ": field 'preset' is '" + settings.preset + "'; known: " + presetNames());
    }
    if (settings.preset == "stable") {
        return;  // the struct's defaults
    }
    if (settings.preset == "ftpo") {
        settings.objective = Objective::Ftpo;  // the rest as in stable …
        settings.imitate = 0;                  // … and left alone where nothing is flagged
        return;
    }
    const bool paper = settings.preset == "cut-paper";
    settings.contrast = presetContrast(settings.preset);
    settings.gamma = paper ? 1 : 0;
    settings.imitate = 1;
    settings.learningRate = 4e-4;
    settings.epochs = 1;
    settings.combine = paper ? Combine::Sum : Combine::Half;
    settings.flags = FlagTime::Current;
    settings.emptyFlags = EmptyFlags::Imitate;
    settings.loraDropout = 0.05;
    settings.warmupSteps = 100;
    settings.warmupFromZero = true;
    settings.truncate = TruncateSide::Left;
}

double resolvedLearningRate(const RoundSettings& settings, std::int64_t hiddenSize)
{
    const auto width = static_cast<double>(hiddenSize);
    // What took the habits away and left the rest (docs/evidence.md, "a contest"): 1.5e-4 of SmolLM2, which is 576
    // wide, 1.4e-3 of the example's model, 128 wide.
    const double own =
        settings.preset == "ftpo" ? 1.5e-4 * std::pow(576 / width, 1.5) : 4e-4 * std::sqrt(5120.0 / width);
    return settings.learningRate.value_or(own);
}

ModuleChoice resolvedTargets(const RoundSettings& settings, const ModelConfig& model)
{
    const ModuleChoice mlp{model.fusedProjections ? std::vector<std::string>{"down_proj", "gate_up_proj"}
                                                  : std::vector<std::string>{"down_proj", "gate_proj", "up_proj"},
                           {}};
    return settings.loraTargets.value_or(mlp);
}

std::int64_t stepsPerEpoch(const RoundSettings& settings, std::int64_t examples)
{
    return std::max<std::int64_t>(1, (examples + settings.batchSize - 1) / settings.batchSize);
}

std::int64_t resolvedEpochs(const RoundSettings& settings, std::int64_t examples)
{
    const std::int64_t steps = stepsPerEpoch(settings, examples);
    if (settings.maxSteps) {
        return (*settings.maxSteps + steps - 1) / steps;
    }
    return settings.epochs.value_or(std::clamp<std::int64_t>((32 + steps - 1) / steps, 1, 8));
}

std::int64_t resolvedSteps(const RoundSettings& settings, std::int64_t examples)
{
    return settings.maxSteps.value_or(resolvedEpochs(settings, examples) * stepsPerEpoch(settings, examples));
}

std::int64_t resolvedWarmup(const RoundSettings& settings, std::int64_t steps)
{
    return settings.warmupSteps.value_or(
        static_cast<std::int64_t>(std::ceil(settings.warmupRatio * static_cast<double>(steps))));
}

}  // namespace stet::files
