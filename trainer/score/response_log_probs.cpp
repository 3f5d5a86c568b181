#include "trainer/score/response_log_probs.h"

#include "trainer/model/ops/head.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace stet::score {

namespace {

// [N, V] float32 log-probabilities at the response positions.
at::Tensor logProbsAt(const model::Decoder& decoder, const model::Adapters& adapters, const model::SequenceBatch& batch,
                      const model::CancelCheck& cancelled)
{
    const at::Tensor hidden = decoder.hiddenStates(batch, adapters, nullptr, cancelled);
    return at::log_softmax(decoder.logits(batch.predicting(hidden)), -1);
}

// hidden: [n, H], targets: [n].
void addTopTokens(const model::Decoder& decoder, const at::Tensor& hidden, const at::Tensor& targets, int k,
                  TopTokens& tokens)
{
    const at::Tensor all = decoder.logits(hidden);
    const at::Tensor picked = all.gather(1, targets.unsqueeze(1));
    const auto shares = model::targetShares(all, targets);
    // Summed as int32: the comparison is widened to the sum's type first.
    const at::Tensor ranks = ((all > picked).sum(1, false, c10::kInt) + 1).to(c10::kCPU);
    const auto wanted = std::min<std::int64_t>(k, all.size(1));
    const auto [likeliest, which] = all.topk(wanted, -1);
    const std::vector<double> values = toDoubles(likeliest - shares.normaliser);
    const at::Tensor ids = which.to(c10::kCPU).contiguous();

    const std::vector<double> own = toDoubles(shares.logProbs);
    tokens.logProbs.insert(tokens.logProbs.end(), own.begin(), own.end());
    tokens.ranks.insert(tokens.ranks.end(), ranks.const_data_ptr<int>(), ranks.const_data_ptr<int>() + ranks.numel());
    const auto* id = ids.const_data_ptr<std::int64_t>();
    for (auto value = values.begin(); value != values.end();) {
        auto& row = tokens.top.emplace_back();
        for (std::int64_t j = 0; j < wanted; ++j) {
            row.emplace_back(*id++, *value++);
        }
    }
}

}  // namespace

std::vector<at::Tensor> responseLogProbs(const model::Decoder& decoder, const model::Adapters& adapters,
                                         const std::vector<Sequence>& sequences, const model::CancelCheck& cancelled)
{
    const model::SequenceBatch batch(sequences, decoder.compute().device);
    const at::Tensor hidden = decoder.hiddenStates(batch, adapters, nullptr, cancelled);
    return batch.split(decoder.logProbs(batch.predicting(hidden), batch.targets()));
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
    const model::SequenceBatch batch(sequences, decoder.compute().device);
    const at::Tensor all = logProbsAt(decoder, adapters, batch, cancelled);
    const at::Tensor picked = all.gather(1, batch.targets().unsqueeze(1)).squeeze(1);
    const auto whole = batch.split(all);
    const auto own = batch.split(picked);
    std::vector<ResponseDistributions> distributions;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        distributions.push_back({own[i], whole[i]});
    }
    return distributions;
}

std::vector<TopTokens> responseTopTokens(const model::Decoder& decoder, const model::Adapters& adapters,
                                         const std::vector<Sequence>& sequences, int k,
                                         const model::CancelCheck& cancelled)
{
    const model::SequenceBatch batch(sequences, decoder.compute().device);
    const auto hidden = batch.split(batch.predicting(decoder.hiddenStates(batch, adapters, nullptr, cancelled)));
    const auto targets = batch.split(batch.targets());
    const std::int64_t rows = std::max<std::int64_t>(1, kNumbersAtOnce / decoder.config().vocabSize);
    std::vector<TopTokens> all(sequences.size());
    for (std::size_t i = 0; i < sequences.size(); ++i) {
        for (std::int64_t begin = 0; begin < hidden[i].size(0); begin += rows) {
            const std::int64_t count = std::min(rows, hidden[i].size(0) - begin);
            addTopTokens(decoder, hidden[i].narrow(0, begin, count), targets[i].narrow(0, begin, count), k, all[i]);
        }
    }
    return all;
}

}  // namespace stet::score
