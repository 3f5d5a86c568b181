// What a round penalises, told before it starts: how many tokens, which most often, which judgments light up nothing
// or nearly everything. Compute thread.
#pragma once

#include "contract/round.h"
#include "trainer/round/round_setup.h"

#include <functional>

namespace stet::round {

// Flags every criticised example by the weights the round begins with, without dropout, also where the round itself
// flags anew in every step. Of equally frequent tokens the first by text. An objective without flags has zeros.
// between: called between two micro-batches; what it throws ends the work.
contract::DetectionSummary detectionSummary(RoundSetup& setup, const std::function<void()>& between);

}  // namespace stet::round
