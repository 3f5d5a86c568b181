// One optimizer step's loss and gradient: micro-batches of examples, each with all its sequences, summed in file order
// of the batch, and the anchor's. Compute thread. Leaves gradients on the adapter's parameters.
#pragma once

#include "contract/round.h"
#include "trainer/dataset/example_reader.h"

#include <limits>
#include <map>
#include <string>
#include <vector>

namespace stet::round {

constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();

struct StepResult {
    double loss = 0;                  // the anchor's included
    double likelihood = kNoNumber;    // mean of −(1/N) Σ log p over the examples that have it; NaN when none has
    double unlikelihood = kNoNumber;  // likewise of what is penalised
    double flaggedShare = kNoNumber;  // of the response tokens that could be; NaN when there is none
    std::int64_t tokens = 0;          // response tokens, the anchor's left out
    int emptyFlags = 0;               // criticised examples with nothing flagged
    std::map<std::string, double> measures;  // what else the objective says: "margin", "anchor" …
};

// The gradient of the batch's mean loss and of the anchor, a term that holds the model on accepted answers, where
// nobody complained (the idea of C3PO, arXiv 2402.10893): weight × the mean over the step's anchors of, for kind "kl",
// (1/N) Σ_t KL(new ‖ before) per response token over the full vocabulary, for kind "sft" −(1/N) Σ log p(t).
StepResult accumulateStep(const StepContext& context, const Group& batch, std::int64_t step);

// As log.jsonl and report.json say them.
contract::StepLosses lossesOf(const StepResult& result);

}  // namespace stet::round
