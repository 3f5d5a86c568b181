// Conversations → prompt ids, by docs/headless.md "Prompts and tokens": special tokens are those the template writes;
// the text of one inside what people wrote stays text. Nothing is added to what the template wrote, so that its BOS is
// not doubled. Const calls are thread-safe.
#pragma once

#include "trainer/text/chat_template.h"
#include "trainer/text/tokenizer.h"

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace stet::text {

struct ChatPrompt {
    std::string text;
    Encoding encoding;   // of the text; ranges in its code points
    std::string marked;  // the text with kMark in special tokens that people wrote, as it is encoded
};

// Texts of special tokens, found in another as the tokenizer finds them: leftmost, then longest. In time that doesn't
// depend on how many there are; some families have thousands.
class SpecialTexts {
public:
    struct Stretch {
        std::size_t begin = 0;
        std::size_t end = 0;
    };
    explicit SpecialTexts(const std::vector<std::string>& texts);
    std::vector<Stretch> in(std::string_view text) const;

private:
    std::size_t longestAt(std::string_view rest) const;  // its length; 0: none begins there

    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    std::unordered_set<std::string, Hash, std::equal_to<>> m_texts;
    std::set<std::size_t, std::greater<>> m_lengths;
    std::string m_beginnings;  // first bytes
};

class ChatPrompts {
public:
    ChatPrompts(std::shared_ptr<const ChatTemplate> chat, std::shared_ptr<const Tokenizer> tokenizer);

    // Failure(BadInput): the template refuses the messages.
    ChatPrompt render(const Json& messages, bool addGenerationPrompt) const;

    // An answer's ids as they stand behind the prompt's in the whole conversation; ranges in the answer's code points.
    // Where its first token would take a part of the prompt, the answer is a piece of its own.
    Encoding answer(const ChatPrompt& prompt, const std::string& text) const;

private:
    std::shared_ptr<const ChatTemplate> m_chat;
    std::shared_ptr<const Tokenizer> m_tokenizer;
    SpecialTexts m_specials;
    std::string m_space;  // where the template puts one between the generation prompt and an answer
};

}  // namespace stet::text
