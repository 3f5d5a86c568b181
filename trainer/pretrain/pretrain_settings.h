// pretrain.json as checked values. For pretrain alone. Any thread.
#pragma once

#include "trainer/round/adamw.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace stet::round {

struct PretrainSettings {
    std::optional<std::int64_t> steps;  // none: from epochs
    double epochs = 1;
    std::int64_t batchSize = 64;
    double learningRate = 3e-3;
    double minRatio = 0.1;  // of the learning rate, reached at the end
    std::int64_t warmupSteps = 100;
    AdamWSettings adamw{0.9, 0.95, 1e-8, 0.1};
    double maxGradNorm = 1;
    std::int64_t maxLength = 256;
    std::uint64_t seed = 1;
    int threads = 0;
    std::string device = "auto";
    bool bfloat16 = true;  // of the published model
    std::int64_t checkpointEvery = 500;
};

// onWarning hears of unknown fields; may be empty. Failure(BadInput): wrong type or range.
PretrainSettings readPretrainSettings(const std::string& folder,
                                      const std::function<void(const std::string&)>& onWarning);

}  // namespace stet::round
