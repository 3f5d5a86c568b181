// AdamW and gradient clipping as PyTorch's, over a list of parameters that require gradients. Compute thread.
// Owns the moments; borrows nothing (tensors are handles on the caller's parameters).
#pragma once

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

class AdamW {
public:
    AdamW(std::vector<at::Tensor> parameters, const AdamWSettings& settings);

    void zeroGrad();
    // Norm over all gradients before clipping; scales them to at most maxNorm (torch.nn.utils.clip_grad_norm_). maxNorm
    // ≤ 0: only measures.
    double clipGradNorm(double maxNorm);
    void step(double learningRate);

    std::int64_t updates() const { return m_updates; }

    // Moments by name ("exp_avg.0" …) for a checkpoint, and back. Failure(BadInput) when they don't fit.
    std::map<std::string, at::Tensor> state() const;
    void restore(const std::map<std::string, at::Tensor>& state, std::int64_t updates);

private:
    std::vector<at::Tensor> gradients() const;

    std::vector<at::Tensor> m_parameters;
    std::vector<at::Tensor> m_averages;        // exponential average of the gradient
    std::vector<at::Tensor> m_squareAverages;  // … of its square
    std::vector<at::Tensor> m_steps;           // float32 scalars, as the fused kernel wants them
    AdamWSettings m_settings;
    std::int64_t m_updates = 0;
};

}  // namespace stet::round
