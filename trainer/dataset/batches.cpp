#include "trainer/dataset/batches.h"

#include "trainer/dataset/selection.h"

#include <algorithm>

namespace stet::round {

namespace {

std::vector<int> dataLines(const std::vector<TrainingExample>& examples)
{
    std::vector<int> lines;
    for (const auto& example : examples) {
        lines.push_back(example.source.line);
    }
    return lines;
}

}  // namespace

Group StepBatches::at(std::int64_t step)
{
    const auto stepsPerEpoch = files::stepsPerEpoch(m_settings, static_cast<std::int64_t>(m_examples.size()));
    if (const std::int64_t epoch = step / stepsPerEpoch; epoch != m_epoch) {
        m_order = epochOrder(dataLines(m_examples), m_settings.seed, epoch, m_settings.shuffle);
        m_epoch = epoch;
    }
    const auto begin = static_cast<std::size_t>(step % stepsPerEpoch * m_settings.batchSize);
    const std::size_t end = std::min(m_order.size(), begin + static_cast<std::size_t>(m_settings.batchSize));
    Group batch;
    for (std::size_t i = begin; i < end; ++i) {
        batch.push_back(&m_examples[m_order[i]]);
    }
    return batch;
}

Group anchorBatch(const std::vector<TrainingExample>& anchors, const files::RoundSettings& settings, std::int64_t step)
{
    const auto count = static_cast<std::int64_t>(anchors.size());
    const std::int64_t wanted = std::min(count, settings.anchor.batchSize.value_or(settings.batchSize));
    const std::vector<int> lines = dataLines(anchors);
    Group batch;
    std::int64_t pass = -1;
    std::vector<std::size_t> order;
    for (std::int64_t at = step * wanted; at < (step + 1) * wanted; ++at) {
        if (at / count != pass) {
            pass = at / count;
            order = epochOrder(lines, settings.seed, pass, settings.shuffle);
        }
        batch.push_back(&anchors[order[static_cast<std::size_t>(at % count)]]);
    }
    return batch;
}

std::vector<Group> microBatches(const Group& batch, std::int64_t maxTokens)
{
    std::vector<model::BatchShape> shapes;
    shapes.reserve(batch.size());
    for (const TrainingExample* example : batch) {
        shapes.push_back(example->shape());
    }
    std::vector<Group> groups;
    for (const auto& indices : model::batchesWithin(shapes, maxTokens)) {
        auto& group = groups.emplace_back();
        for (const std::size_t index : indices) {
            group.push_back(batch[index]);
        }
    }
    return groups;
}

}  // namespace stet::round
