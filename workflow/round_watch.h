// The watch over rounds: when one has ended and when it has been compared, its files are looked at, and what gives
// cause for an alert (round_alerts.h) stands beside it in alerts.json.
//
// Called by the window and by `stet` alike, on the thread that holds the project.
#pragma once

#include "annotate/store/project.h"
#include "workflow/round_alerts.h"

#include <vector>

namespace stet::workflow {

// Writes the round's alerts.json anew; nothing in a project that is open for reading only. Failure: the disk is full.
std::vector<annotate::RoundAlert> watchRound(const annotate::Project& project, int round);

// The project's rounds with the alerts that stand beside them.
std::vector<annotate::RoundRecord> watchedRounds(const annotate::Project& project);

}  // namespace stet::workflow
