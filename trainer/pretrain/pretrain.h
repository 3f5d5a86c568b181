// `stet-trainer pretrain DIR`: full-parameter next-token training of a small model from fresh weights. In:
// pretrain.json, config.json, tokenizer.json, text.jsonl ({"text"}, "prompt"? is not trained on). Out: model/,
// log.jsonl, checkpoint-<step>/. Resumes from the newest checkpoint; a finished folder says so. Compute thread.
#pragma once

#include "trainer/model/device.h"

#include <cstdint>
#include <functional>
#include <string>

namespace stet::round {

struct PretrainStep {
    std::int64_t step = 0;  // updates done
    std::int64_t steps = 0;
    double loss = 0;
    double learningRate = 0;
    double gradNorm = 0;
    std::int64_t tokens = 0;  // trained tokens of the step
    double seconds = 0;
};

struct PretrainHooks {
    std::function<void(const PretrainStep&)> onStep;
    std::function<void(const std::string&)> onWarning;
    std::function<bool()> stopRequested;  // true: checkpoint, then Failure(Interrupted)
};

void runPretrain(const std::string& folder, const PretrainHooks& hooks);

}  // namespace stet::round
