#include "trainer/files/round_settings.h"

#include "base/failure.h"
#include "trainer/files/round_presets.h"
#include "trainer/files/round_setting_groups.h"
#include "trainer/files/round_setting_reader.h"

#include <filesystem>

namespace stet::files {

namespace {

const std::vector<std::string_view> kKnown = {"model",
                                              "parent",
                                              "objective",
                                              "preset",
                                              "lambda",
                                              "alpha",
                                              "gamma",
                                              "contrast",
                                              "flags",
                                              "empty_flags",
                                              "combine",
                                              "truncate",
                                              "imitate",
                                              "marks",
                                              "positive_ratio",
                                              "beta",
                                              "anchor",
                                              "lora",
                                              "optimizer",
                                              "schedule",
                                              "epochs",
                                              "batch_size",
                                              "shuffle",
                                              "micro_batch_tokens",
                                              "max_length",
                                              "prompt_style",
                                              "seed",
                                              "device",
                                              "dtype",
                                              "threads",
                                              "checkpoint_every_steps",
                                              "keep_checkpoints"};

void readMicroBatchTokens(const Json& json, const std::string& what, RoundSettings& settings)
{
    const auto it = json.find("micro_batch_tokens");
    if (it == json.end() || it->is_null() || *it == "auto") {
        return;
    }
    if (!it->is_number_integer() || it->get<std::int64_t>() < 1) {
        throw badInput(what + ": field 'micro_batch_tokens' must be \"auto\" or a whole number ≥ 1");
    }
    settings.microBatchTokens = it->get<std::int64_t>();
}

void readContrast(const Json& json, const std::string& what, RoundSettings& settings)
{
    if (const auto contrast = optionalString(json, "contrast", what)) {
        const auto known = contrastFromName(*contrast);
        if (!known) {
            throw badInput(what + ": field 'contrast' is '" + *contrast + "'; known: D1 to D5");
        }
        settings.contrast = *known;
    }
}

// The objective's own numbers and choices.
void readMethod(const SettingReader& reader, RoundSettings& settings)
{
    reader.number("lambda", settings.lambda, 1, 1e6);
    reader.number("alpha", settings.alpha, 0, 1e3);
    reader.number("gamma", settings.gamma, 0, 1e3);
    reader.number("imitate", settings.imitate, 0, 1e3);
    reader.word("flags", kFlagTimes, settings.flags);
    reader.word("empty_flags", kEmptyFlags, settings.emptyFlags);
    reader.word("combine", kCombines, settings.combine);
    reader.word("truncate", kSides, settings.truncate);
    reader.word("marks", kMarks, settings.marks);
    reader.number("positive_ratio", settings.positiveRatio, -1, 1e6);
    if (settings.positiveRatio < 0 && settings.positiveRatio != -1) {
        throw badInput(reader.what() + ": field 'positive_ratio' must be at least 0, or -1 for all accepted responses");
    }
    reader.number("beta", settings.beta, 1e-6, 1e6);
}

// How it is run: none of it is the method's.
void readRunning(const SettingReader& reader, RoundSettings& settings)
{
    reader.integer("max_length", settings.maxLength, 2, kManySteps);
    reader.text("prompt_style", settings.promptStyle);
    reader.integer("seed", settings.seed, 0, INT64_MAX);
    reader.text("device", settings.device);
    reader.word("dtype", kDtypes, settings.dtype);
    reader.integer("threads", settings.threads, 0, 4096);
    reader.integer("checkpoint_every_steps", settings.checkpointEverySteps, 1, kManySteps);
    reader.integer("keep_checkpoints", settings.keepCheckpoints, 1, 1000);
}

}  // namespace

RoundSettings parseRoundSettings(const Json& json, const std::string& folder)
{
    const std::string what = folder + "/round.json";
    if (!json.is_object()) {
        throw badInput(what + ": expected an object");
    }
    RoundSettings settings;
    settings.warnings = unknownFields(json, kKnown, what);
    settings.model = against(folder, requiredString(json, "model", what));
    const SettingReader reader(json, what);
    reader.text("preset", settings.preset);
    applyPreset(settings, what);
    reader.word("objective", kObjectives, settings.objective);
    readParent(json, folder, what, settings);
    readContrast(json, what, settings);
    readMethod(reader, settings);
    readAnchor(json, what, settings);
    readLora(json, what, settings);
    readOptimizer(json, what, settings);
    readSchedule(json, what, settings);
    reader.integer("epochs", settings.epochs, 1, 100000);
    reader.integer("batch_size", settings.batchSize, 1, 65536);
    settings.shuffle = optionalBool(json, "shuffle", what).value_or(true);
    readMicroBatchTokens(json, what, settings);
    readRunning(reader, settings);
    if (settings.promptStyle.ends_with(".json")) {
        settings.promptStyle = against(folder, settings.promptStyle);
    }
    return settings;
}

RoundSettings readRoundSettings(const std::string& folder)
{
    const std::string path = folder + "/round.json";
    if (!std::filesystem::exists(path)) {
        throw badInput(folder + " is not a round folder: it has no round.json");
    }
    return parseRoundSettings(readJsonFile(path), folder);
}

}  // namespace stet::files
