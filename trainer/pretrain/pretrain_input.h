// What pretrain reads: pretrain.json as checked values, text.jsonl as token ids, and which texts come together in which
// order. Made once for a folder. Compute thread.
#pragma once

#include "trainer/round/optimizer.h"
#include "trainer/score/response_log_probs.h"
#include "trainer/text/tokenizer.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace stet::round {

struct PretrainSettings {
    std::optional<std::int64_t> steps;  // none: from epochs
    double epochs = 1;
    std::int64_t batchSize = 64;
    double learningRate = 3e-3;
    double minRatio = 0.1;  // of the learning rate, reached at the end
    std::int64_t warmupSteps = 100;
    AdamWSettings adamw{0.9, 0.95, 1e-8, 0.1};
    double maxGradNorm = 1;
    std::int64_t maxLength = 256;
    std::uint64_t seed = 1;
    int threads = 0;
    std::string device = "auto";
    bool bfloat16 = true;  // of the published model
    std::int64_t checkpointEvery = 500;
};

// onWarning hears of unknown fields; may be empty. Failure(BadInput): wrong type or range.
PretrainSettings readPretrainSettings(const std::string& folder,
                                      const std::function<void(const std::string&)>& onWarning);

struct PretrainTextOptions {
    std::int64_t endId = 0;        // stands behind every text
    std::int64_t maxLength = 256;  // tokens; longer texts are cut at their end
};

// Every text encoded: its "prompt", which is not trained on, and the rest.
struct PretrainTexts {
    std::vector<score::Sequence> sequences;
    std::vector<std::string> warnings;  // unknown fields, each once; how many texts do not fit
};

// Failure(BadInput): a line isn't what it should be, or no text fits.
PretrainTexts readPretrainTexts(const std::string& folder, const text::Tokenizer& tokenizer,
                                const PretrainTextOptions& options);

struct PretrainOrder {
    std::uint64_t seed = 1;
    std::int64_t batchSize = 64;
};

// Batches of one epoch, as indices: shuffled by the seed, then texts of like length put together within windows, so
// that little is padding.
std::vector<std::vector<std::size_t>> pretrainBatches(const std::vector<score::Sequence>& texts,
                                                      const PretrainOrder& order, std::int64_t epoch);

}  // namespace stet::round
