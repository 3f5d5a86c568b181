#include "trainer/round/adapter_check.h"

#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace stet::round {

namespace {

constexpr double kNone = std::numeric_limits<double>::infinity();

// A probe may come from a file: null where it isn't what it should be.
Json fieldOf(const Json& value, const char* name)
{
    return value.is_object() ? value.value(name, Json()) : Json();
}

// The largest of two lists of numbers.
double difference(const Json& a, const Json& b)
{
    if (!a.is_array() || !b.is_array() || a.size() != b.size()) {
        return kNone;
    }
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const bool numbers = a[i].is_number() && b[i].is_number();
        const double one = numbers ? std::fabs(a[i].get<double>() - b[i].get<double>()) : kNone;
        largest = std::max(largest, std::isnan(one) ? kNone : one);
    }
    return largest;
}

}  // namespace

Json makeProbe(const model::Decoder& decoder, const model::Adapters& adapters,
               const std::vector<TrainingExample>& examples)
{
    const at::NoGradGuard noGrad;
    Json probe = {{"examples", Json::array()}};
    for (std::size_t i = 0; i < std::min(examples.size(), kProbeExamples); ++i) {
        const auto logProbs =
            score::responseLogProbs(decoder, adapters, {examples[i].readings.front().sequence}).front();
        probe["examples"].push_back({{"id", examples[i].source.id},
                                     {"line", examples[i].source.line},
                                     {"logprob", score::toDoubles(logProbs)}});
    }
    return probe;
}

double probeDifference(const Json& a, const Json& b)
{
    const Json left = fieldOf(a, "examples");
    const Json right = fieldOf(b, "examples");
    if (!left.is_array() || !right.is_array() || left.size() != right.size()) {
        return kNone;
    }
    double largest = 0;
    for (std::size_t i = 0; i < left.size(); ++i) {
        const bool same = fieldOf(left[i], "line") == fieldOf(right[i], "line");
        largest =
            std::max(largest, same ? difference(fieldOf(left[i], "logprob"), fieldOf(right[i], "logprob")) : kNone);
    }
    return largest;
}

Json checkAdapter(const std::string& adapterFolder, const Json& probe, const AdapterCheck& check)
{
    Json health = {{"passed", false}};
    const model::Adapter reread = model::Adapter::load(adapterFolder, check.decoder);  // refuses what is not finite
    const double difference = probeDifference(probe, makeProbe(check.decoder, {{&reread}, nullptr}, check.examples));
    const std::vector<const model::Adapter*> before(check.terms.begin(), check.terms.end() - 1);
    const double effect = probeDifference(probe, makeProbe(check.decoder, {before, nullptr}, check.examples));
    const double tolerance = check.decoder.compute().dtype == c10::kFloat ? kProbeTolerance : 0.25;
    health["reread_difference"] = difference;
    health["effect"] = effect;
    if (!(difference <= tolerance)) {
        health["problem"] = "the adapter read back gives other log-probabilities than the trainer";
    } else if (!(effect > 0)) {
        health["problem"] = "training changed nothing: too few steps or a learning rate of zero";
    } else {
        health["passed"] = true;
    }
    return health;
}

}  // namespace stet::round
