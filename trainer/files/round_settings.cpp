#include "trainer/files/round_settings.h"

#include "base/failure.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>

namespace stet::files {

namespace {

template <typename Value> struct Named {
    std::string_view name;
    Value value;
};

constexpr std::array<Named<Objective>, 8> kObjectives = {{{"cut", Objective::Cut},
                                                          {"sft", Objective::Sft},
                                                          {"forward-prediction", Objective::ForwardPrediction},
                                                          {"hindsight", Objective::Hindsight},
                                                          {"ilf", Objective::Ilf},
                                                          {"dpo", Objective::Dpo},
                                                          {"unlikelihood", Objective::Unlikelihood},
                                                          {"self-distillation", Objective::SelfDistillation}}};
constexpr std::array<Named<AnchorKind>, 2> kAnchorKinds = {{{"kl", AnchorKind::Kl}, {"sft", AnchorKind::Sft}}};
constexpr std::array<Named<AnchorAnswers>, 2> kAnchorAnswers = {
    {{"rest", AnchorAnswers::Rest}, {"all", AnchorAnswers::All}}};
constexpr std::array<Named<FlagTime>, 2> kFlagTimes = {{{"current", FlagTime::Current}, {"start", FlagTime::Start}}};
constexpr std::array<Named<EmptyFlags>, 2> kEmptyFlags = {
    {{"imitate", EmptyFlags::Imitate}, {"skip", EmptyFlags::Skip}}};
constexpr std::array<Named<Combine>, 2> kCombines = {{{"half", Combine::Half}, {"sum", Combine::Sum}}};
constexpr std::array<Named<TruncateSide>, 2> kSides = {{{"left", TruncateSide::Left}, {"tail", TruncateSide::Tail}}};
constexpr std::array<Named<MarksUse>, 3> kMarks = {
    {{"union", MarksUse::Union}, {"only", MarksUse::Only}, {"ignore", MarksUse::Ignore}}};
constexpr std::array<Named<ScheduleKind>, 3> kSchedules = {
    {{"cosine", ScheduleKind::Cosine}, {"linear", ScheduleKind::Linear}, {"constant", ScheduleKind::Constant}}};
constexpr std::array<Named<ParentUse>, 2> kParentUses = {
    {{"merge", ParentUse::Merge}, {"continue", ParentUse::Continue}}};

template <typename Table>
auto valueOf(const Table& table, const std::string& name, const std::string& field, const std::string& what)
{
    std::string known;
    for (const auto& row : table) {
        if (row.name == name) {
            return row.value;
        }
        known += (known.empty() ? "" : ", ") + std::string(row.name);
    }
    throw badInput(what + ": field '" + field + "' is '" + name + "'; known: " + known);
}

template <typename Table, typename Value> std::string nameOf(const Table& table, Value value)
{
    for (const auto& row : table) {
        if (row.value == value) {
            return std::string(row.name);
        }
    }
    return {};
}

// Reads one field after another into a settings value; every error names file and field.
class Reader {
public:
    Reader(const Json& json, std::string what) : m_json(json), m_what(std::move(what)) { }

    template <typename Table, typename Value> void word(const char* field, const Table& table, Value& value) const
    {
        if (const auto name = optionalString(m_json, field, m_what)) {
            value = valueOf(table, *name, field, m_what);
        }
    }

    void number(const char* field, double& value, double low, double high) const
    {
        const auto given = optionalNumber(m_json, field, m_what);
        if (!given) {
            return;
        }
        if (!(*given >= low && *given <= high)) {
            throw badInput(m_what + ": field '" + field + "' must be " + Json(low).dump() + " to " + Json(high).dump());
        }
        value = *given;
    }

    template <typename Integer>
    void integer(const char* field, Integer& value, std::int64_t low, std::int64_t high) const
    {
        const auto given = optionalInteger(m_json, field, m_what);
        if (!given) {
            return;
        }
        if (*given < low || *given > high) {
            throw badInput(m_what + ": field '" + field + "' must be " + std::to_string(low) + " to " +
                           std::to_string(high));
        }
        value = static_cast<Integer>(*given);
    }

    void integer(const char* field, std::optional<std::int64_t>& value, std::int64_t low, std::int64_t high) const
    {
        std::int64_t number = value.value_or(-1);
        integer(field, number, low, high);
        value = number >= 0 ? std::optional(number) : value;
    }

    void text(const char* field, std::string& value) const
    {
        value = optionalString(m_json, field, m_what).value_or(value);
    }

    const std::string& what() const { return m_what; }

private:
    const Json& m_json;
    std::string m_what;
};

constexpr std::int64_t kMany = std::int64_t{1} << 31;

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

void applyPreset(RoundSettings& settings, const std::string& what)
{
    if (settings.preset == "stable") {
        return;  // the struct's defaults
    }
    if (settings.preset != "cut-code" && settings.preset != "cut-paper") {
        throw badInput(what + ": field 'preset' is '" + settings.preset + "'; known: stable, cut-code, cut-paper");
    }
    const bool paper = settings.preset == "cut-paper";
    settings.contrast = paper ? Contrast::D2 : Contrast::D1;
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

std::string against(const std::string& folder, const std::string& path)
{
    return std::filesystem::path(path).is_absolute()
        ? path
        : (std::filesystem::path(folder) / path).lexically_normal().string();
}

void readParent(const Json& json, const std::string& folder, const std::string& what, RoundSettings& settings)
{
    const Json parent = objectAt(json, "parent", what);
    if (parent.empty()) {
        return;
    }
    settings.parentAdapter = against(folder, requiredString(parent, "adapter", what + ", parent"));
    settings.parentUse =
        valueOf(kParentUses, optionalString(parent, "how", what).value_or("merge"), "parent.how", what);
    append(settings.warnings, unknownFields(parent, {"adapter", "how"}, what + ", parent"));
}

void readLora(const Json& json, const std::string& what, RoundSettings& settings)
{
    const Json lora = objectAt(json, "lora", what);
    for (const char* field : {"r", "alpha", "targets", "rslora"}) {
        if (lora.contains(field)) {
            settings.loraFields.emplace_back(field);
        }
    }
    const Reader reader(lora, what + ", lora");
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
    const Reader reader(optimizer, what + ", optimizer");
    if (optionalNumber(optimizer, "lr", what)) {
        double rate = 0;
        reader.number("lr", rate, 0, 10);
        settings.learningRate = rate;
    }
    reader.number("eps", settings.eps, 0, 1);
    reader.number("weight_decay", settings.weightDecay, 0, 10);
    reader.number("max_grad_norm", settings.maxGradNorm, 0, 1e9);
    if (const auto betas = optimizer.find("betas"); betas != optimizer.end()) {
        const bool pair = betas->is_array() && betas->size() == 2 && (*betas)[0].is_number() && (*betas)[1].is_number();
        settings.beta1 = pair ? (*betas)[0].get<double>() : -1;
        settings.beta2 = pair ? (*betas)[1].get<double>() : -1;
        if (!(settings.beta1 >= 0 && settings.beta1 < 1 && settings.beta2 >= 0 && settings.beta2 < 1)) {
            throw badInput(what + ", optimizer: field 'betas' must be two numbers from 0 to below 1");
        }
    }
    append(settings.warnings,
           unknownFields(optimizer, {"lr", "betas", "eps", "weight_decay", "max_grad_norm"}, what + ", optimizer"));
}

void readSchedule(const Json& json, const std::string& what, RoundSettings& settings)
{
    const Json schedule = objectAt(json, "schedule", what);
    const Reader reader(schedule, what + ", schedule");
    reader.word("kind", kSchedules, settings.schedule);
    if (schedule.contains("warmup_ratio")) {
        settings.warmupSteps.reset();
        reader.number("warmup_ratio", settings.warmupRatio, 0, 1);
    }
    reader.integer("warmup_steps", settings.warmupSteps, 0, kMany);
    append(settings.warnings, unknownFields(schedule, {"kind", "warmup_steps", "warmup_ratio"}, what + ", schedule"));
}

void readMicroBatch(const Json& json, const std::string& what, RoundSettings& settings)
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

void readAnchor(const Json& json, const std::string& what, RoundSettings& settings)
{
    const Json anchor = objectAt(json, "anchor", what);
    if (anchor.empty()) {
        return;
    }
    const Reader reader(anchor, what + ", anchor");
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
    const Reader reader(json, what);
    reader.text("preset", settings.preset);
    applyPreset(settings, what);
    reader.word("objective", kObjectives, settings.objective);
    readParent(json, folder, what, settings);
    if (const auto contrast = optionalString(json, "contrast", what)) {
        const auto known = contrastFromName(*contrast);
        if (!known) {
            throw badInput(what + ": field 'contrast' is '" + *contrast + "'; known: D1 to D5");
        }
        settings.contrast = *known;
    }
    if (settings.contrast == Contrast::D5) {
        throw Failure(FailureKind::Usage,
                      what + ": contrast D5 is for scoring; a round takes D1 to D4 in this version");
    }
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
    reader.number("beta", settings.beta, 1e-6, 1e6);
    readAnchor(json, what, settings);
    readLora(json, what, settings);
    readOptimizer(json, what, settings);
    readSchedule(json, what, settings);
    reader.integer("epochs", settings.epochs, 1, 100000);
    reader.integer("batch_size", settings.batchSize, 1, 65536);
    settings.shuffle = optionalBool(json, "shuffle", what).value_or(true);
    readMicroBatch(json, what, settings);
    reader.integer("max_length", settings.maxLength, 2, kMany);
    reader.text("prompt_style", settings.promptStyle);
    if (settings.promptStyle.ends_with(".json")) {
        settings.promptStyle = against(folder, settings.promptStyle);
    }
    reader.integer("seed", settings.seed, 0, INT64_MAX);
    reader.text("device", settings.device);
    reader.text("dtype", settings.dtype);
    reader.integer("threads", settings.threads, 0, 4096);
    reader.integer("checkpoint_every_steps", settings.checkpointEverySteps, 1, kMany);
    reader.integer("keep_checkpoints", settings.keepCheckpoints, 1, 1000);
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

double resolvedLearningRate(const RoundSettings& settings, std::int64_t hiddenSize)
{
    return settings.learningRate.value_or(4e-4 * std::sqrt(5120.0 / static_cast<double>(hiddenSize)));
}

ModuleChoice resolvedTargets(const RoundSettings& settings, const ModelConfig& model)
{
    const ModuleChoice mlp{model.fusedProjections ? std::vector<std::string>{"down_proj", "gate_up_proj"}
                                                  : std::vector<std::string>{"down_proj", "gate_proj", "up_proj"},
                           {}};
    return settings.loraTargets.value_or(mlp);
}

std::int64_t resolvedEpochs(const RoundSettings& settings, std::int64_t examples)
{
    if (settings.epochs) {
        return *settings.epochs;
    }
    const std::int64_t stepsPerEpoch =
        std::max<std::int64_t>(1, (examples + settings.batchSize - 1) / settings.batchSize);
    return std::clamp<std::int64_t>((32 + stepsPerEpoch - 1) / stepsPerEpoch, 1, 8);
}

std::int64_t resolvedWarmup(const RoundSettings& settings, std::int64_t steps)
{
    return settings.warmupSteps.value_or(
        static_cast<std::int64_t>(std::ceil(settings.warmupRatio * static_cast<double>(steps))));
}

std::string objectiveName(Objective objective)
{
    return nameOf(kObjectives, objective);
}

Json toJson(const RoundSettings& s)
{
    Json json = {{"model", s.model},
                 {"parent", nullptr},
                 {"objective", nameOf(kObjectives, s.objective)},
                 {"preset", s.preset},
                 {"lambda", s.lambda},
                 {"alpha", s.alpha},
                 {"gamma", s.gamma},
                 {"contrast", contrastName(s.contrast)},
                 {"flags", nameOf(kFlagTimes, s.flags)},
                 {"empty_flags", nameOf(kEmptyFlags, s.emptyFlags)},
                 {"combine", nameOf(kCombines, s.combine)},
                 {"truncate", nameOf(kSides, s.truncate)},
                 {"imitate", s.imitate},
                 {"marks", nameOf(kMarks, s.marks)},
                 {"positive_ratio", s.positiveRatio},
                 {"beta", s.beta},
                 {"anchor", nullptr},
                 {"lora",
                  {{"r", s.loraRank},
                   {"alpha", s.loraAlpha},
                   {"dropout", s.loraDropout},
                   {"targets", s.loraTargets ? toJson(*s.loraTargets) : Json()},
                   {"rslora", s.loraRankStabilised}}},
                 {"optimizer",
                  {{"lr", s.learningRate ? Json(*s.learningRate) : Json()},
                   {"betas", {s.beta1, s.beta2}},
                   {"eps", s.eps},
                   {"weight_decay", s.weightDecay},
                   {"max_grad_norm", s.maxGradNorm}}},
                 {"schedule",
                  {{"kind", nameOf(kSchedules, s.schedule)},
                   {"warmup_steps", s.warmupSteps ? Json(*s.warmupSteps) : Json()},
                   {"warmup_ratio", s.warmupRatio}}},
                 {"epochs", s.epochs ? Json(*s.epochs) : Json()},
                 {"batch_size", s.batchSize},
                 {"shuffle", s.shuffle},
                 {"micro_batch_tokens", s.microBatchTokens ? Json(*s.microBatchTokens) : Json("auto")},
                 {"max_length", s.maxLength},
                 {"prompt_style", s.promptStyle},
                 {"seed", s.seed},
                 {"device", s.device},
                 {"dtype", s.dtype},
                 {"threads", s.threads},
                 {"checkpoint_every_steps", s.checkpointEverySteps},
                 {"keep_checkpoints", s.keepCheckpoints}};
    if (s.anchor.kind != AnchorKind::None) {
        json["anchor"] = {{"kind", nameOf(kAnchorKinds, s.anchor.kind)},
                          {"weight", s.anchor.weight},
                          {"answers", nameOf(kAnchorAnswers, s.anchor.answers)},
                          {"batch_size", s.anchor.batchSize.value_or(s.batchSize)}};
    }
    if (s.parentUse != ParentUse::None) {
        json["parent"] = {{"adapter", s.parentAdapter}, {"how", nameOf(kParentUses, s.parentUse)}};
    }
    return json;
}

}  // namespace stet::files
