// What scoring and training take on this device, beside what was estimated for them from the headers: on random ids of
// a given shape. For `bench --memory` and tests. Compute thread.
#pragma once

#include "trainer/estimate/model_memory.h"
#include "trainer/files/round_settings.h"
#include "trainer/model/decoder.h"

#include <cstdint>

namespace stet::bench {

struct MemoryBenchmark {
    std::uint64_t estimated = 0;  // bytes of tensors beside the weights
    std::uint64_t measured = 0;   // at the peak
    double ratio() const { return static_cast<double>(estimated) / static_cast<double>(measured); }
};

struct BenchmarkShape {
    std::int64_t rows = 1;
    std::int64_t prompt = 0;  // tokens of each row
    std::int64_t response = 0;
    std::int64_t rank = 16;
    bool mlpOnly = true;
    double dropout = 0;
    files::Objective objective = files::Objective::Sft;  // cut, ftpo and self-distillation read each response twice
};

MemoryBenchmark benchmarkScoring(const model::Decoder& decoder,
                                 const BenchmarkShape& shape);  // one row, as scoring does it
MemoryBenchmark benchmarkTraining(const model::Decoder& decoder,
                                  const BenchmarkShape& shape);  // one micro-batch and its step

}  // namespace stet::bench
