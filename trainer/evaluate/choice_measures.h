// Which choice a model prefers and whether it is right, from the log-likelihoods of the choices: the measures of the
// Language Model Evaluation Harness (lm-eval 0.4.13, api/task.py and tasks/truthfulqa/utils.py). Pure, no Torch.
#pragma once

#include "trainer/evaluate/choice_forms.h"

#include <cstddef>
#include <vector>

namespace stet::evaluate {

// Index of the largest; the first of equals.
struct Preferences {
    std::size_t plain = 0;         // by log-likelihood
    std::size_t perCharacter = 0;  // by log-likelihood / the choice's Unicode code points
    std::size_t perByte = 0;       // by log-likelihood / the choice's bytes of UTF-8
};

struct ChoiceMeasures {
    Preferences preferred;
    double acc = 0;       // 1: the choice preferred is a right one
    double accNorm = 0;   // the same per character
    double accBytes = 0;  // the same per byte
    double mc2 = 0;       // share of the right choices in the probability of all
};

// logLikelihoods: natural logarithms, one per choice.
ChoiceMeasures measureChoices(const ChoiceItem& item, const std::vector<double>& logLikelihoods);

}  // namespace stet::evaluate
