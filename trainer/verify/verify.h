// `stet-trainer verify DIR`: whether a model, adapter or round folder is whole. Structure and finite values for all; a
// round's adapter read again must give the log-probabilities of its probe.json. Compute thread. Writes nothing.
#pragma once

#include "base/json.h"
#include "trainer/model/device.h"

#include <string>

namespace stet::round {

struct VerifyResult {
    bool sound = false;
    Json report;  // {"folder", "kind", "sound", "problems": […], …}
};

// What is wrong stands in the report; Failure(BadInput) only when the folder is none of the three kinds.
VerifyResult verifyFolder(const std::string& folder, const model::ComputeOptions& options);

}  // namespace stet::round
