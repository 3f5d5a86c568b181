// Before and after a round: the same held-out instructions answered by both, criticised and accepted responses scored
// again, a control set that should not move (on its given answers, else on those of the model before). Lines that can't
// be scored for their length carry "left_out": reason instead. Both models are one loaded base with different adapters.
// Compute thread.
#pragma once

#include "contract/compare.h"
#include "trainer/model/generate.h"
#include "trainer/score/scorer.h"

#include <functional>
#include <string>
#include <vector>

namespace stet::compare {

struct CompareOptions {
    model::GenerateOptions generate;
    score::ScoreOptions score;
};

// One of the two models. adapters borrowed; key names it in the score cache.
struct Side {
    model::Adapters adapters;
    std::string key;
};

struct CompareHooks {
    std::function<void(std::int64_t done, std::int64_t total)> onProgress;
    std::function<void(const contract::ComparedLine&)> onLine;  // in input order
    model::CancelCheck cancelled;
};

contract::CompareSummary compare(const model::Decoder& decoder, const text::ExampleEncoder& encoder,
                                 const std::vector<files::Example>& examples, const Side& before, const Side& after,
                                 const CompareOptions& options, const CompareHooks& hooks);

// Share of 4-grams of words that occurred before in the same text; 0 for short texts.
double repetition(const std::string& text);

}  // namespace stet::compare
