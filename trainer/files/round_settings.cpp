#include "trainer/files/round_settings.h"

#include "base/failure.h"
#include "trainer/files/setting_reader.h"

#include <filesystem>

namespace stet::files {

namespace {

Json objectAt(const Json& json, const char* field, const std::string& what)
{
    const auto it = json.find(field);
    if (it == json.end() || it->is_null()) {
        return Json::object();
    }
    if (!it->is_object()) {
        throw badInput(what + ": field '" + field + "' must be an object");
    }
    return *it;
}

void append(std::vector<std::string>& into, std::vector<std::string> more)
{
    into.insert(into.end(), more.begin(), more.end());
}

// A path of round.json, which is relative to the round's folder.
std::string against(const std::string& folder, const std::string& path)
{
    return std::filesystem::path(path).is_absolute()
        ? path
        : (std::filesystem::path(folder) / path).lexically_normal().string();
}

void readParent(const Json& json, const std::string& folder, const std::string& what, RoundSettings& settings)
{
    if (const auto it = json.find("parent"); it == json.end() || it->is_null()) {
        return;
    }
    const Json parent = objectAt(json, "parent", what);
    settings.parentAdapter = against(folder, requiredString(parent, "adapter", what + ", parent"));
    settings.parentUse =
        valueOf(kParentUses, optionalString(parent, "how", what).value_or("merge"), "parent.how", what);
    append(settings.warnings, unknownFields(parent, {"adapter", "how"}, what + ", parent"));
}

void readLora(const Json& json, const std::string& what, RoundSettings& settings)
{
    const Json lora = objectAt(json, "lora", what);
    for (const char* field : {"r", "alpha", "targets", "rslora"}) {
        if (lora.contains(field) && !lora.at(field).is_null()) {
            settings.loraFields.emplace_back(field);
        }
    }
    const SettingReader reader(lora, what + ", lora");
    reader.integer("r", settings.loraRank, 1, 65536);
    reader.number("alpha", settings.loraAlpha, 0, 1e6);
    reader.number("dropout", settings.loraDropout, 0, 0.99);
    settings.loraRankStabilised = optionalBool(lora, "rslora", what + ", lora").value_or(false);
    if (lora.contains("targets") && !lora["targets"].is_null()) {
        settings.loraTargets = parseModuleChoice(lora, "targets", what + ", lora");
        if (*settings.loraTargets == ModuleChoice{}) {
            throw badInput(what +
                           ", lora: field 'targets' must be a list of layer names, or a pattern for whole names");
        }
    }
    append(settings.warnings, unknownFields(lora, {"r", "alpha", "dropout", "targets", "rslora"}, what + ", lora"));
}

void readOptimizer(const Json& json, const std::string& what, RoundSettings& settings)
{
    const Json optimizer = objectAt(json, "optimizer", what);
    const SettingReader reader(optimizer, what + ", optimizer");
    if (optionalNumber(optimizer, "lr", what)) {
        double rate = 0;
        reader.number("lr", rate, 0, 10);
        settings.learningRate = rate;
    }
    reader.number("eps", settings.eps, 0, 1);
    reader.number("weight_decay", settings.weightDecay, 0, 10);
    reader.number("max_grad_norm", settings.maxGradNorm, 0, 1e9);
    reader.betas("betas", settings.beta1, settings.beta2);
    append(settings.warnings,
           unknownFields(optimizer, {"lr", "betas", "eps", "weight_decay", "max_grad_norm"}, what + ", optimizer"));
}

void readSchedule(const Json& json, const std::string& what, RoundSettings& settings)
{
    const Json schedule = objectAt(json, "schedule", what);
    const SettingReader reader(schedule, what + ", schedule");
    reader.word("kind", kSchedules, settings.schedule);
    if (optionalNumber(schedule, "warmup_ratio", what + ", schedule")) {
        settings.warmupSteps.reset();
        reader.number("warmup_ratio", settings.warmupRatio, 0, 1);
    }
    reader.integer("warmup_steps", settings.warmupSteps, 0, kManySteps);
    append(settings.warnings, unknownFields(schedule, {"kind", "warmup_steps", "warmup_ratio"}, what + ", schedule"));
}

void readAnchor(const Json& json, const std::string& what, RoundSettings& settings)
{
    const Json anchor = objectAt(json, "anchor", what);
    if (anchor.empty()) {
        return;
    }
    const SettingReader reader(anchor, what + ", anchor");
    (void)requiredString(anchor, "kind", what + ", anchor");
    reader.word("kind", kAnchorKinds, settings.anchor.kind);
    settings.anchor.weight = 1;
    reader.number("weight", settings.anchor.weight, 0, 1e6);
    reader.word("answers", kAnchorAnswers, settings.anchor.answers);
    reader.integer("batch_size", settings.anchor.batchSize, 1, 65536);
    append(settings.warnings, unknownFields(anchor, {"kind", "weight", "answers", "batch_size"}, what + ", anchor"));
    if (settings.anchor.weight == 0) {
        settings.anchor = {};  // no weight, no work
    }
}

void readFtpo(const Json& json, const std::string& what, RoundSettings& settings)
{
    const Json ftpo = objectAt(json, "ftpo", what);
    const SettingReader reader(ftpo, what + ", ftpo");
    reader.word("push", kPushes, settings.ftpo.push);
    reader.number("epsilon", settings.ftpo.epsilon, 1e-3, 1e3);
    reader.number("tau", settings.ftpo.tau, 1e-3, 1e3);
    reader.number("top_p", settings.ftpo.topP, 1e-6, 1);
    reader.integer("top_k", settings.ftpo.topK, 1, 1000);
    reader.number("others", settings.ftpo.others, 0, 1e6);
    reader.number("targets", settings.ftpo.targets, 0, 1e6);
    reader.number("grace", settings.ftpo.grace, 0, 1e3);
    reader.number("rest", settings.ftpo.rest, 0, 1e6);
    append(settings.warnings,
           unknownFields(ftpo, {"push", "epsilon", "tau", "top_p", "top_k", "others", "targets", "grace", "rest"},
                         what + ", ftpo"));
    if (settings.objective == Objective::Ftpo && settings.flags != FlagTime::Start) {
        throw badInput(what + ": objective ftpo needs flags 'start'; set 'flags' to \"start\", or take preset ftpo");
    }
}

const std::vector<std::string_view> kKnown = {"model",
                                              "parent",
                                              "objective",
                                              "preset",
                                              "lambda",
                                              "false_alarm_rate",
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
                                              "signal_clip",
                                              "ftpo",
                                              "anchor",
                                              "lora",
                                              "optimizer",
                                              "schedule",
                                              "epochs",
                                              "max_steps",
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
            throw badInput(what + ": field 'contrast' is '" + *contrast + "'; known: D1 to D6");
        }
        settings.contrast = *known;
    }
}

// What decides which tokens are flagged and penalised.
void readDetection(const Json& json, const SettingReader& reader, RoundSettings& settings)
{
    readContrast(json, reader.what(), settings);
    reader.number("lambda", settings.lambda, 1, 1e6);
    reader.word("truncate", kSides, settings.truncate);
    reader.integer("max_length", settings.maxLength, 2, kManySteps);
    reader.word("marks", kMarks, settings.marks);
}

void readFalseAlarmRate(const Json& json, const SettingReader& reader, RoundSettings& settings)
{
    reader.number("false_alarm_rate", settings.falseAlarmRate, 0, 0.5);
    if (!settings.falseAlarmRate) {
        return;
    }
    if (json.contains("lambda") && !json.at("lambda").is_null()) {
        throw badInput(reader.what() + ": 'false_alarm_rate' makes a lambda; leave 'lambda' out, or the rate");
    }
    const bool flags = settings.objective == Objective::Cut || settings.objective == Objective::Ftpo;
    if (!flags || settings.flags != FlagTime::Start) {
        throw badInput(reader.what() +
                       ": 'false_alarm_rate' needs objective cut or ftpo and flags 'start'; give a 'lambda' instead");
    }
}

// The objective's own numbers and choices.
void readMethod(const SettingReader& reader, RoundSettings& settings)
{
    reader.number("alpha", settings.alpha, 0, 1e3);
    reader.number("gamma", settings.gamma, 0, 1e3);
    reader.number("imitate", settings.imitate, 0, 1e3);
    reader.word("flags", kFlagTimes, settings.flags);
    reader.word("empty_flags", kEmptyFlags, settings.emptyFlags);
    reader.word("combine", kCombines, settings.combine);
    reader.number("positive_ratio", settings.positiveRatio, -1, 1e6);
    if (settings.positiveRatio < 0 && settings.positiveRatio != -1) {
        throw badInput(reader.what() + ": field 'positive_ratio' must be at least 0, or -1 for all accepted responses");
    }
    reader.number("beta", settings.beta, 1e-6, 1e6);
    reader.number("signal_clip", settings.signalClip, 1e-6, 1e6);
}

// How it is run: none of it is the method's.
void readRunning(const SettingReader& reader, RoundSettings& settings)
{
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
    readDetection(json, reader, settings);
    readMethod(reader, settings);
    readFalseAlarmRate(json, reader, settings);
    readFtpo(json, what, settings);
    readAnchor(json, what, settings);
    readLora(json, what, settings);
    readOptimizer(json, what, settings);
    readSchedule(json, what, settings);
    reader.integer("epochs", settings.epochs, 1, 100000);
    reader.integer("max_steps", settings.maxSteps, 1, kManySteps);
    reader.integer("batch_size", settings.batchSize, 1, 65536);
    settings.shuffle = optionalBool(json, "shuffle", what).value_or(true);
    readMicroBatchTokens(json, what, settings);
    readRunning(reader, settings);
    if (settings.promptStyle.ends_with(".json")) {
        settings.promptStyle = against(folder, settings.promptStyle);
    }
    return settings;
}

RoundSettings parseDetectionSettings(const Json& json, const std::string& what)
{
    RoundSettings settings;
    const SettingReader reader(json, what);
    reader.text("preset", settings.preset);
    applyPreset(settings, what);
    readDetection(json, reader, settings);
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
