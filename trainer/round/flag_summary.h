// What a round pushes down, told before it starts: how many tokens, which most often, which judgments light up nothing
// or nearly everything. Compute thread.
#pragma once

#include "base/json.h"
#include "trainer/round/round_setup.h"

namespace stet::round {

// Flags every criticised example by the weights the round begins with, without dropout, also where the round itself
// flags anew in every step. {"criticised", "tokens", "flagged", "frequent": [{"text", "count"}…], "nothing": [id…],
// "nearly_all": [id…]}: tokens and flagged of all criticised responses; frequent has the ten most flagged, the first of
// equals by text; nearly_all the examples with more than four fifths flagged. An objective without flags has zeros.
Json flagSummary(RoundSetup& setup, const RoundHooks& hooks);

}  // namespace stet::round
