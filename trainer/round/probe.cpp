#include "trainer/round/probe.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace stet::round {

Json makeProbe(const model::Decoder& decoder, const model::Adapters& adapters,
               const std::vector<TrainingExample>& examples)
{
    const at::NoGradGuard noGrad;
    Json probe = {{"examples", Json::array()}};
    for (std::size_t i = 0; i < std::min(examples.size(), kProbeExamples); ++i) {
        const auto logProbs =
            score::responseLogProbs(decoder, adapters, {examples[i].readings.front().sequence}).front();
        const at::Tensor wide = logProbs.to(c10::kCPU, c10::kDouble).contiguous();
        probe["examples"].push_back(
            {{"id", examples[i].source.id},
             {"line", examples[i].source.line},
             {"logprob", std::vector<double>(wide.data_ptr<double>(), wide.data_ptr<double>() + wide.numel())}});
    }
    return probe;
}

double probeDifference(const Json& a, const Json& b)
{
    constexpr double kNone = std::numeric_limits<double>::infinity();
    const auto& left = a.at("examples");
    const auto& right = b.at("examples");
    if (left.size() != right.size()) {
        return kNone;
    }
    double largest = 0;
    for (std::size_t i = 0; i < left.size(); ++i) {
        const auto& x = left[i].at("logprob");
        const auto& y = right[i].at("logprob");
        if (x.size() != y.size() || left[i].at("line") != right[i].at("line")) {
            return kNone;
        }
        for (std::size_t j = 0; j < x.size(); ++j) {
            const double difference =
                x[j].is_number() && y[j].is_number() ? std::fabs(x[j].get<double>() - y[j].get<double>()) : kNone;
            largest = std::max(largest, std::isnan(difference) ? kNone : difference);
        }
    }
    return largest;
}

}  // namespace stet::round
