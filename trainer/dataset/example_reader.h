// Examples through the decoder: micro-batches, and the log-probabilities of every reading in them. Compute thread.
#pragma once

#include "trainer/objectives/objective.h"
#include "trainer/dataset/step_context.h"

#include <cstdint>
#include <vector>

namespace stet::round {

using Group = std::vector<const TrainingExample*>;

// Groups a batch so that rows × longest stays within the bound; an example's readings stay together. Keeps the order.
std::vector<Group> grouped(const Group& batch, std::int64_t maxTokens);

struct ReadOptions {
    std::vector<const model::Adapter*> terms;
    double dropout = 0;      // on readings with Use::Trained
    std::int64_t step = 0;   // dropout masks come from it
    bool detection = false;  // read Use::Detection too, without gradient
    bool wholeVocabulary = false;
};

// One list of values per example of the group, in order. Differentiable where grad mode is on.
std::vector<ReadingValues> read(const StepContext& context, const Group& group, const ReadOptions& options);

}  // namespace stet::round
