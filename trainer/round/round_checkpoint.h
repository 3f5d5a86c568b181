// A round's state between two updates as a checkpoint, and back: the trained adapter, the optimizer, what was fixed at
// the start. Called by runRound and its loop. Compute thread.
#pragma once

#include "trainer/round/round_setup.h"

#include <cstdint>
#include <optional>
#include <string>

namespace stet::round {

// What a round's bytes come from: its examples, model, parent and settings, as hashes. Taken by runRound as soon as the
// examples are read, before anybody changes the file.
struct RoundHashes {
    std::string examples;
    std::string model;   // of config.json, tokenizer.json and all weight files
    std::string parent;  // of the parent adapter's weights and configuration; empty without one
    std::string round;   // of all of them, of every setting that changes the result, and of the token ids that are read
};
// Failure(BadInput): a file can't be read.
RoundHashes hashesOf(const RoundSetup& setup);

// After `step` updates. Failure(BadInput): the disk is full or the like.
void saveRound(const RoundSetup& setup, const RoundHashes& hashes, std::int64_t step);

// Back to where the newest intact checkpoint was: the updates done; none without one. Failure(BadInput): it belongs to
// other settings, data or model.
std::optional<std::int64_t> restoreRound(RoundSetup& setup, const RoundHashes& hashes, RoundReporter& reporter);

}  // namespace stet::round
