#include "trainer/round/health_gate.h"

namespace stet::round {

Json checkHealth(const std::string& adapterFolder, const Json& probe, const HealthCheck& check)
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
