// The threshold of a round whose settings name a rate of false alarms instead of a λ: made from the round's own
// criticised examples, once, before the first step. Compute thread.
#pragma once

#include "trainer/detect/false_alarms.h"
#include "trainer/files/round_settings.h"
#include "trainer/objectives/training_example.h"

#include <vector>

namespace stet::round {

// What judgments of others light up in each example's place; after a reference pass that read some, else empty.
detect::FalseAlarms falseAlarmsOf(const files::RoundSettings& settings, const std::vector<TrainingExample>& examples);

// The λ, at least kDefaultLambda, at which at most `rate` of those tokens are false alarms; the examples' flags are
// made anew with it, the marks obeyed. Failure(BadInput): no response was read under another judgment.
double calibrate(const files::RoundSettings& settings, double rate, std::vector<TrainingExample>& examples);

}  // namespace stet::round
