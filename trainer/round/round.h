// A round: the folder's judgments in, an adapter out. One linear story: check, load, score, train, save, evaluate.
// Compute thread. Runs again by hand; resumes from its newest checkpoint; a finished folder says so. One process per
// folder. Uses no global random state, so that what is done between two micro-batches never changes the result.
#pragma once

#include "contract/round.h"
#include "trainer/files/round_settings.h"
#include "trainer/model/decoder.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace stet::round {

using contract::Outcome;
using contract::Phase;
using contract::RoundResult;
using contract::Stop;

struct RoundProgress {
    std::int64_t step = 0;
    std::int64_t steps = 0;
    double secondsLeft = -1;  // negative: not known yet
    contract::Step done;      // as in log.jsonl
};

// Of the examples that are read before the first step.
struct ScoringProgress {
    std::int64_t done = 0;
    std::int64_t all = 0;
    double secondsLeft = -1;  // negative: not known yet
};

// Every hook may be empty. Called on the compute thread.
struct RoundHooks {
    std::function<void(Phase)> onPhase;
    std::function<void(const ScoringProgress&)> onScored;
    std::function<void(const RoundProgress&)> onStep;
    std::function<void(const std::string&)> onWarning;
    std::function<void()> betweenMicroBatches;  // other work may use the model here; the round's bytes don't change
    // Between a step's backward and clipping: makes one gradient of those of several processes, each of which read a
    // part of the step, in place. Empty: this process reads all of it.
    std::function<void(const std::vector<at::Tensor>& gradients)> reduceGradients;
    std::function<Stop()> stopRequested;  // also asked while responses are scored before the first step
    std::function<bool()> saveRequested;  // true once: write a checkpoint now
};

struct RoundOptions {
    bool dryRun = false;   // check, load, one step on the longest example; nothing is written
    bool restart = false;  // delete outputs first
    bool keep = false;     // no further step: what the newest checkpoint holds is the round's result
    // Already loaded by the server: used when it is the folder's model. Borrowed.
    const model::Decoder* decoder = nullptr;
    std::string decoderModel;      // path of the folder it was loaded from
    std::uint64_t freeMemory = 0;  // bytes a round may use; 0: what is free on its device
};

// The report is report.json's content; of a dry run: what would train. Failures: BadInput (data, settings, disk, a loss
// that is no number), ModelRefused, OutOfMemory, Usage.
RoundResult runRound(const std::string& folder, const RoundOptions& options, const RoundHooks& hooks);

// What would train, from the files alone: no weights are read. options: the round's own, for what is loaded already.
contract::RoundPreview previewRound(const std::string& folder, const RoundOptions& options = {});

// What would be penalised, by the model (detection_summary.h). Of the hooks betweenMicroBatches is called; it may throw
// model::Cancelled. Writes nothing. Failures as runRound's.
contract::DetectionSummary previewDetection(const std::string& folder, const RoundOptions& options,
                                            const RoundHooks& hooks);

}  // namespace stet::round
