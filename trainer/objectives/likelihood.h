// Objectives whose loss is maximum likelihood of one text in one context; they differ in the text and its context:
//   sft                 the answer a person would have liked | x
//   ilf                 the revision | x                        (imitation learning from language feedback, arXiv
//                       2303.16755)
//   hindsight           y | x, j                                (chain of hindsight, arXiv 2302.02676)
//   forward-prediction  j | x, y                                (dialog-based language learning, arXiv 1604.06045)
#pragma once

#include "trainer/objectives/objective.h"

namespace stet::round {

// −(1/N) Σ log p(t). logP: [N] float32.
at::Tensor likelihoodLoss(const at::Tensor& logP);

// An accepted answer in the plain context, in any objective: its likelihood.
ExampleLoss imitation(const TokenLogProbs& value);

// The line with another answer: a person's, whole, so that it has a natural end and no marks.
files::Example withAnswer(const files::Example& line, const std::string& answer);

std::unique_ptr<Objective> makeSftObjective();
std::unique_ptr<Objective> makeIlfObjective();
std::unique_ptr<Objective> makeHindsightObjective();
std::unique_ptr<Objective> makeForwardPredictionObjective();

}  // namespace stet::round
