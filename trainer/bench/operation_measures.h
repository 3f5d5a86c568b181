// Counts for `bench` of what a layer and a step run, the same on every machine: what would grow unseen. Compute thread.
#pragma once

#include "trainer/model/decoder.h"
#include "trainer/text/example_encoder.h"

#include <cstdint>

namespace stet::bench {

struct OperationMeasures {
    double forwardPerLayer = 0;   // operations, of one sequence with the default preset's adapter
    double backwardPerLayer = 0;  // likewise
    std::int64_t step = 0;        // of a step of eight criticised examples, but for the optimizer
    std::int64_t microBatches = 0;
    std::int64_t hostReads = 0;  // numbers a step reads back
};

// microBatchTokens: of the step.
OperationMeasures measureOperations(const model::Decoder& decoder, const text::ExampleEncoder& encoder,
                                    std::int64_t microBatchTokens);

}  // namespace stet::bench
