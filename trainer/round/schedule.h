// Learning rate of update k = 0, 1, …: warm-up, then cosine, linear or constant. Pure.
#pragma once

#include "trainer/files/round_settings.h"

#include <cstdint>

namespace stet::round {

// warmupSteps updates of warm-up: lr·k/warmup (Transformers' rule, the first is 0) when warmupFromZero, else
// lr·(k+1)/warmup.
struct Schedule {
    double learningRate = 0;
    std::int64_t steps = 0;
    std::int64_t warmupSteps = 0;
    bool warmupFromZero = false;
    files::ScheduleKind kind = files::ScheduleKind::Cosine;
    double minRatio = 0;  // of the peak, reached at the end (pretrain)

    double at(std::int64_t update) const;
};

}  // namespace stet::round
