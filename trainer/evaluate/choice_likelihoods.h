// The log-likelihood a model gives each choice of an item, encoded and cut as the Language Model Evaluation Harness
// does (lm-eval 0.4.13: api/model.py _encode_pair and loglikelihood, models/huggingface.py _loglikelihood_tokens).
// Compute thread.
#pragma once

#include "trainer/evaluate/choice_forms.h"
#include "trainer/score/response_log_probs.h"
#include "trainer/text/tokenizer.h"

#include <cstdint>
#include <string>
#include <vector>

namespace stet::evaluate {

// What encoding needs of a model folder. tokenizer is borrowed.
struct ChoiceEncoding {
    const text::Tokenizer& tokenizer;
    std::int64_t prefixId = 0;  // stands for an empty context: beginning of sequence, else end of sequence
    std::int64_t contextLength = 0;
    std::int64_t vocabularySize = 0;  // of the model: added tokens may have ids behind it
};

// One sequence per choice: prompt = the context's ids, response = those of " " + choice. White space at the end of the
// context goes to the choice; context and choice are encoded as one text, which is split after as many ids as the
// context has by itself. What the post-processor puts before a text is added (unless the text begins with the prefix
// token's text), what it puts after one is not; the text of a special token is that token. When prompt and response
// have more than contextLength + 1 ids, the prompt loses its first. Failure(BadInput) names the line: a choice without
// a token of its own, one longer than the model's context.
std::vector<score::Sequence> encodeChoices(const ChoiceItem& item, const ChoiceEncoding& encoding,
                                           bool* shortened = nullptr);

// Sum of each sequence's log-probabilities, natural logarithm, in double. Sequences of similar length share a batch.
std::vector<double> logLikelihoods(const model::Decoder& decoder, const model::Adapters& adapters,
                                   const std::vector<score::Sequence>& sequences,
                                   const model::CancelCheck& cancelled = {});

}  // namespace stet::evaluate
