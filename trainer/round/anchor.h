// The off-target anchor: a term that holds the model on accepted answers, where nobody complained (the idea of C3PO,
// arXiv 2402.10893). Kind "kl": (1/N) Σ_t KL(new ‖ before) per response token over the full vocabulary; kind "sft":
// −(1/N) Σ log p(t). Compute thread.
#pragma once

#include "trainer/dataset/example_reader.h"

#include <cstdint>

namespace stet::round {

// Which anchors a step reads: the next anchor.batch_size of the list, which is ordered anew for every pass over it as
// an epoch's examples are. A function of the step alone, so that a resumed round reads the same.
Group anchorBatch(const std::vector<TrainingExample>& anchors, const files::RoundSettings& settings, std::int64_t step);

// Adds the gradient of weight × mean over the step's anchors; returns the mean before the weight.
double accumulateAnchor(const StepContext& context, std::int64_t step);

}  // namespace stet::round
