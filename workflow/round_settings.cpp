#include "workflow/round_settings.h"

#include "base/failure.h"
#include "base/flag_rule.h"
#include "base/json.h"
#include "workflow/round_run.h"

#include <algorithm>

namespace stet::workflow {

using annotate::Project;

namespace {

Json valueOf(const std::string& text)
{
    Json value = Json::parse(text, nullptr, false);
    return value.is_discarded() ? Json(text) : value;
}

double numberOf(const std::string& path, const std::string& text, double low, double high)
{
    const Json value = valueOf(text);
    if (!value.is_number() || !(value.get<double>() >= low && value.get<double>() <= high)) {
        throw badInput("'" + path + "' takes a number from " + Json(low).dump() + " to " + Json(high).dump() +
                       ", not '" + text + "'");
    }
    return value.get<double>();
}

// What a project keeps beside its round settings. True: it was that.
bool chooseElsewhere(Project& project, const std::string& path, const std::string& value)
{
    if (path == "preset") {
        requirePreset(value.empty() ? "stable" : value);
        project.setSetting("preset", value.empty() ? "stable" : value);
    } else if (path == "lambda") {
        project.chooseLambda(value.empty() ? kDefaultLambda : numberOf(path, value, 1, 1e6));
    } else if (path == "false_alarm_rate") {
        project.chooseFalseAlarmRate(value.empty() ? annotate::kDefaultFalseAlarmRate : numberOf(path, value, 0, 0.5));
    } else if (path == "contrast") {
        if (!value.empty() && !contrastFromName(value)) {
            throw badInput("'contrast' is '" + value + "'; known: D1 to D6");
        }
        project.setSetting("contrast", value);
    } else {
        return false;
    }
    return true;
}

}  // namespace

const std::vector<std::string>& roundSettingNames()
{
    static const std::vector<std::string> kNames = {"alpha",
                                                    "anchor.answers",
                                                    "anchor.batch_size",
                                                    "anchor.kind",
                                                    "anchor.weight",
                                                    "batch_size",
                                                    "beta",
                                                    "checkpoint_every_steps",
                                                    "combine",
                                                    "device",
                                                    "dtype",
                                                    "empty_flags",
                                                    "epochs",
                                                    "flags",
                                                    "ftpo.epsilon",
                                                    "ftpo.grace",
                                                    "ftpo.others",
                                                    "ftpo.push",
                                                    "ftpo.rest",
                                                    "ftpo.targets",
                                                    "ftpo.tau",
                                                    "ftpo.top_k",
                                                    "ftpo.top_p",
                                                    "gamma",
                                                    "imitate",
                                                    "keep_checkpoints",
                                                    "lora.alpha",
                                                    "lora.dropout",
                                                    "lora.r",
                                                    "lora.rslora",
                                                    "lora.targets",
                                                    "marks",
                                                    "max_length",
                                                    "max_steps",
                                                    "micro_batch_tokens",
                                                    "objective",
                                                    "optimizer.betas",
                                                    "optimizer.eps",
                                                    "optimizer.lr",
                                                    "optimizer.max_grad_norm",
                                                    "optimizer.weight_decay",
                                                    "positive_ratio",
                                                    "schedule.kind",
                                                    "schedule.warmup_ratio",
                                                    "schedule.warmup_steps",
                                                    "seed",
                                                    "shuffle",
                                                    "signal_clip",
                                                    "threads",
                                                    "truncate"};
    return kNames;
}

void chooseRoundSetting(Project& project, const std::string& path, const std::string& value)
{
    if (chooseElsewhere(project, path, value)) {
        return;
    }
    const auto& names = roundSettingNames();
    if (!std::binary_search(names.begin(), names.end(), path)) {
        std::string known = "contrast, false_alarm_rate, lambda, preset";
        for (const auto& name : names) {
            known += ", " + name;
        }
        throw Failure(FailureKind::Usage, "there is no setting '" + path + "' of rounds; known: " + known);
    }
    if (path == "anchor.weight" && value.empty()) {
        project.setRoundSetting("anchor", Json());  // without a weight there is none
        return;
    }
    project.setRoundSetting(path, value.empty() ? Json() : valueOf(value));
    // A weight alone means the divergence from the model before.
    if (path == "anchor.weight" && !project.ownRoundSettings().at("anchor").contains("kind")) {
        project.setRoundSetting("anchor.kind", "kl");
    }
}

}  // namespace stet::workflow
