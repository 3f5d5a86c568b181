#include "trainer/score/response_log_probs.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <numeric>

namespace stet::score {

namespace {

// Where the hidden states that predict a batch's response tokens stand in the flattened [B·T], and which ids they
// predict.
struct Gathered {
    at::Tensor ids;                     // [B, T]
    at::Tensor positions;               // [N] into B·T
    at::Tensor targets;                 // [N]
    std::vector<std::int64_t> counts;   // per sequence
    std::vector<std::int64_t> lengths;  // real tokens per row
};

Gathered gather(const std::vector<Sequence>& sequences, c10::Device device)
{
    std::size_t longest = 1;
    for (const auto& sequence : sequences) {
        longest = std::max(longest, sequence.prompt.size() + sequence.response.size());
    }
    const auto columns = static_cast<std::int64_t>(longest);
    at::Tensor ids = at::zeros({static_cast<std::int64_t>(sequences.size()), columns}, at::kLong);
    std::vector<std::int64_t> positions;
    std::vector<std::int64_t> targets;
    Gathered gathered;
    for (std::size_t row = 0; row < sequences.size(); ++row) {
        const auto& [prompt, response] = sequences[row];
        const auto start = static_cast<std::int64_t>(row) * columns;
        auto* out = ids.data_ptr<std::int64_t>() + start;
        out = std::copy(prompt.begin(), prompt.end(), out);
        std::copy(response.begin(), response.end(), out);
        gathered.lengths.push_back(static_cast<std::int64_t>(prompt.size() + response.size()));
        const std::size_t first = prompt.empty() ? 1 : 0;  // nothing stands before it: no prediction
        for (std::size_t i = first; i < response.size(); ++i) {
            positions.push_back(start + static_cast<std::int64_t>(prompt.size() + i) - 1);
            targets.push_back(response[i]);
        }
        gathered.counts.push_back(static_cast<std::int64_t>(response.size() - std::min(first, response.size())));
    }
    gathered.ids = ids.to(device);
    gathered.positions = at::tensor(positions, at::kLong).to(device);
    gathered.targets = at::tensor(targets, at::kLong).to(device);
    return gathered;
}

// [N, V] float32 log-probabilities at the response positions.
at::Tensor logProbsAt(const model::Decoder& decoder, const model::Adapters& adapters, const Gathered& gathered,
                      const model::CancelCheck& cancelled)
{
    const at::Tensor hidden = decoder.hiddenStates({gathered.ids, gathered.lengths}, adapters, nullptr, cancelled);
    const at::Tensor wanted = hidden.flatten(0, 1).index_select(0, gathered.positions);
    return at::log_softmax(decoder.logits(wanted), -1);
}

}  // namespace

std::vector<at::Tensor> responseLogProbs(const model::Decoder& decoder, const model::Adapters& adapters,
                                         const std::vector<Sequence>& sequences, const model::CancelCheck& cancelled)
{
    const Gathered gathered = gather(sequences, decoder.compute().device);
    const at::Tensor all = logProbsAt(decoder, adapters, gathered, cancelled);
    const at::Tensor picked = all.gather(1, gathered.targets.unsqueeze(1)).squeeze(1);
    return picked.split_with_sizes(gathered.counts);
}

std::vector<double> toDoubles(const at::Tensor& values)
{
    if (!values.defined()) {
        return {};
    }
    const at::Tensor wide = values.detach().to(c10::kCPU, c10::kDouble).contiguous();
    return {wide.const_data_ptr<double>(), wide.const_data_ptr<double>() + wide.numel()};
}

std::vector<ResponseDistributions> responseDistributions(const model::Decoder& decoder, const model::Adapters& adapters,
                                                         const std::vector<Sequence>& sequences,
                                                         const model::CancelCheck& cancelled)
{
    const Gathered gathered = gather(sequences, decoder.compute().device);
    const at::Tensor all = logProbsAt(decoder, adapters, gathered, cancelled);
    const at::Tensor picked = all.gather(1, gathered.targets.unsqueeze(1)).squeeze(1);
    const auto whole = all.split_with_sizes(gathered.counts);
    const auto own = picked.split_with_sizes(gathered.counts);
    std::vector<ResponseDistributions> distributions;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        distributions.push_back({own[i], whole[i]});
    }
    return distributions;
}

TopTokens responseTopTokens(const model::Decoder& decoder, const model::Adapters& adapters, const Sequence& sequence,
                            int k, const model::CancelCheck& cancelled)
{
    const Gathered gathered = gather({sequence}, decoder.compute().device);
    const at::Tensor all = logProbsAt(decoder, adapters, gathered, cancelled);
    const at::Tensor picked = all.gather(1, gathered.targets.unsqueeze(1));
    // Summed as int32: the comparison is widened to the sum's type first.
    const at::Tensor ranks = ((all > picked).sum(1, false, c10::kInt) + 1).to(c10::kCPU);
    const auto wanted = std::min<std::int64_t>(k, all.size(1));
    const auto [likeliest, which] = all.topk(wanted, -1);
    const std::vector<double> values = toDoubles(likeliest);
    const at::Tensor ids = which.to(c10::kCPU).contiguous();

    TopTokens tokens;
    tokens.logProbs = toDoubles(picked);
    tokens.ranks.assign(ranks.const_data_ptr<int>(), ranks.const_data_ptr<int>() + ranks.numel());
    const auto* id = ids.const_data_ptr<std::int64_t>();
    for (auto value = values.begin(); value != values.end();) {
        auto& row = tokens.top.emplace_back();
        for (std::int64_t j = 0; j < wanted; ++j) {
            row.emplace_back(*id++, *value++);
        }
    }
    return tokens;
}

std::vector<std::vector<std::size_t>> microBatches(const std::vector<std::int64_t>& lengths, std::int64_t maxTokens)
{
    std::vector<std::size_t> order(lengths.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return lengths[a] > lengths[b]; });
    std::vector<std::vector<std::size_t>> batches;
    std::int64_t longest = 0;
    for (const std::size_t index : order) {
        const bool fits =
            !batches.empty() && static_cast<std::int64_t>(batches.back().size() + 1) * longest <= maxTokens;
        if (!fits) {
            batches.emplace_back();
            longest = lengths[index];
        }
        batches.back().push_back(index);
    }
    return batches;
}

}  // namespace stet::score
