// ftpo (final token preference optimisation, arXiv 2510.15061, at every flagged token): where a token is flagged, the
// tokens that the model would have written instead are to lead it by a margin, and everything else stays where it was
// before the round. Its pieces as pure functions of log-probabilities, which differ from logits by one number a
// position: margins are the same, and what is held is held up to that number. Symbols and what differs from the
// article: docs/method.md. Compute thread; all tensors on one device, reference ones without gradient.
#pragma once

#include "trainer/objectives/objective.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace stet::round {

// Of U flagged positions. Fixed by the model before the round and by which tokens are flagged.
struct FtpoTargets {
    at::Tensor positions;  // [U] int64, rows of the response's distributions
    at::Tensor ids;        // [U, 1 + K] int64: the rejected token, then the chosen ones, the likeliest first
    at::Tensor there;      // [U, 1 + K] bool: which of them count; there may be fewer chosen ones than K
};

// reference: [N, V]; response: the N tokens. Chosen: of the tokens that are flagged nowhere in the response the
// likeliest, as many as make up top_p of what those have together, at most top_k.
FtpoTargets ftpoTargets(const at::Tensor& reference, const std::vector<std::int64_t>& response,
                        const std::vector<char>& flags, const files::FtpoSettings& settings);

// How much each flagged position costs: the mean over its chosen tokens of w·softplus((ε − Δ)/τ),
// w = clamp((ε − Δ)/ε, 0, 1) without gradient, Δ = log p(chosen) − log p(rejected). [U] each.
struct FtpoPreference {
    at::Tensor loss;
    at::Tensor margin;  // mean Δ, detached
    at::Tensor won;     // share of the chosen tokens that lead, detached
};
FtpoPreference ftpoPreference(const at::Tensor& logP, const FtpoTargets& targets, const files::FtpoSettings& settings);

// How far the distributions have moved, with d = log p − log p_reference less its mean over the tokens that are no
// targets of the position.
struct FtpoDrift {
    at::Tensor others;   // [N] mean of d² over the tokens that are no targets
    at::Tensor targets;  // [U] mean of max(|d| − grace, 0)² over the position's targets
};
FtpoDrift ftpoDrift(const at::Tensor& logP, const at::Tensor& reference, const FtpoTargets& targets, double grace);

std::unique_ptr<Objective> makeFtpoObjective(const files::RoundSettings& settings);

}  // namespace stet::round
