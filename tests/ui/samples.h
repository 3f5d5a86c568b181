// Realistic values for tests and for the gallery: what the controllers would hand in.
#pragma once

#include "annotate/judgment/types.h"

#include <string>
#include <vector>

namespace stet::test {

// Scores for a text cut at the given code-point ends; ratios are plain (not logarithms), one per token.
annotate::TokenScores scoresFor(const std::vector<int>& ends, const std::vector<double>& ratios);

// Cuts a text into word tokens (a space belongs to the word after it), adds the end of the sequence.
std::vector<int> wordEnds(const std::string& utf8);

annotate::ResponseItem sampleItem();   // an introduction that opens with "Sure!"
annotate::TokenScores sampleScores();  // of that item, under its judgment
std::vector<annotate::ResponseSummary> sampleQueue(int count);
std::vector<annotate::RoundStep> sampleSteps(int steps, int done);

// What would train, as the Rounds page says it.
annotate::RoundPlan sampleRoundPlan();

}  // namespace stet::test
