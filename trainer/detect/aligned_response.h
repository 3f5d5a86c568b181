// One response in its contexts, as detection reads it and as training trains it: truncated by one rule, with the tokens
// that count in all of them, and the annotator's marks on those. Plain values; any thread.
#pragma once

#include "trainer/detect/detection_settings.h"
#include "trainer/text/example_encoder.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace stet::detect {

// Truncation from the left may reach the response, in one context further than in another, and leaves the first token
// without a prediction where no prompt is left: contexts are aligned by their ends.
struct AlignedResponse {
    std::map<text::Context, text::ContextIds> contexts;
    std::int64_t tokens = 0;               // how many of each context's last response tokens count
    std::vector<std::int64_t> ids;         // of those tokens
    std::vector<text::TokenRange> ranges;  // of those tokens
    std::vector<int> marks;                // of those tokens: +1 flag, −1 clear, 0 none
    std::vector<int> words;                // of those tokens: detect::wordsOf; empty: not known
    std::int64_t wholeTokens = 0;          // of the untruncated response
    bool tooFewLeft = false;               // the tail was cut, and fewer than 16 tokens are left
    bool truncated = false;                // in any context
    bool contextsEqual = false;            // plain and judged became the same ids by truncation

    bool readable() const { return tokens > 0 && !tooFewLeft; }
};

// Any text in any contexts.
AlignedResponse align(const text::EncodedExample& encoded, const std::vector<files::Mark>& marks);

// A response in the contexts of a list. Failure(BadInput) as ExampleEncoder's.
AlignedResponse alignedResponse(const text::ExampleEncoder& encoder, const files::Example& example,
                                const std::vector<text::Context>& contexts, const DetectionSettings& settings);

// The same response after other judgments, each sequence with at least `tokens` predicted response tokens at its end:
// a judgment that leaves no room for them is passed over.
std::vector<text::ContextIds> underOtherJudgments(const text::ExampleEncoder& encoder, const files::Example& example,
                                                  const std::vector<std::string>& judgments,
                                                  const DetectionSettings& settings, std::int64_t tokens);

}  // namespace stet::detect
