// What the pieces of an optimizer step work with. Everything is borrowed for the call; compute thread.
#pragma once

#include "trainer/files/round_settings.h"
#include "trainer/model/decoder.h"
#include "trainer/objectives/training_example.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace stet::round {

struct StepContext {
    const model::Decoder& decoder;
    const files::RoundSettings& settings;
    std::vector<const model::Adapter*> terms;  // parents first, the trained adapter last
    std::int64_t microBatchTokens = 1024;
    double dropout = 0;
    std::function<void()> betweenMicroBatches;              // interactive scoring is served there
    std::vector<const model::Adapter*> before = {};         // the model the round began with, for an anchor "kl"
    const std::vector<TrainingExample>* anchors = nullptr;  // accepted answers to hold on to; null: none

    void pauseBetweenMicroBatches() const
    {
        if (betweenMicroBatches) {
            betweenMicroBatches();
            model::useThreads(decoder.compute());
        }
    }
};

}  // namespace stet::round
