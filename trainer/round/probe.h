// probe.json: the trainer's own log-probabilities of a few examples, by which `verify` and the health gate know that
// the adapter on disk is the adapter that was trained. Compute thread.
#pragma once

#include "base/json.h"
#include "trainer/model/decoder.h"
#include "trainer/dataset/training_set.h"

namespace stet::round {

constexpr std::size_t kProbeExamples = 8;
constexpr double kProbeTolerance = 1e-4;  // largest difference of a log-probability, float32

// {"examples":[{"id","line","logprob":[…]}]} of each example's first reading (cut: the plain context), by itself,
// without dropout.
Json makeProbe(const model::Decoder& decoder, const model::Adapters& adapters,
               const std::vector<TrainingExample>& examples);

// Largest difference of two probes' numbers; infinity when they don't cover the same tokens.
double probeDifference(const Json& a, const Json& b);

}  // namespace stet::round
