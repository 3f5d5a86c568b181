// The story of a round. Its parts: round_setup (what it works with), round_checkpoint (where it was), training_loop
// (its steps), round_outputs (what it leaves behind).
#include "trainer/round/round.h"

#include "base/failure.h"
#include "base/files.h"
#include "base/folder_lock.h"
#include "trainer/checkpoint/checkpoint.h"
#include "trainer/dataset/calibration.h"
#include "trainer/dataset/reference_pass.h"
#include "trainer/round/detection_summary.h"
#include "trainer/round/round_checkpoint.h"
#include "trainer/round/round_outputs.h"
#include "trainer/round/training_loop.h"

#include <algorithm>
#include <filesystem>
#include <functional>

namespace stet::round {

namespace {

// Thrown between two micro-batches before the first step, when nothing is written yet.
struct StoppedBeforeTraining {
    Stop how = Stop::Pause;
};

// Scoring all examples may take minutes: a stop that keeps nothing is heard in it.
std::function<void()> beforeTraining(const RoundHooks& hooks)
{
    return [&hooks] {
        if (hooks.betweenMicroBatches) {
            hooks.betweenMicroBatches();
        }
        const Stop stop = hooks.stopRequested ? hooks.stopRequested() : Stop::None;
        if (stop == Stop::Pause || stop == Stop::Discard) {
            throw StoppedBeforeTraining{stop};
        }
    };
}

// What would be penalised, and one step on the longest example; nothing is written.
RoundResult dryRun(RoundSetup& setup, const RoundHooks& hooks, RoundReporter& reporter)
{
    reporter.phase(Phase::Scoring);
    const auto between = beforeTraining(hooks);
    const auto flags = detectionSummary(setup, between);
    reporter.phase(Phase::Training);
    const auto& examples = setup.set.examples;
    const auto longest = std::max_element(examples.begin(), examples.end(), [](const auto& a, const auto& b) {
        return a.shape().tokens < b.shape().tokens;
    });
    std::vector<TrainingExample> one = {*longest};
    const StepContext context = setup.context(between);
    referencePass(context, one);
    const StepResult result = accumulateStep(context, {&one.front()}, 0);
    return {Outcome::DryRun,
            {{"outcome", contract::word(Outcome::DryRun)},
             {"totals", toJson(totalsOf(setup.set))},
             {"flags", toJson(flags)},
             {"steps", setup.schedule.steps},
             {"loss", result.loss},
             {"warnings", reporter.warnings()}}};
}

// The first update to make: where a checkpoint was, else 0 with what is fixed at the start.
std::int64_t firstUpdate(RoundSetup& setup, const RoundHashes& hashes, const RoundHooks& hooks, RoundReporter& reporter)
{
    if (const auto step = restoreRound(setup, hashes, reporter)) {
        return *step;
    }
    if (needsReferencePass(*setup.objective, setup.set.examples)) {
        reporter.phase(Phase::Scoring);
        const Stopwatch watch;
        referencePass(setup.context(beforeTraining(hooks)), setup.set.examples,
                      [&](std::int64_t done, std::int64_t all) {
                          const double each = watch.seconds() / static_cast<double>(done);
                          reporter.scored({done, all, each * static_cast<double>(all - done)});
                      });
    }
    if (setup.settings.falseAlarmRate) {
        fixLambda(setup, calibrate(setup.settings, *setup.settings.falseAlarmRate, setup.set.examples));
    }
    return 0;
}

RoundResult finish(RoundSetup& setup, const TrainingEnd& end, const RoundReporter& reporter)
{
    if (end.stop == Stop::Pause) {
        return {Outcome::Paused, {{"outcome", "paused"}, {"step", end.step}, {"steps", setup.schedule.steps}}};
    }
    if (end.stop == Stop::Discard) {
        removeOutputs(setup.folder);
        return {Outcome::Discarded, {{"outcome", "discarded"}, {"step", end.step}}};
    }
    const Json health = publishAdapter(setup, reporter);
    const Json report = publishReport(setup, end, health, reporter);
    removeCheckpoints(setup.folder);
    return {end.stop == Stop::Keep ? Outcome::Kept : Outcome::Finished, report};
}

// A round that can't go on, or isn't to, has what was trained until its newest checkpoint.
TrainingEnd keptAtCheckpoint(RoundSetup& setup, const RoundHashes& hashes, RoundReporter& reporter)
{
    const auto step = restoreRound(setup, hashes, reporter);
    if (!step) {
        throw badInput(setup.folder + " has no checkpoint yet, so there is nothing to keep; run it without keep");
    }
    TrainingEnd end;
    end.stop = Stop::Keep;
    end.step = *step;
    return end;
}

RoundResult run(const std::string& folder, const RoundOptions& options, const RoundHooks& hooks)
{
    if (!std::filesystem::is_directory(folder)) {
        throw badInput("There is no round folder at " + folder + "; check the path");
    }
    RoundReporter reporter(hooks);
    reporter.phase(Phase::Checking);
    const auto settings = files::readRoundSettings(folder);
    if (options.dryRun) {
        RoundSetup setup = setUpRound(folder, settings, options, reporter);
        return dryRun(setup, hooks, reporter);
    }
    const FolderLock lock(folder);
    refuseUnlessLocked(lock, folder);
    removeLeftovers(folder);
    if (options.restart) {
        removeOutputs(folder);
    } else if (const auto report = finishedReport(folder)) {
        return {Outcome::AlreadyFinished, *report};
    }
    RoundSetup setup = setUpRound(folder, settings, options, reporter);
    const RoundHashes hashes = hashesOf(setup);
    if (options.keep) {
        return finish(setup, keptAtCheckpoint(setup, hashes, reporter), reporter);
    }
    const std::int64_t first = firstUpdate(setup, hashes, hooks, reporter);
    publishResolved(setup, hashes);
    reporter.phase(Phase::Training);
    TrainingLoop loop(setup, hooks, [&](std::int64_t step) { saveRound(setup, hashes, step); });
    return finish(setup, loop.run(first), reporter);
}

}  // namespace

RoundResult runRound(const std::string& folder, const RoundOptions& options, const RoundHooks& hooks)
{
    try {
        return run(folder, options, hooks);
    } catch (const StoppedBeforeTraining& stopped) {
        const Outcome outcome = stopped.how == Stop::Pause ? Outcome::Paused : Outcome::Discarded;
        return {outcome, {{"outcome", contract::word(outcome)}, {"step", 0}}};
    }
}

contract::DetectionSummary previewDetection(const std::string& folder, const RoundOptions& options,
                                            const RoundHooks& hooks)
{
    const RoundHooks silent;
    RoundReporter reporter(silent);
    RoundSetup setup = setUpRound(folder, files::readRoundSettings(folder), options, reporter);
    return detectionSummary(setup, hooks.betweenMicroBatches);
}

}  // namespace stet::round
