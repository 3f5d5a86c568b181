// round.json: what a round is to do, as checked values. Presets and defaults are the table of docs/headless.md; a field
// given beside the preset wins; unknown fields are warned about by name. No Torch. Any thread.
#pragma once

#include "base/flag_rule.h"
#include "base/json.h"
#include "base/other_judgments.h"
#include "trainer/files/adapter_config.h"
#include "trainer/files/model_config.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace stet::files {

using stet::MarksUse;

enum class Objective {
    Cut,
    Sft,
    ForwardPrediction,
    Hindsight,
    Ilf,
    Dpo,
    Unlikelihood,
    SelfDistillation,
    OfflineSelfDistillation,
    Ftpo
};
enum class FlagTime { Current, Start };   // by the weights of the step, or once before the first
enum class EmptyFlags { Imitate, Skip };  // a criticised response in which nothing is flagged
enum class Combine { Half, Sum };         // ½(L1 + L2) or L1 + L2
enum class TruncateSide { Left, Tail };
enum class ScheduleKind { Cosine, Linear, Constant };
enum class ParentUse { None, Merge, Continue };

enum class AnchorKind { None, Kl, Sft };  // on accepted answers: stay near the model before the round, or imitate
enum class AnchorAnswers { Rest, All };   // those that don't train, or all accepted ones

// A term that holds the model where nobody complained; off by default.
struct AnchorSettings {
    AnchorKind kind = AnchorKind::None;
    double weight = 0;
    AnchorAnswers answers = AnchorAnswers::Rest;
    std::optional<std::int64_t> batchSize;  // answers a step; none: the round's batch_size
};

// Of objective ftpo; logits are natural logarithms. Symbols as in docs/method.md.
struct FtpoSettings {
    Push push = Push::Beginnings;
    double epsilon = 2;      // the margin by which a chosen token is to lead the rejected one
    double tau = 1;          // how sharp the hinge at the margin is
    double topP = 0.9;       // chosen tokens: the likeliest others of this much probability …
    std::int64_t topK = 20;  // … at most so many
    double others = 0.4;     // weight that holds the other tokens' logits at a flagged position
    double targets = 0.05;   // weight that holds rejected and chosen ones, beyond
    double grace = 1;        // so many logits
    double rest = 0.4;       // weight that holds all logits where nothing is flagged
};

struct RoundSettings {
    std::string model;  // as resolved against the round's folder
    std::string parentAdapter;
    ParentUse parentUse = ParentUse::None;
    Objective objective = Objective::Cut;
    std::string preset = "stable";

    Contrast contrast = Contrast::D1;
    double lambda = kDefaultLambda;
    std::optional<double> falseAlarmRate;  // λ is made from it before the first step
    double alpha = 1;
    double gamma = 0;
    double imitate = 0.25;  // weight of unflagged tokens of a criticised response in L1
    FlagTime flags = FlagTime::Start;
    EmptyFlags emptyFlags = EmptyFlags::Skip;
    Combine combine = Combine::Half;
    TruncateSide truncate = TruncateSide::Tail;
    MarksUse marks = MarksUse::Union;
    double positiveRatio = 0.25;  // −1 keeps all accepted
    double beta = 0.1;            // dpo
    double signalClip = 2;        // offline-self-distillation
    FtpoSettings ftpo;
    AnchorSettings anchor;

    std::int64_t loraRank = 16;
    double loraAlpha = 16;
    double loraDropout = 0;
    bool loraRankStabilised = false;
    std::optional<ModuleChoice> loraTargets;  // none: the MLP's linear layers
    std::vector<std::string>
        loraFields;  // which of r, alpha, targets were given: with "continue" they must be the parent's

    std::optional<double> learningRate;  // none: the preset's rule
    double beta1 = 0.9;
    double beta2 = 0.999;
    double eps = 1e-8;
    double weightDecay = 0;
    double maxGradNorm = 1;
    ScheduleKind schedule = ScheduleKind::Cosine;
    std::optional<std::int64_t> warmupSteps;
    double warmupRatio = 0.1;
    bool warmupFromZero = false;

    std::optional<std::int64_t> epochs;    // none: the preset's rule
    std::optional<std::int64_t> maxSteps;  // exactly so many updates, whatever the epochs say
    std::int64_t batchSize = 8;
    bool shuffle = true;
    std::optional<std::int64_t> microBatchTokens;  // none: "auto"
    std::int64_t maxLength = 2048;
    std::string promptStyle = "auto";
    std::uint64_t seed = kDefaultSeed;
    std::string device = "auto";
    std::string dtype = "auto";
    int threads = 0;
    std::int64_t checkpointEverySteps = 50;
    int keepCheckpoints = 2;

    std::vector<std::string> warnings;  // unknown fields
};

// folder: relative paths are relative to it. Failure(BadInput): wrong type or range.
RoundSettings parseRoundSettings(const Json& json, const std::string& folder);
RoundSettings readRoundSettings(const std::string& folder);  // folder/round.json

// Only what decides which tokens are flagged and penalised: preset, contrast, lambda, truncate, max_length, marks.
// `what` begins messages.
RoundSettings parseDetectionSettings(const Json& json, const std::string& what);

// The values of settings.preset, the table of docs/headless.md, into settings as constructed; the fields beside it are
// read after. `what`: round.json's path. Failure(BadInput): no such preset.
void applyPreset(RoundSettings& settings, const std::string& what);

// The rules that need the model and the data: learning rate by width, epochs so that there are at least 32 updates.
double resolvedLearningRate(const RoundSettings& settings, std::int64_t hiddenSize);
std::int64_t stepsPerEpoch(const RoundSettings& settings, std::int64_t examples);  // at least 1
std::int64_t resolvedEpochs(const RoundSettings& settings,
                            std::int64_t examples);  // begun ones, the last may be partial
std::int64_t resolvedSteps(const RoundSettings& settings, std::int64_t examples);
std::int64_t resolvedWarmup(const RoundSettings& settings, std::int64_t steps);

std::string objectiveName(Objective objective);  // as round.json says it

// The MLP's linear layers by the family's names, unless the settings choose.
ModuleChoice resolvedTargets(const RoundSettings& settings, const ModelConfig& model);

// Every setting as used, with round.json's names: goes into resolved.json.
Json toJson(const RoundSettings& settings);

}  // namespace stet::files
