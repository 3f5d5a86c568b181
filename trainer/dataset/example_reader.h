// Examples through the decoder: the log-probabilities of every reading of a micro-batch. For the steps of a
// round and the pass before them. Compute thread.
#pragma once

#include "trainer/dataset/batches.h"
#include "trainer/files/round_settings.h"
#include "trainer/model/decoder.h"
#include "trainer/objectives/objective.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace stet::round {

// What the pieces of an optimizer step work with. Everything is borrowed for the call.
struct StepContext {
    const model::Decoder& decoder;
    const Objective& objective;
    const files::RoundSettings& settings;
    std::vector<const model::Adapter*> terms;  // parents first, the trained adapter last
    std::int64_t microBatchTokens = 1024;
    const model::DropoutBank* dropout = nullptr;            // of the trained adapter; null: none
    std::function<void()> betweenMicroBatches;              // interactive scoring is served there
    std::vector<const model::Adapter*> before = {};         // the model the round began with: an anchor "kl", ftpo
    const std::vector<TrainingExample>* anchors = nullptr;  // accepted answers to hold on to; null: none

    void pauseBetweenMicroBatches() const
    {
        if (betweenMicroBatches) {
            betweenMicroBatches();
            model::useThreads(decoder.compute());
        }
    }
};

struct ReadOptions {
    std::vector<const model::Adapter*> terms;
    const model::DropoutBank* dropout = nullptr;  // on readings with Use::Trained
    std::int64_t step = 0;                        // dropout masks come from it
    bool detection = false;                       // read Use::Detection too, without gradient
    bool wholeVocabulary = false;
};

// One list of values per example of the group, in order. Differentiable where grad mode is on.
std::vector<ExampleLogProbs> read(const StepContext& context, const Group& group, const ReadOptions& options);

// The whole vocabulary by the model the round began with, without gradient and dropout.
std::vector<ExampleLogProbs> readBefore(const StepContext& context, const Group& group);

// What the objective makes a step's loss of: as above, and where it compares with that, the same by the model before.
std::vector<ExampleLogProbs> readForStep(const StepContext& context, const Group& group, std::int64_t step);

}  // namespace stet::round
