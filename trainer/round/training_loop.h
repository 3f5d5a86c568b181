// A round's updates one after another: batches in the epoch's order, the log, checkpoints when due, and the caller's
// wishes to stop or to save. Made by runRound for one run; borrows setup and hooks. Compute thread.
#pragma once

#include "trainer/round/round_log.h"
#include "trainer/round/round_setup.h"
#include "trainer/round/round_step.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace stet::round {

struct TrainingEnd {
    Stop stop = Stop::None;  // None: all steps are done
    std::int64_t step = 0;   // updates done
    StepResult lastStep;
    Stopwatch sinceBegin;
};

class TrainingLoop {
public:
    // save: writes a checkpoint after that many updates.
    TrainingLoop(RoundSetup& setup, const RoundHooks& hooks, std::function<void(std::int64_t)> save);

    // From update `first` on. Failure(BadInput): a loss that is no number, or the disk is full.
    TrainingEnd run(std::int64_t first);

private:
    struct Update {
        double norm = 0;
        double rate = 0;
    };
    contract::Step oneStep();
    Update update(const Group& batch);
    contract::Step brokenStep(const StepResult& result, double norm) const;
    [[noreturn]] void refuseNotANumber() const;
    void tell(const contract::Step& step) const;
    void betweenMicroBatches() const;
    Stop stopRequested() const;

    RoundSetup& m_setup;
    const RoundHooks& m_hooks;
    std::function<void(std::int64_t)> m_save;
    StepBatches m_batches;
    TrainingEnd m_now;
    std::int64_t m_first = 0;
};

}  // namespace stet::round
