// Where one goes back to from a round. Pure; the window's cards and `stet` ask alike.
#pragma once

#include "annotate/judgment/types.h"

#include <vector>

namespace stet::annotate {

// What the round was trained from where that can be used (it is finished), else what that one was trained from, and so
// on; 0: the base model.
int roundBefore(const std::vector<RoundRecord>& rounds, int round);

}  // namespace stet::annotate
