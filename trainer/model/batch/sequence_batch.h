// What one forward reads: the token ids of several sequences as one value. It alone knows how they lie in memory
// (packed one after another into one row without padding, or for generation in rows, padded on the right to the
// longest), which hidden states predict which tokens, and what a batch costs. Made by whoever reads: scoring, training,
// generation. Compute thread; BatchShape and batchesWithin: any.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace stet::model {

// A response after its prompt.
struct Sequence {
    std::vector<std::int64_t>
        prompt;  // may be empty after left truncation: then the first response token has no prediction and is left out
    std::vector<std::int64_t> response;

    std::int64_t length() const { return static_cast<std::int64_t>(prompt.size() + response.size()); }
    // Response tokens that something stands before.
    std::int64_t predicted() const
    {
        const auto tokens = static_cast<std::int64_t>(response.size());
        return prompt.empty() && tokens > 0 ? tokens - 1 : tokens;
    }
};

// The size of a packed batch, without its ids.
struct BatchShape {
    std::int64_t sequences = 0;
    std::int64_t tokens = 0;   // of all sequences: what goes through the layers
    std::int64_t longest = 0;  // tokens of one sequence: attention goes by it
    std::int64_t scored = 0;   // positions of all sequences whose distribution over the vocabulary is made

    void add(const BatchShape& other);
    void add(const Sequence& sequence);
};

// Cuts items into batches whose tokens stay within the bound, in the order given; one item at least in each. An item is
// what may not be parted. Indices into `items`.
std::vector<std::vector<std::size_t>> batchesWithin(const std::vector<BatchShape>& items, std::int64_t maxTokens);
std::vector<std::vector<std::size_t>> batchesWithin(const std::vector<Sequence>& sequences, std::int64_t maxTokens);

class SequenceBatch {
public:
    // Rows. Implicit: ids [B, T] int64 that are there already. lengths: real tokens of each row; empty: T. Padding may
    // be any valid id (causal attention never looks right).
    SequenceBatch(at::Tensor ids, std::vector<std::int64_t> lengths = {});
    // Packed: ids [1, T], T the tokens of all; at least one in each.
    SequenceBatch(const std::vector<Sequence>& sequences, c10::Device device);

    const at::Tensor& ids() const { return m_ids; }
    // Of each sequence.
    const std::vector<std::int64_t>& lengths() const { return m_lengths; }
    bool packed() const { return m_packed; }

    // Of [B, T, …], a view of what belongs to the real tokens of one sequence.
    at::Tensor sequence(const at::Tensor& values, std::size_t index) const;

    // hidden [B, T, H] → [N, H]: the states that predict the sequences' response tokens, one sequence after another.
    at::Tensor predicting(const at::Tensor& hidden) const;
    // [N] int64: the tokens they predict.
    const at::Tensor& targets() const { return m_targets; }
    // [N, …] → each sequence's part.
    std::vector<at::Tensor> split(const at::Tensor& values) const;
    // hidden [B, T, H] → [sequences, H]: the states after each sequence's last token.
    at::Tensor last(const at::Tensor& hidden) const;

private:
    at::Tensor m_ids;
    std::vector<std::int64_t> m_lengths;
    std::vector<std::int64_t> m_begins;  // of each sequence, into B·T
    bool m_packed = false;
    at::Tensor m_positions;              // [N] into B·T
    at::Tensor m_targets;                // [N]
    std::vector<std::int64_t> m_counts;  // of N, per sequence
};

}  // namespace stet::model
