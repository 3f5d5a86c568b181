// The special token that ends an answer in a chat, found by rendering short conversations with a recognisable answer:
// templates trim answers, add a newline, refuse some sequences of roles, or write the end only if another turn follows.
// Pure; any thread.
#pragma once

#include "trainer/text/chat_template.h"
#include "trainer/text/special_texts.h"

#include <optional>
#include <string>

namespace stet::text {

// The text of the first special token that the template writes after an answer. nullopt: it writes none, or refuses
// every conversation that was tried (rendering a real one then reports why).
std::optional<std::string> endOfAnswer(const ChatTemplate& chat, const SpecialTexts& specials);

}  // namespace stet::text
