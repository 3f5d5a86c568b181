// Whether the adapter on disk is the adapter that was trained: the trainer's own log-probabilities of a few examples
// (probe.json), and what an adapter must show before it is published. Compute thread.
#pragma once

#include "base/json.h"
#include "trainer/dataset/training_set.h"
#include "trainer/model/decoder.h"

#include <string>
#include <vector>

namespace stet::round {

constexpr std::size_t kProbeExamples = 8;
constexpr double kProbeTolerance = 1e-4;  // largest difference of a log-probability, float32

// {"examples":[{"id","line","logprob":[…]}]} of each example's first reading (cut: the plain context), by itself,
// without dropout.
Json makeProbe(const model::Decoder& decoder, const model::Adapters& adapters,
               const std::vector<TrainingExample>& examples);

// Largest difference of two probes' numbers; infinity when they don't cover the same tokens.
double probeDifference(const Json& a, const Json& b);

struct AdapterCheck {
    const model::Decoder& decoder;
    std::vector<const model::Adapter*> terms;  // as trained: parents first, the trained adapter last
    const std::vector<TrainingExample>& examples;
};

// What a trained adapter must show: no NaN, read back it gives the trainer's numbers, and they are not those from
// before. {"passed", "reread_difference", "effect", "problem"?}. `probe` holds the trainer's own numbers.
// Failure(BadInput): the folder can't be read back, or holds what is not finite.
Json checkAdapter(const std::string& adapterFolder, const Json& probe, const AdapterCheck& check);

}  // namespace stet::round
