// What in a round's files gives cause to look at it before its model is used: kinds with the numbers that tell them.
// Pure; called by the watch (round_watch.h), which stores them.
#pragma once

#include "annotate/judgment/round_alert.h"
#include "workflow/round_evidence.h"

#include <optional>
#include <string>
#include <vector>

namespace stet::workflow {

// The bad ones first, each in the order of the kinds.
std::vector<annotate::RoundAlert> alertsFrom(const RoundEvidence& evidence);

std::string alertName(annotate::AlertKind kind);  // in files: "criticised-likelier"
std::optional<annotate::AlertKind> alertKind(const std::string& name);
// What happened, with the numbers, and the next step: for the terminal. The window has its own words (ui/round).
std::string alertSentence(const annotate::RoundAlert& alert);

}  // namespace stet::workflow
