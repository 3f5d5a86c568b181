// What stands in a round's folder besides its checkpoints and log: resolved.json before the first step; adapter/,
// probe.json and report.json after the last. Whole or not at all. Called by runRound and by what reads a round's folder
// again. Compute thread.
#pragma once

#include "trainer/round/round_checkpoint.h"
#include "trainer/round/training_loop.h"

#include <cstdint>
#include <optional>
#include <string>

namespace stet::round {

// Checkpoints, log and everything below; what the round is made from stays.
void removeOutputs(const std::string& folder);

// report.json of a round that is finished.
std::optional<Json> finishedReport(const std::string& folder);

// What chat templates are told of the time, in seconds since 1970: when the round in the folder was begun, else now.
std::int64_t promptTime(const std::string& folder);

// Every setting as used, and on what.
void publishResolved(const RoundSetup& setup, const RoundHashes& hashes);

// Publishes the trained adapter when it passes the health gate, and says how it did. Failure(BadInput): it did not, and
// there is no adapter; or the disk is full.
Json publishAdapter(RoundSetup& setup, const RoundReporter& reporter);

// {"outcome", "steps", "totals", …}, which is published last: with it the round is finished.
Json publishReport(const RoundSetup& setup, const TrainingEnd& end, const Json& health, const RoundReporter& reporter);

}  // namespace stet::round
