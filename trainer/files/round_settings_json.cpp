// Settings as round.json says them.
#include "trainer/files/setting_reader.h"
#include "trainer/files/round_settings.h"

namespace stet::files {

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
    if (s.falseAlarmRate) {
        json["lambda"] = nullptr;
        json["false_alarm_rate"] = *s.falseAlarmRate;
    }
    // Only where they mean something: a checkpoint knows its round by these lines.
    if (s.maxSteps) {
        json["max_steps"] = *s.maxSteps;
    }
    if (s.objective == Objective::OfflineSelfDistillation) {
        json["signal_clip"] = s.signalClip;
    }
    if (s.objective == Objective::Ftpo) {
        json["ftpo"] = {{"push", nameOf(kPushes, s.ftpo.push)},
                        {"epsilon", s.ftpo.epsilon},
                        {"tau", s.ftpo.tau},
                        {"top_p", s.ftpo.topP},
                        {"top_k", s.ftpo.topK},
                        {"others", s.ftpo.others},
                        {"targets", s.ftpo.targets},
                        {"grace", s.ftpo.grace},
                        {"rest", s.ftpo.rest}};
    }
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
