#include "trainer/round/training_loop.h"

#include "base/failure.h"
#include "trainer/checkpoint/checkpoint.h"
#include "trainer/round/round_log.h"

#include <algorithm>
#include <cmath>

namespace stet::round {

namespace {

// Thrown between two micro-batches, out of a step that keeps nothing.
struct StepAbandoned {
    Stop stop = Stop::Pause;
};

// Thrown before an update that would have made every weight no number.
struct NotANumber {
    StepResult result;
    double norm = 0;
};

}  // namespace

TrainingLoop::TrainingLoop(RoundSetup& setup, const RoundHooks& hooks, std::function<void(std::int64_t)> save)
    : m_setup(setup), m_hooks(hooks), m_save(std::move(save)), m_batches(setup.set.examples, setup.settings)
{
}

TrainingEnd TrainingLoop::run(std::int64_t first)
{
    StepLog log(m_setup.folder + "/log.jsonl", first);
    m_first = first;
    m_now = {};
    m_now.step = first;
    while (m_now.step < m_setup.schedule.steps && m_now.stop == Stop::None) {
        try {
            log.append(toJson(oneStep()));
            m_now.stop = stopRequested();
        } catch (const StepAbandoned& abandoned) {
            m_now.stop = abandoned.stop;
        } catch (const NotANumber& broken) {
            log.append(toJson(brokenStep(broken.result, broken.norm)));
            refuseNotANumber();
        }
        const bool wanted = m_hooks.saveRequested && m_hooks.saveRequested();
        const bool due = m_now.step % m_setup.settings.checkpointEverySteps == 0 && m_now.step < m_setup.schedule.steps;
        if (m_now.stop == Stop::Pause || wanted || due) {
            m_save(m_now.step);
        }
    }
    return m_now;
}

// The line of a step that was not made: whoever reads the log sees where it ended, and by what.
contract::Step TrainingLoop::brokenStep(const StepResult& result, double norm) const
{
    contract::Step step;
    step.losses = lossesOf(result);
    step.losses.loss = contract::StepLosses::kNone;
    step.step = m_now.step + 1;
    step.gradNorm = norm;
    return step;
}

void TrainingLoop::refuseNotANumber() const
{
    const auto kept = newestCheckpoint(m_setup.folder);
    throw badInput(
        "The loss at step " + std::to_string(m_now.step + 1) +
        " is not a number: the learning rate is too high or the model's weights are damaged. " +
        (kept ? "What was trained until step " + std::to_string(*kept) + " is kept: finish with it (--keep), or lower"
              : std::string("Lower")) +
        " optimizer.lr in round.json and start over (--restart); nothing was published");
}

contract::Step TrainingLoop::oneStep()
{
    const Stopwatch watch;
    const Group batch = m_batches.at(m_now.step);
    const Update done = update(batch);
    contract::Step step;
    step.losses = lossesOf(m_now.lastStep);
    step.step = m_now.step;
    step.gradNorm = done.norm;
    step.learningRate = done.rate;
    step.tokens = m_now.lastStep.tokens;
    step.seconds = watch.seconds();
    for (const auto* example : batch) {
        step.examples.push_back(idOf(example->source));
    }
    tell(step);
    return step;
}

TrainingLoop::Update TrainingLoop::update(const Group& batch)
{
    AdamW& optimizer = *m_setup.optimizer;
    optimizer.zeroGrad();
    const StepResult result = accumulateStep(m_setup.context([this] { betweenMicroBatches(); }), batch, m_now.step);
    if (m_hooks.reduceGradients) {
        m_hooks.reduceGradients(optimizer.gradients());
    }
    const double norm = optimizer.clipGradNorm(m_setup.settings.maxGradNorm);
    if (!std::isfinite(result.loss) || !std::isfinite(norm)) {
        throw NotANumber{result, norm};
    }
    const double rate = m_setup.schedule.at(m_now.step);
    optimizer.step(rate);
    ++m_now.step;
    m_setup.emptyFlags += m_now.step <= m_setup.stepsPerEpoch ? result.emptyFlags : 0;
    m_now.lastStep = result;
    return {norm, rate};
}

void TrainingLoop::tell(const contract::Step& step) const
{
    if (!m_hooks.onStep) {
        return;
    }
    const auto done = m_now.step - m_first;
    const auto left = static_cast<double>(m_setup.schedule.steps - m_now.step);
    const double seconds = done < 2 ? -1 : m_now.sinceBegin.seconds() / static_cast<double>(done) * left;
    m_hooks.onStep({m_now.step, m_setup.schedule.steps, seconds, step});
}

// A step of a large model takes long: a stop that keeps nothing of it doesn't wait for its end. The round is then where
// it was before the step, and a resumed one does it again.
void TrainingLoop::betweenMicroBatches() const
{
    if (m_hooks.betweenMicroBatches) {
        m_hooks.betweenMicroBatches();
    }
    const Stop stop = stopRequested();
    if (stop == Stop::Pause || stop == Stop::Discard) {
        throw StepAbandoned{stop};
    }
}

Stop TrainingLoop::stopRequested() const
{
    return m_hooks.stopRequested ? m_hooks.stopRequested() : Stop::None;
}

}  // namespace stet::round
