// The settings of a project's rounds, one at a time by name: round.json's fields ("epochs", "optimizer.lr"), and what a
// project keeps elsewhere (preset, contrast, lambda, false_alarm_rate). The window's panel and `stet settings` call it;
// what a value may be is known to the worker, which says so when the next round is planned.
//
// Called on the thread that holds the project.
#pragma once

#include "annotate/store/project.h"

#include <string>
#include <vector>

namespace stet::workflow {

// value: a number, true, false or JSON; anything else is a word. Empty: as the preset has it. Failure(Usage): no such
// setting (the message names those there are), or one that isn't chosen here; Failure(BadInput): λ, rate or contrast
// that can't be.
void chooseRoundSetting(annotate::Project& project, const std::string& path, const std::string& value);

// Of round.json, what can be chosen for a project, in order.
const std::vector<std::string>& roundSettingNames();

}  // namespace stet::workflow
