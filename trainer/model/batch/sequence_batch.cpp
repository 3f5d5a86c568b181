#include "trainer/model/batch/sequence_batch.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace stet::model {

void BatchShape::add(const BatchShape& other)
{
    rows += other.rows;
    length = std::max(length, other.length);
    scored += other.scored;
}

void BatchShape::add(const Sequence& sequence)
{
    add({1, sequence.length(), sequence.predicted()});
}

std::vector<std::vector<std::size_t>> batchesWithin(const std::vector<BatchShape>& items, std::int64_t maxCost)
{
    std::vector<std::vector<std::size_t>> batches;
    BatchShape current;
    for (std::size_t i = 0; i < items.size(); ++i) {
        BatchShape grown = current;
        grown.add(items[i]);
        if (batches.empty() || grown.cost() > maxCost) {
            batches.emplace_back();
            grown = items[i];
        }
        current = grown;
        batches.back().push_back(i);
    }
    return batches;
}

SequenceBatch::SequenceBatch(at::Tensor ids, std::vector<std::int64_t> lengths)
    : m_ids(std::move(ids)), m_lengths(std::move(lengths))
{
    if (m_lengths.empty()) {
        m_lengths.assign(static_cast<std::size_t>(m_ids.size(0)), m_ids.size(1));
    }
}

SequenceBatch::SequenceBatch(const std::vector<Sequence>& sequences, c10::Device device)
{
    std::int64_t columns = 1;
    for (const auto& sequence : sequences) {
        columns = std::max(columns, sequence.length());
    }
    at::Tensor ids = at::zeros({static_cast<std::int64_t>(sequences.size()), columns}, at::kLong);
    std::vector<std::int64_t> positions;
    std::vector<std::int64_t> targets;
    for (std::size_t row = 0; row < sequences.size(); ++row) {
        const auto& [prompt, response] = sequences[row];
        const auto start = static_cast<std::int64_t>(row) * columns;
        auto* out = ids.data_ptr<std::int64_t>() + start;
        out = std::copy(prompt.begin(), prompt.end(), out);
        std::copy(response.begin(), response.end(), out);
        m_lengths.push_back(sequences[row].length());
        m_counts.push_back(sequences[row].predicted());
        for (std::size_t i = response.size() - static_cast<std::size_t>(m_counts.back()); i < response.size(); ++i) {
            positions.push_back(start + static_cast<std::int64_t>(prompt.size() + i) - 1);
            targets.push_back(response[i]);
        }
    }
    m_ids = ids.to(device);
    m_positions = at::tensor(positions, at::kLong).to(device);
    m_targets = at::tensor(targets, at::kLong).to(device);
}

at::Tensor SequenceBatch::sequence(const at::Tensor& values, std::int64_t row) const
{
    return values[row].narrow(0, 0, m_lengths[static_cast<std::size_t>(row)]);
}

at::Tensor SequenceBatch::predicting(const at::Tensor& hidden) const
{
    return hidden.flatten(0, 1).index_select(0, m_positions);
}

std::vector<at::Tensor> SequenceBatch::split(const at::Tensor& values) const
{
    return values.split_with_sizes(m_counts);
}

at::Tensor SequenceBatch::last(const at::Tensor& hidden) const
{
    const at::Tensor columns = (at::tensor(m_lengths) - 1).to(hidden.device());
    return hidden.index({at::arange(hidden.size(0), columns.options()), columns});
}

}  // namespace stet::model
