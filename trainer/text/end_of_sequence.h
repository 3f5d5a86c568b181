// Where a response ends: the id that is trained and scored there, and the ids at which generation stops. By
// docs/headless.md "Prompts". Value type; any thread.
#pragma once

#include "trainer/text/chat_prompts.h"

#include <cstdint>
#include <string>
#include <vector>

namespace stet::text {

struct EndOfSequence {
    std::int64_t id = 0;                // trained and scored at the end of a response
    std::vector<std::int64_t> stopIds;  // the folder's, and `id`
    // Says so if no configuration names `id` as a stop, so that other programs would go on generating.
    std::vector<std::string> warnings;
};

// chat: null unless the style is a chat. Failure(BadInput): no end of sequence, or one outside the model's vocabulary.
EndOfSequence endOfSequence(const Tokenizer& tokenizer, const files::ModelFolder& folder, const ChatPrompts* chat);

}  // namespace stet::text
