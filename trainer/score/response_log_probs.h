// log p of each response token given what stands before it: the one number both the heat-map and training are made of.
// Compute thread. Logits are made for response positions only; float32 logits, log-softmax in float32.
#pragma once

#include "trainer/model/decoder.h"

#include <cstdint>
#include <string>
#include <vector>

namespace stet::score {

using Sequence = model::Sequence;

// Differentiable when grad mode is on (training); otherwise call under c10::InferenceMode or NoGradGuard.
// Returns one [n_i] float32 tensor per sequence (n_i = response length, minus one when the prompt is empty).
// The sequences are one batch: the caller forms micro-batches.
std::vector<at::Tensor> responseLogProbs(const model::Decoder& decoder, const model::Adapters& adapters,
                                         const std::vector<Sequence>& sequences,
                                         const model::CancelCheck& cancelled = {});

// Numbers of any device and type, in their order; empty when undefined.
std::vector<double> toDoubles(const at::Tensor& values);

// The same with the whole distributions: logProbs [n], all [n, V] float32 of one forward.
struct ResponseDistributions {
    at::Tensor logProbs;
    at::Tensor all;
};
std::vector<ResponseDistributions> responseDistributions(const model::Decoder& decoder, const model::Adapters& adapters,
                                                         const std::vector<Sequence>& sequences,
                                                         const model::CancelCheck& cancelled = {});

// The k most likely tokens and the rank (1 = most likely) of the actual one at each response position.
struct TopTokens {
    std::vector<double> logProbs;                                   // of the actual tokens, [n]
    std::vector<int> ranks;                                         // [n]
    std::vector<std::vector<std::pair<std::int64_t, double>>> top;  // [n][k] (id, log-probability)
};
// Logits held at once where ranks are asked for: 64 MiB.
constexpr std::int64_t kNumbersAtOnce = std::int64_t{16} << 20;
// One of each sequence; the sequences are one batch.
std::vector<TopTokens> responseTopTokens(const model::Decoder& decoder, const model::Adapters& adapters,
                                         const std::vector<Sequence>& sequences, int k,
                                         const model::CancelCheck& cancelled = {});

}  // namespace stet::score
