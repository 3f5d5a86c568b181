// What pretrain reads: text.jsonl as token ids, and which texts come together in which order. Made once for a folder.
// Compute thread.
#pragma once

#include "trainer/score/response_log_probs.h"
#include "trainer/text/tokenizer.h"

#include <cstdint>
#include <string>
#include <vector>

namespace stet::round {

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
