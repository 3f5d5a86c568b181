// The strategies behind objective.h, one family a file. Only makeObjective calls these. Settings are borrowed.
#pragma once

#include "trainer/objectives/objective.h"

namespace stet::round {

std::unique_ptr<Objective> makeCutObjective(const files::RoundSettings& settings);
std::unique_ptr<Objective> makeUnlikelihoodObjective(const files::RoundSettings& settings);
std::unique_ptr<Objective> makeSftObjective();
std::unique_ptr<Objective> makeIlfObjective();
std::unique_ptr<Objective> makeHindsightObjective();
std::unique_ptr<Objective> makeForwardPredictionObjective();
std::unique_ptr<Objective> makePreferenceObjective(const files::RoundSettings& settings);
std::unique_ptr<Objective> makeSelfDistillationObjective();

// The line with another answer: a person's, whole, so that it has a natural end and no marks.
files::Example withAnswer(const files::Example& line, const std::string& answer);

// An accepted answer in the plain context: −(1/N) Σ log p(t).
ExampleLoss imitation(const ReadingValue& value);

}  // namespace stet::round
