// What a request says → the options of what it calls. Values beyond what makes sense are brought to the nearest that
// does. Any thread.
#pragma once

#include "contract/generate.h"
#include "contract/model.h"
#include "contract/score.h"
#include "trainer/model/device.h"
#include "trainer/model/generate.h"
#include "trainer/score/scorer.h"

#include <string>

namespace stet::serve {

model::ComputeOptions computeOptions(const contract::ComputeRequest& request);
// `what` begins the message of Failure(BadInput): an unknown context, a detection that round.json would not take.
score::ScoreOptions scoreOptions(const contract::Scoring& scoring, const std::string& what);
model::GenerateOptions generateOptions(const contract::Sampling& sampling);

}  // namespace stet::serve
