// How parameters move: AdamW and gradient clipping as PyTorch's, and the learning rate of each update. For a round and
// for pre-training. Compute thread.
#pragma once

#include "trainer/files/round_settings.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace stet::round {

struct AdamWSettings {
    double beta1 = 0.9;
    double beta2 = 0.999;
    double eps = 1e-8;
    double weightDecay = 0.0;
};

// Over a list of parameters that require gradients. Owns the moments; borrows nothing (tensors are handles on the
// caller's parameters).
class AdamW {
public:
    AdamW(std::vector<at::Tensor> parameters, const AdamWSettings& settings);

    void zeroGrad();
    // The gradients themselves, in the order of the parameters; zeros where the backward left none.
    std::vector<at::Tensor> gradients();
    // Norm over all gradients before clipping; scales them to at most maxNorm (torch.nn.utils.clip_grad_norm_). maxNorm
    // ≤ 0: only measures.
    double clipGradNorm(double maxNorm);
    void step(double learningRate);

    std::int64_t updates() const { return m_updates; }

    // Moments by name ("exp_avg.0" …) for a checkpoint, and back. Failure(BadInput) when they don't fit.
    std::map<std::string, at::Tensor> state() const;
    void restore(const std::map<std::string, at::Tensor>& state, std::int64_t updates);

private:
    std::vector<at::Tensor> m_parameters;
    std::vector<at::Tensor> m_averages;        // exponential average of the gradient
    std::vector<at::Tensor> m_squareAverages;  // … of its square
    std::vector<at::Tensor> m_steps;           // float32 scalars, as the fused kernel wants them
    AdamWSettings m_settings;
    std::int64_t m_updates = 0;
};

// Learning rate of update k = 0, 1, …: warm-up, then cosine, linear or constant. Pure.
// warmupSteps updates of warm-up: lr·k/warmup (Transformers' rule, the first is 0) when warmupFromZero, else
// lr·(k+1)/warmup.
struct Schedule {
    double learningRate = 0;
    std::int64_t steps = 0;
    std::int64_t warmupSteps = 0;
    bool warmupFromZero = false;
    files::ScheduleKind kind = files::ScheduleKind::Cosine;
    double minRatio = 0;  // of the peak, reached at the end (pretrain)

    double at(std::int64_t update) const;
};

}  // namespace stet::round
