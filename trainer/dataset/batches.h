// Which examples an update reads, and which of them go through the model together. Functions of settings and step
// alone: a resumed round reads the same, and an estimate knows what the round will do. Pure. Any thread.
#pragma once

#include "trainer/files/round_settings.h"
#include "trainer/objectives/training_example.h"

#include <cstdint>
#include <vector>

namespace stet::round {

using Group = std::vector<const TrainingExample*>;

// The batch of each update, in its epoch's order; an epoch's last may be smaller. Borrows both for its life.
class StepBatches {
public:
    StepBatches(const std::vector<TrainingExample>& examples, const files::RoundSettings& settings)
        : m_examples(examples), m_settings(settings)
    {
    }

    Group at(std::int64_t step);

private:
    const std::vector<TrainingExample>& m_examples;
    const files::RoundSettings& m_settings;
    std::int64_t m_epoch = -1;
    std::vector<std::size_t> m_order;  // of that epoch
};

// Which anchors a step reads: the next anchor.batch_size of the list, which is ordered anew for every pass over it as
// an epoch's examples are.
Group anchorBatch(const std::vector<TrainingExample>& anchors, const files::RoundSettings& settings, std::int64_t step);

// Cuts a batch so that its tokens stay within the bound; an example's readings stay together. Keeps the order.
std::vector<Group> microBatches(const Group& batch, std::int64_t maxTokens);

}  // namespace stet::round
