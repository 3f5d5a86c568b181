// What a trained adapter must show before it is published: no NaN, read back it gives the trainer's numbers, and they
// are not those from before. Compute thread.
#pragma once

#include "trainer/round/probe.h"

#include <string>
#include <vector>

namespace stet::round {

struct HealthCheck {
    const model::Decoder& decoder;
    std::vector<const model::Adapter*> terms;  // as trained: parents first, the trained adapter last
    const std::vector<TrainingExample>& examples;
};

// {"passed", "reread_difference", "effect", "problem"?}. `probe` holds the trainer's own numbers. Failure(BadInput):
// the folder can't be read back, or holds what is not finite.
Json checkHealth(const std::string& adapterFolder, const Json& probe, const HealthCheck& check);

}  // namespace stet::round
