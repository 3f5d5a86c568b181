#include "trainer/round/round_checkpoint.h"

#include "base/failure.h"
#include "trainer/round/checkpoint.h"
#include "trainer/round/prepared.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

namespace stet::round {

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
    checkpoint.state["threads"] = setup.decoder->compute().threads;
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
    if (checkpoint->state.value("threads", 0) != setup.decoder->compute().threads) {
        announcer.warn("The round is resumed with another number of threads: its bytes will differ from an "
                       "uninterrupted run's");
    }
    const at::NoGradGuard noGrad;
    for (auto& [module, pair] : setup.adapters.trained.modules) {
        pair.a.copy_(checkpoint->tensors.at("adapter").at(module + ".a"));
        pair.b.copy_(checkpoint->tensors.at("adapter").at(module + ".b"));
    }
    setup.optimizer->restore(checkpoint->tensors.at("optimizer"), checkpoint->step);
    restorePrepared(setup.set.examples, checkpoint->state);
    return checkpoint->step;
}

}  // namespace stet::round
