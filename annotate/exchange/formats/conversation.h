// Conversations as other programs write them: lists of turns, by OpenAI's names ("role", "content") or ShareGPT's
// ("from", "value"), as what Stet asks and what answers it, and back. Pure.
#pragma once

#include "annotate/exchange/formats/records.h"

namespace stet::annotate {

struct Turn {
    std::string role;  // "system", "user" or "assistant"
    std::string text;
};

// What a list holds, or why it can't be taken: then `unfit` is a sentence.
struct Turns {
    std::vector<Turn> list;
    std::string unfit;
};

// field: the list's name, for the sentence.
Turns turnsOf(const Json& list, const std::string& field);
Json asMessages(const std::vector<Turn>& turns);

// Adds to `fields` what the turns ask, ending with the user's: a single question of the user's as "instruction", a
// longer conversation as "messages". A sentence where they don't end so; empty: well.
std::string ask(const std::vector<Turn>& turns, Json& fields);
// The same of turns whose last is the assistant's, as "output"; of such that end with the user's nothing answers.
std::string askAndAnswer(std::vector<Turn> turns, Json& fields);

// What a response was asked, as turns that end with the user's.
std::vector<Turn> turnsOf(const ResponseItem& item);
// As one text. nullopt: a conversation.
std::optional<std::string> askedText(const ResponseItem& item);

}  // namespace stet::annotate
