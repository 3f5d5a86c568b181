// The curves of a round that was trained before, or in part: the steps of its log.jsonl, as the window draws them.
#pragma once

#include "annotate/judgment/types.h"
#include "contract/round.h"

#include <string>
#include <vector>

namespace stet::app {

// One step as told by the worker or as logged. steps: of the whole round, 0: not known.
annotate::RoundStep stepFrom(const contract::Step& step, int steps);

// Of a round's folder; empty where there is no log yet, and up to the line that can't be read where one can't (the last
// may be half written). Any thread but the GUI's: it reads a file.
std::vector<annotate::RoundStep> stepsIn(const std::string& roundFolder, int steps);

}  // namespace stet::app
