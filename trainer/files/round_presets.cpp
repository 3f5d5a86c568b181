#include "trainer/files/round_presets.h"

#include "base/failure.h"

namespace stet::files {

void applyPreset(RoundSettings& settings, const std::string& what)
{
    if (settings.preset == "stable") {
        return;  // the struct's defaults
    }
    if (settings.preset != "cut-code" && settings.preset != "cut-paper") {
        throw badInput(what + ": field 'preset' is '" + settings.preset + "'; known: stable, cut-code, cut-paper");
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

}  // namespace stet::files
