#include "trainer/pretrain/pretrain_settings.h"

#include "base/failure.h"
#include "base/json.h"
#include "trainer/files/round_setting_reader.h"

#include <array>
#include <string_view>
#include <vector>

namespace stet::round {

namespace {

const std::vector<std::string_view> kKnown = {"steps",        "epochs",       "batch_size",
                                              "lr",           "min_lr_ratio", "warmup_steps",
                                              "weight_decay", "betas",        "max_grad_norm",
                                              "max_length",   "seed",         "threads",
                                              "device",       "dtype_out",    "checkpoint_every_steps"};

// Is it bfloat16?
constexpr std::array<files::Named<bool>, 2> kDtypes = {{{"bfloat16", true}, {"float32", false}}};

}  // namespace

PretrainSettings readPretrainSettings(const std::string& folder,
                                      const std::function<void(const std::string&)>& onWarning)
{
    const std::string path = folder + "/pretrain.json";
    const Json json = readJsonFile(path);
    if (!json.is_object()) {
        throw badInput(path + ": expected an object");
    }
    for (const auto& warning : unknownFields(json, kKnown, path)) {
        if (onWarning) {
            onWarning(warning);
        }
    }
    const files::SettingReader reader(json, path);
    PretrainSettings s;
    reader.integer("steps", s.steps, 1, files::kManySteps);
    reader.number("epochs", s.epochs, 1e-6, 1e6);
    reader.integer("batch_size", s.batchSize, 1, 65536);
    reader.number("lr", s.learningRate, 1e-12, 10);
    reader.number("min_lr_ratio", s.minRatio, 0, 1);
    reader.integer("warmup_steps", s.warmupSteps, 0, files::kManySteps);
    reader.number("weight_decay", s.adamw.weightDecay, 0, 10);
    reader.betas("betas", s.adamw.beta1, s.adamw.beta2);
    reader.number("max_grad_norm", s.maxGradNorm, 0, 1e9);
    reader.integer("max_length", s.maxLength, 2, files::kManySteps);
    reader.integer("seed", s.seed, 0, INT64_MAX);
    reader.integer("threads", s.threads, 0, 4096);
    reader.text("device", s.device);
    reader.word("dtype_out", kDtypes, s.bfloat16);
    reader.integer("checkpoint_every_steps", s.checkpointEvery, 1, files::kManySteps);
    return s;
}

}  // namespace stet::round
