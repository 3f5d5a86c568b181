#include "trainer/round/optimizer.h"

#include "base/failure.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace stet::round {

AdamW::AdamW(std::vector<at::Tensor> parameters, const AdamWSettings& settings)
    : m_parameters(std::move(parameters)), m_settings(settings)
{
    for (const auto& parameter : m_parameters) {
        m_averages.push_back(at::zeros_like(parameter.detach()));
        m_squareAverages.push_back(at::zeros_like(parameter.detach()));
        m_steps.push_back(at::zeros({}, at::TensorOptions().dtype(c10::kFloat).device(parameter.device())));
    }
}

void AdamW::zeroGrad()
{
    for (auto& parameter : m_parameters) {
        parameter.mutable_grad() = at::Tensor();
    }
}

std::vector<at::Tensor> AdamW::gradients()
{
    std::vector<at::Tensor> all;
    for (auto& parameter : m_parameters) {
        if (!parameter.grad().defined()) {
            parameter.mutable_grad() = at::zeros_like(parameter.detach());
        }
        all.push_back(parameter.grad());
    }
    return all;
}

double AdamW::clipGradNorm(double maxNorm)
{
    const at::NoGradGuard noGrad;
    std::vector<at::Tensor> norms;
    for (const auto& gradient : gradients()) {
        norms.push_back(at::linalg_vector_norm(gradient));
    }
    const double total = at::linalg_vector_norm(at::stack(norms)).item<double>();
    const double share = maxNorm / (total + 1e-6);
    if (maxNorm > 0 && share < 1) {
        for (auto& parameter : m_parameters) {
            parameter.mutable_grad().mul_(share);
        }
    }
    return total;
}

void AdamW::step(double learningRate)
{
    const at::NoGradGuard noGrad;
    ++m_updates;
    for (auto& step : m_steps) {
        step.fill_(static_cast<double>(m_updates));
    }
    const auto all = gradients();
    at::_fused_adamw_(m_parameters, all, m_averages, m_squareAverages, {}, m_steps, learningRate, m_settings.beta1,
                      m_settings.beta2, m_settings.weightDecay, m_settings.eps, false, false);
}

std::map<std::string, at::Tensor> AdamW::state() const
{
    std::map<std::string, at::Tensor> all;
    for (std::size_t i = 0; i < m_parameters.size(); ++i) {
        all["exp_avg." + std::to_string(i)] = m_averages[i];
        all["exp_avg_sq." + std::to_string(i)] = m_squareAverages[i];
    }
    return all;
}

void AdamW::restore(const std::map<std::string, at::Tensor>& state, std::int64_t updates)
{
    const at::NoGradGuard noGrad;
    m_updates = updates;
    for (std::size_t i = 0; i < m_parameters.size(); ++i) {
        const auto average = state.find("exp_avg." + std::to_string(i));
        const auto square = state.find("exp_avg_sq." + std::to_string(i));
        if (average == state.end() || square == state.end() || average->second.sizes() != m_averages[i].sizes()) {
            throw badInput("The checkpoint's optimizer state does not fit this training; start again with --restart");
        }
        m_averages[i].copy_(average->second);
        m_squareAverages[i].copy_(square->second);
    }
}

double Schedule::at(std::int64_t update) const
{
    if (update < warmupSteps) {
        return learningRate * static_cast<double>(update + (warmupFromZero ? 0 : 1)) / static_cast<double>(warmupSteps);
    }
    const auto span = static_cast<double>(std::max<std::int64_t>(1, steps - warmupSteps));
    const double done = std::min(1.0, static_cast<double>(update - warmupSteps) / span);
    double share = 1;
    switch (kind) {
    case files::ScheduleKind::Cosine:
        share = 0.5 * (1 + std::cos(std::numbers::pi * done));
        break;
    case files::ScheduleKind::Linear:
        share = 1 - done;
        break;
    case files::ScheduleKind::Constant:
        break;
    }
    return learningRate * (minRatio + (1 - minRatio) * share);
}

}  // namespace stet::round
