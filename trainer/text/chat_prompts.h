// Conversations → prompt ids, by docs/headless.md "Prompts": only special tokens that the template writes
// are tokens; one that a user typed stays text. Nothing is added to the rendered text, so BOS is never doubled. Const
// calls are thread-safe.
#pragma once

#include "trainer/text/chat_template.h"
#include "trainer/text/special_texts.h"
#include "trainer/text/tokenizer.h"

#include <memory>
#include <optional>
#include <string>

namespace stet::text {

struct ChatPrompt {
    std::string text;
    Encoding encoding;   // of the text; ranges in its code points
    std::string marked;  // the text as it is encoded: special tokens that users typed have a kMark inside
};

class ChatPrompts {
public:
    ChatPrompts(std::shared_ptr<const ChatTemplate> chat, std::shared_ptr<const Tokenizer> tokenizer);

    // Failure(BadInput): the template refuses the messages.
    ChatPrompt render(const Json& messages, bool addGenerationPrompt) const;

    // An answer's ids as they follow the prompt's in the whole conversation; ranges in the answer's code points. If the
    // first token would merge with the end of the prompt, the answer is tokenized separately.
    Encoding answer(const ChatPrompt& prompt, const std::string& text) const;

    // The id of the first special token that the template writes after an answer; nullopt if it writes none.
    std::optional<std::int64_t> endOfAnswer() const { return m_end; }

private:
    std::shared_ptr<const ChatTemplate> m_chat;
    std::shared_ptr<const Tokenizer> m_tokenizer;
    SpecialTexts m_specials;
    std::string m_space;  // " " if the template puts one between the generation prompt and an answer
    std::optional<std::int64_t> m_end;
};

}  // namespace stet::text
