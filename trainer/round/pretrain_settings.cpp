#include "trainer/round/pretrain_settings.h"

#include "base/failure.h"
#include "base/json.h"

#include <string_view>
#include <vector>

namespace stet::round {

namespace {

const std::vector<std::string_view> kKnown = {"steps",        "epochs",       "batch_size",
                                              "lr",           "min_lr_ratio", "warmup_steps",
                                              "weight_decay", "betas",        "max_grad_norm",
                                              "max_length",   "seed",         "threads",
                                              "device",       "dtype_out",    "checkpoint_every_steps"};

void readBetas(const Json& json, PretrainSettings& s)
{
    if (const auto betas = json.find("betas"); betas != json.end() && betas->is_array() && betas->size() == 2) {
        s.adamw.beta1 = (*betas)[0].get<double>();
        s.adamw.beta2 = (*betas)[1].get<double>();
    }
}

void refuseImpossible(const PretrainSettings& s, const std::string& path)
{
    if (s.steps.value_or(1) < 1 || !(s.epochs > 0) || s.batchSize < 1 || s.maxLength < 2 || s.checkpointEvery < 1 ||
        s.warmupSteps < 0 || s.threads < 0 || !(s.learningRate > 0)) {
        throw badInput(path +
                       ": steps, epochs, batch_size, max_length, checkpoint_every_steps and lr must be positive, "
                       "warmup_steps and threads not negative");
    }
}

}  // namespace

PretrainSettings readPretrainSettings(const std::string& folder,
                                      const std::function<void(const std::string&)>& onWarning)
{
    const std::string path = folder + "/pretrain.json";
    const Json json = readJsonFile(path);
    for (const auto& warning : unknownFields(json, kKnown, path)) {
        if (onWarning) {
            onWarning(warning);
        }
    }
    PretrainSettings s;
    s.steps = optionalInteger(json, "steps", path);
    s.epochs = optionalNumber(json, "epochs", path).value_or(s.epochs);
    s.batchSize = optionalInteger(json, "batch_size", path).value_or(s.batchSize);
    s.learningRate = optionalNumber(json, "lr", path).value_or(s.learningRate);
    s.minRatio = optionalNumber(json, "min_lr_ratio", path).value_or(s.minRatio);
    s.warmupSteps = optionalInteger(json, "warmup_steps", path).value_or(s.warmupSteps);
    s.adamw.weightDecay = optionalNumber(json, "weight_decay", path).value_or(s.adamw.weightDecay);
    s.maxGradNorm = optionalNumber(json, "max_grad_norm", path).value_or(s.maxGradNorm);
    s.maxLength = optionalInteger(json, "max_length", path).value_or(s.maxLength);
    s.seed = static_cast<std::uint64_t>(optionalInteger(json, "seed", path).value_or(1));
    s.threads = static_cast<int>(optionalInteger(json, "threads", path).value_or(0));
    s.device = optionalString(json, "device", path).value_or(s.device);
    s.bfloat16 = optionalString(json, "dtype_out", path).value_or("bfloat16") == "bfloat16";
    s.checkpointEvery = optionalInteger(json, "checkpoint_every_steps", path).value_or(s.checkpointEvery);
    readBetas(json, s);
    refuseImpossible(s, path);
    return s;
}

}  // namespace stet::round
