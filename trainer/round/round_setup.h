// Everything a round works with, made from its folder before the first step: settings, examples, model, adapters,
// optimizer and schedule. Made once by runRound, then borrowed by the round's other pieces. Compute thread.
#pragma once

#include "trainer/dataset/example_reader.h"
#include "trainer/dataset/training_set.h"
#include "trainer/files/model_folder.h"
#include "trainer/model/ops/dropout.h"
#include "trainer/round/optimizer.h"
#include "trainer/round/round_adapters.h"
#include "trainer/round/round_log.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace stet::round {

struct RoundSetup {
    std::string folder;
    files::RoundSettings settings;  // lora.targets resolved
    files::ModelFolder modelFolder;
    std::int64_t promptTime = 0;
    std::string promptStyle;  // the resolved one's name
    std::unique_ptr<Objective> objective;
    TrainingSet set;
    std::unique_ptr<model::Decoder> ownDecoder;  // none where the caller's was the folder's model
    const model::Decoder* decoder = nullptr;
    RoundAdapters adapters;
    std::unique_ptr<model::DropoutBank> dropout;  // none: no dropout
    std::unique_ptr<AdamW> optimizer;
    std::int64_t epochs = 1;
    std::int64_t stepsPerEpoch = 1;
    Schedule schedule;
    std::int64_t microBatchTokens = 1024;
    std::optional<double> falseAlarmRate;  // that settings.lambda was made from
    std::int64_t emptyFlags = 0;           // criticised examples with nothing flagged so far, in the first epoch

    // Points into this setup. `between` is called between two micro-batches.
    StepContext context(std::function<void()> between) const;
};

// From here on the settings hold the λ that was made of their rate of false alarms.
void fixLambda(RoundSetup& setup, double lambda);

// settings: as read from the folder. Failures as runRound's.
RoundSetup setUpRound(const std::string& folder, files::RoundSettings settings, const RoundOptions& options,
                      RoundReporter& reporter);

}  // namespace stet::round
