#include "trainer/model/batch/sequence_batch.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace stet::model {

void BatchShape::add(const BatchShape& other)
{
    sequences += other.sequences;
    tokens += other.tokens;
    longest = std::max(longest, other.longest);
    scored += other.scored;
}

void BatchShape::add(const Sequence& sequence)
{
    add({1, sequence.length(), sequence.length(), sequence.predicted()});
}

std::vector<std::vector<std::size_t>> batchesWithin(const std::vector<BatchShape>& items, std::int64_t maxTokens)
{
    std::vector<std::vector<std::size_t>> batches;
    std::int64_t tokens = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
        tokens += items[i].tokens;
        if (batches.empty() || tokens > maxTokens) {
            batches.emplace_back();
            tokens = items[i].tokens;
        }
        batches.back().push_back(i);
    }
    return batches;
}

std::vector<std::vector<std::size_t>> batchesWithin(const std::vector<Sequence>& sequences, std::int64_t maxTokens)
{
    std::vector<BatchShape> shapes(sequences.size());
    for (std::size_t i = 0; i < sequences.size(); ++i) {
        shapes[i].add(sequences[i]);
    }
    return batchesWithin(shapes, maxTokens);
}

SequenceBatch::SequenceBatch(at::Tensor ids, std::vector<std::int64_t> lengths)
    : m_ids(std::move(ids)), m_lengths(std::move(lengths))
{
    if (m_lengths.empty()) {
        m_lengths.assign(static_cast<std::size_t>(m_ids.size(0)), m_ids.size(1));
    }
    for (std::int64_t row = 0; row < m_ids.size(0); ++row) {
        m_begins.push_back(row * m_ids.size(1));
    }
}

SequenceBatch::SequenceBatch(const std::vector<Sequence>& sequences, c10::Device device) : m_packed(true)
{
    std::vector<std::int64_t> ids;
    std::vector<std::int64_t> positions;
    std::vector<std::int64_t> targets;
    for (const Sequence& sequence : sequences) {
        m_begins.push_back(static_cast<std::int64_t>(ids.size()));
        m_lengths.push_back(sequence.length());
        m_counts.push_back(sequence.predicted());
        ids.insert(ids.end(), sequence.prompt.begin(), sequence.prompt.end());
        ids.insert(ids.end(), sequence.response.begin(), sequence.response.end());
        const auto end = static_cast<std::int64_t>(ids.size());
        for (std::int64_t place = end - sequence.predicted(); place < end; ++place) {
            positions.push_back(place - 1);
            targets.push_back(ids[static_cast<std::size_t>(place)]);
        }
    }
    m_ids = at::tensor(ids, at::kLong).unsqueeze(0).to(device);
    m_positions = at::tensor(positions, at::kLong).to(device);
    m_targets = at::tensor(targets, at::kLong).to(device);
}

at::Tensor SequenceBatch::sequence(const at::Tensor& values, std::size_t index) const
{
    return values.flatten(0, 1).narrow(0, m_begins[index], m_lengths[index]);
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
    const at::Tensor places = at::tensor(m_begins) + at::tensor(m_lengths) - 1;
    return hidden.flatten(0, 1).index_select(0, places.to(hidden.device()));
}

}  // namespace stet::model
