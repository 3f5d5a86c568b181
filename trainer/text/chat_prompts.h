// Conversations → prompt ids, by docs/headless.md "Prompts and tokens": special tokens are those the template writes;
// the text of one inside what people wrote stays text. Nothing is added to what the template wrote, so that its BOS is
// not doubled. Const calls are thread-safe.
#pragma once

#include "trainer/text/chat_template.h"
#include "trainer/text/tokenizer.h"

namespace stet::text {

struct ChatPrompt {
    std::string text;
    Encoding encoding;  // of the text; ranges in its code points
    // What stands before the response and may join with its first token: the text after the last special token, and a
    // space where the template puts one before an answer.
    std::string lead;
    std::string space;
};

class ChatPrompts {
public:
    ChatPrompts(std::shared_ptr<const ChatTemplate> chat, std::shared_ptr<const Tokenizer> tokenizer);

    // Failure(BadInput): the template refuses the messages.
    ChatPrompt render(const Json& messages, bool addGenerationPrompt) const;

private:
    Encoding encode(const std::string& text, const std::vector<std::size_t>& people) const;

    std::shared_ptr<const ChatTemplate> m_chat;
    std::shared_ptr<const Tokenizer> m_tokenizer;
    std::vector<std::string> m_specials;  // longest first
    std::string m_space;
};

}  // namespace stet::text
