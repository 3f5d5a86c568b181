// A round's state between two updates as a checkpoint, and back: the trained adapter, the optimizer, what was fixed at
// the start. Called by runRound and its loop. Compute thread.
#pragma once

#include "trainer/round/round_hashes.h"

#include <cstdint>
#include <optional>

namespace stet::round {

// After `step` updates. Failure(BadInput): the disk is full or the like.
void saveRound(const RoundSetup& setup, const RoundHashes& hashes, std::int64_t step);

// Back to where the newest intact checkpoint was: the updates done; none without one. Failure(BadInput): it belongs to
// other settings, data or model.
std::optional<std::int64_t> restoreRound(RoundSetup& setup, const RoundHashes& hashes, Announcer& announcer);

}  // namespace stet::round
