// What scoring and training take on this device, beside what was estimated for them from the headers: on random ids of
// a given shape. For `bench --memory` and tests. Compute thread.
#pragma once

#include "trainer/model/decoder.h"
#include "trainer/files/round_settings.h"
#include "trainer/model/memory_estimate.h"

#include <cstdint>

namespace stet::round {

struct MemoryTrial {
    std::uint64_t estimated = 0;  // bytes of tensors beside the weights
    std::uint64_t measured = 0;   // at the peak
    double ratio() const { return static_cast<double>(estimated) / static_cast<double>(measured); }
};

struct TrialShape {
    std::int64_t rows = 1;
    std::int64_t prompt = 0;  // tokens of each row
    std::int64_t response = 0;
    std::int64_t rank = 16;
    bool mlpOnly = true;
    double dropout = 0;
    files::Objective objective = files::Objective::Sft;  // cut and self-distillation read each response twice
};

MemoryTrial scoreTrial(const model::Decoder& decoder, const TrialShape& shape);     // one row, as scoring does it
MemoryTrial trainingTrial(const model::Decoder& decoder, const TrialShape& shape);  // one micro-batch and its step

}  // namespace stet::round
