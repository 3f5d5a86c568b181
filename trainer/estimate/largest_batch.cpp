#include "trainer/estimate/largest_batch.h"

#include <algorithm>

namespace stet::round {

namespace {

void include(RoundMemory& memory, const TrainingExample& example)
{
    std::int64_t responses = 0;
    for (const Reading& reading : example.readings) {
        responses += static_cast<std::int64_t>(reading.sequence.response.size());
    }
    const auto readings = static_cast<std::int64_t>(example.readings.size());
    const auto trained = std::count_if(example.readings.begin(), example.readings.end(),
                                       [](const Reading& reading) { return reading.use == Use::Trained; });
    memory.trainedShare = std::max(memory.trainedShare, static_cast<double>(trained) / static_cast<double>(readings));
    memory.longest = std::max(memory.longest, example.cost);
    memory.length = std::max(memory.length, example.cost / readings);
    memory.scoredShare =
        std::max(memory.scoredShare, static_cast<double>(responses) / static_cast<double>(example.cost));
}

}  // namespace

RoundMemory largestBatch(const files::RoundSettings& settings, const files::AdapterConfig& adapter,
                         const TrainingSet& set)
{
    RoundMemory memory;
    memory.scoredShare = 0;
    memory.trainedShare = 0;
    for (const auto* examples : {&set.examples, &set.anchors}) {
        for (const auto& example : *examples) {
            include(memory, example);
        }
    }
    memory.batchSize = settings.batchSize;
    memory.adapter = adapter;
    memory.wholeVocabulary =
        settings.anchor.kind == files::AnchorKind::Kl || settings.objective == files::Objective::SelfDistillation;
    return memory;
}

}  // namespace stet::round
