#include "trainer/round/round_checkpoint.h"

#include "base/failure.h"
#include "base/sha256.h"
#include "trainer/checkpoint/checkpoint.h"
#include "trainer/checkpoint/fingerprint.h"
#include "trainer/dataset/reference_pass.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <stdexcept>

namespace stet::round {

namespace {

// Settings that may change between two runs of one round; the model's path may, its bytes may not.
Json settingsThatMatter(const files::RoundSettings& settings)
{
    Json json = files::toJson(settings);
    for (const char* free : {"model", "device", "threads", "checkpoint_every_steps", "keep_checkpoints"}) {
        json.erase(free);
    }
    return json;
}

// What the model is given to read: it depends on prompt texts, chat template and special tokens, too.
std::string hashOfReadings(const TrainingSet& set)
{
    std::vector<score::Sequence> all;
    for (const auto* examples : {&set.examples, &set.anchors}) {
        for (const auto& example : *examples) {
            for (const auto& reading : example.readings) {
                all.push_back(reading.sequence);
            }
            all.insert(all.end(), example.others.begin(), example.others.end());
        }
    }
    return hashOfSequences(all);
}

// What the bytes of a step depend on beside the round's own settings.
std::string computedHow(const RoundSetup& setup)
{
    const model::Compute& compute = setup.decoder->compute();
    const std::string dtype = compute.dtype == c10::kFloat ? "float32" : "bfloat16";
    const std::string how = compute.device.str() + " " + dtype + " " + std::to_string(compute.threads);
    // Made from what is free there.
    return compute.device.is_cpu() ? how : how + " " + std::to_string(setup.microBatchTokens);
}

void restore(RoundSetup& setup, const Checkpoint& checkpoint)
{
    const at::NoGradGuard noGrad;
    for (auto& [module, pair] : setup.adapters.trained.modules) {
        pair.a.copy_(checkpoint.tensors.at("adapter").at(module + ".a"));
        pair.b.copy_(checkpoint.tensors.at("adapter").at(module + ".b"));
    }
    setup.optimizer->restore(checkpoint.tensors.at("optimizer"), checkpoint.step);
    restoreReference(setup.set.examples, checkpoint.state);
    setup.emptyFlags = checkpoint.state.at("empty_flags").get<std::int64_t>();
    if (setup.settings.falseAlarmRate) {
        fixLambda(setup, checkpoint.state.at("lambda").get<double>());
    }
}

// How masks are made of the seed: a round goes on with those it began with, or not at all.
constexpr int kDropoutMasks = 2;

[[noreturn]] void refuseState(const std::string& folder)
{
    throw badInput(folder + " has a checkpoint that lacks what the round needs; start over with --restart");
}

}  // namespace

RoundHashes hashesOf(const RoundSetup& setup)
{
    const auto& settings = setup.settings;
    RoundHashes hashes;
    hashes.examples = sha256OfFile(setup.folder + "/examples.jsonl");
    hashes.model = hashOfModel(setup.modelFolder);
    if (settings.parentUse != files::ParentUse::None) {
        hashes.parent = toHex(sha256(sha256OfFile(settings.parentAdapter + "/adapter_model.safetensors") +
                                     sha256OfFile(settings.parentAdapter + "/adapter_config.json")));
    }
    hashes.round = toHex(sha256(settingsThatMatter(settings).dump() + hashes.examples + hashes.model + hashes.parent +
                                hashOfReadings(setup.set)));
    return hashes;
}

void saveRound(const RoundSetup& setup, const RoundHashes& hashes, std::int64_t step)
{
    Checkpoint checkpoint;
    checkpoint.step = step;
    for (const auto& [module, pair] : setup.adapters.trained.modules) {
        checkpoint.tensors["adapter"][module + ".a"] = pair.a;
        checkpoint.tensors["adapter"][module + ".b"] = pair.b;
    }
    checkpoint.tensors["optimizer"] = setup.optimizer->state();
    checkpoint.state = referenceState(setup.set.examples);
    checkpoint.state["fingerprint"] = hashes.round;
    checkpoint.state["empty_flags"] = setup.emptyFlags;
    if (setup.dropout) {
        checkpoint.state["dropout_masks"] = kDropoutMasks;
    }
    if (setup.falseAlarmRate) {
        checkpoint.state["lambda"] = setup.settings.lambda;
    }
    checkpoint.state["computed"] = computedHow(setup);
    saveCheckpoint(setup.folder, checkpoint, setup.settings.keepCheckpoints);
}

std::optional<std::int64_t> restoreRound(RoundSetup& setup, const RoundHashes& hashes, RoundReporter& reporter)
{
    std::vector<std::string> damaged;
    const auto checkpoint = loadNewestCheckpoint(setup.folder, damaged);
    reporter.warn(damaged);
    if (!checkpoint) {
        return std::nullopt;
    }
    if (checkpoint->state.value("fingerprint", "") != hashes.round) {
        throw badInput(setup.folder +
                       " has a checkpoint of other settings, data or model; put them back, or start over with "
                       "--restart");
    }
    if (setup.dropout && checkpoint->state.value("dropout_masks", 1) != kDropoutMasks) {
        throw badInput(setup.folder +
                       " was begun by another version, whose dropout masks were others; finish it there, or start over "
                       "with --restart");
    }
    if (checkpoint->state.value("computed", "") != computedHow(setup)) {
        reporter.warn("The round is resumed on another device, dtype or number of threads: its bytes will differ from "
                      "an uninterrupted run's");
    }
    try {
        restore(setup, *checkpoint);
    } catch (const std::out_of_range&) {
        refuseState(setup.folder);
    } catch (const Json::exception&) {
        refuseState(setup.folder);
    }
    return checkpoint->step;
}

}  // namespace stet::round
