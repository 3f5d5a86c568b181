#include "trainer/round/round_checkpoint.h"

#include "base/failure.h"
#include "trainer/checkpoint/checkpoint.h"
#include "trainer/dataset/reference_pass.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <stdexcept>

namespace stet::round {

namespace {

// What the bytes of a step depend on beside the round's own settings.
std::string computedHow(const model::Compute& compute)
{
    const std::string dtype = compute.dtype == c10::kFloat ? "float32" : "bfloat16";
    return compute.device.str() + " " + dtype + " " + std::to_string(compute.threads);
}

void restore(RoundSetup& setup, const Checkpoint& checkpoint)
{
    const at::NoGradGuard noGrad;
    for (auto& [module, pair] : setup.adapters.trained.modules) {
        pair.a.copy_(checkpoint.tensors.at("adapter").at(module + ".a"));
        pair.b.copy_(checkpoint.tensors.at("adapter").at(module + ".b"));
    }
    setup.optimizer->restore(checkpoint.tensors.at("optimizer"), checkpoint.step);
    restorePrepared(setup.set.examples, checkpoint.state);
    setup.emptyFlags = checkpoint.state.at("empty_flags").get<std::int64_t>();
}

[[noreturn]] void refuseState(const std::string& folder)
{
    throw badInput(folder + " has a checkpoint that lacks what the round needs; start over with --restart");
}

}  // namespace

void saveRound(const RoundSetup& setup, const RoundHashes& hashes, std::int64_t step)
{
    Checkpoint checkpoint;
    checkpoint.step = step;
    for (const auto& [module, pair] : setup.adapters.trained.modules) {
        checkpoint.tensors["adapter"][module + ".a"] = pair.a;
        checkpoint.tensors["adapter"][module + ".b"] = pair.b;
    }
    checkpoint.tensors["optimizer"] = setup.optimizer->state();
    checkpoint.state = preparedState(setup.set.examples);
    checkpoint.state["fingerprint"] = hashes.round;
    checkpoint.state["empty_flags"] = setup.emptyFlags;
    checkpoint.state["computed"] = computedHow(setup.decoder->compute());
    saveCheckpoint(setup.folder, checkpoint, setup.settings.keepCheckpoints);
}

std::optional<std::int64_t> restoreRound(RoundSetup& setup, const RoundHashes& hashes, Announcer& announcer)
{
    std::vector<std::string> damaged;
    const auto checkpoint = loadNewestCheckpoint(setup.folder, damaged);
    announcer.warn(damaged);
    if (!checkpoint) {
        return std::nullopt;
    }
    if (checkpoint->state.value("fingerprint", "") != hashes.round) {
        throw badInput(setup.folder +
                       " has a checkpoint of other settings, data or model; put them back, or start over with "
                       "--restart");
    }
    if (checkpoint->state.value("computed", "") != computedHow(setup.decoder->compute())) {
        announcer.warn("The round is resumed on another device, dtype or number of threads: its bytes will differ from "
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
