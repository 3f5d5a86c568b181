#include "trainer/files/round_setting_groups.h"

#include "trainer/files/round_setting_reader.h"

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

}  // namespace

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

}  // namespace stet::files
