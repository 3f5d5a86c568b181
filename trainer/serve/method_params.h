// Params of the server's methods → the options of what they call. Failure(BadInput) names method, field and what is
// expected. Any thread.
#pragma once

#include "base/json.h"
#include "trainer/model/device.h"
#include "trainer/model/generate.h"
#include "trainer/score/scorer.h"

#include <string>

namespace stet::serve {

model::ComputeOptions computeOptions(const Json& params, const std::string& what);
score::ScoreOptions scoreOptions(const Json& params, const std::string& what);
model::GenerateOptions generateOptions(const Json& params, const std::string& what);

}  // namespace stet::serve
