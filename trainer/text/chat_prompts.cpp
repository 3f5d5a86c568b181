#include "trainer/text/chat_prompts.h"

#include "base/failure.h"
#include "base/utf8.h"
#include "trainer/text/chat_end.h"

namespace stet::text {

namespace {

constexpr std::string_view kUnknown = "\xEF\xBF\xBD";  // U+FFFD

std::string replaced(std::string_view text, std::string_view what, std::string_view with)
{
    std::string result;
    std::size_t done = 0;
    for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, done)) {
        result.append(text.substr(done, at - done)).append(with);
        done = at + what.size();
    }
    return result.append(text.substr(done));
}

// Puts a mark inside each special token of a user-written text; the mark passes through the template with it. A mark
// that is there already is replaced by U+FFFD.
std::string marked(const std::string& written, const SpecialTexts& specials)
{
    const std::string text = replaced(replaced(written, kMark, kUnknown), kCut, kUnknown);
    std::string result;
    std::size_t done = 0;
    for (const SpecialTexts::Stretch& found : specials.in(text)) {
        const auto special = std::string_view(text).substr(found.begin, found.end - found.begin);
        const std::size_t inside = found.begin + codePointStarts(special)[1];
        result.append(text, done, inside - done).append(kMark);
        done = inside;
    }
    return result.append(text, done);
}

// Contents only: roles and names are not user-written.
Json withMarks(Json messages, const SpecialTexts& specials)
{
    for (Json& message : messages) {
        if (message.contains("content") && message["content"].is_string()) {
            message["content"] = marked(message["content"].get<std::string>(), specials);
        }
    }
    return messages;
}

// White space, or non-ASCII that may be: a special token with rstrip must not consume it.
bool mayBeginWithSpace(const std::string& text)
{
    return !text.empty() && (text.front() <= ' ' || static_cast<unsigned char>(text.front()) >= 0x80U);
}

// Renders a recognisable answer to see whether a space separates it from the generation prompt.
std::string spaceBeforeAnswers(const ChatTemplate& chat)
{
    const Json asked = Json::array({{{"role", "user"}, {"content", "a"}}});
    Json answered = asked;
    answered.push_back({{"role", "assistant"}, {"content", kMark}});
    try {
        const std::string prompt = chat.render(asked, true);
        const std::string whole = chat.render(answered, false);
        return whole.compare(0, prompt.size() + 1 + kMark.size(), prompt + " " + std::string(kMark)) == 0 ? " " : "";
    } catch (const Failure&) {
        return {};  // rendering a real conversation reports why
    }
}

}  // namespace

ChatPrompts::ChatPrompts(std::shared_ptr<const ChatTemplate> chat, std::shared_ptr<const Tokenizer> tokenizer)
    : m_chat(std::move(chat))
    , m_tokenizer(std::move(tokenizer))
    , m_specials(m_tokenizer->specialTexts())
    , m_space(spaceBeforeAnswers(*m_chat))
{
    if (const auto end = text::endOfAnswer(*m_chat, m_specials)) {
        m_end = m_tokenizer->idOf(*end);
    }
}

ChatPrompt ChatPrompts::render(const Json& messages, bool addGenerationPrompt) const
{
    ChatPrompt prompt;
    // A kCut in the template itself would be mistaken for ours.
    prompt.marked = replaced(m_chat->render(withMarks(messages, m_specials), addGenerationPrompt), kCut, {});
    prompt.text = replaced(prompt.marked, kMark, {});
    prompt.encoding = m_tokenizer->encode(prompt.marked, Specials::Unmarked);
    return prompt;
}

Encoding ChatPrompts::answer(const ChatPrompt& prompt, const std::string& text) const
{
    const std::string before = prompt.marked + m_space;
    const std::size_t shift = codePointCount(prompt.text) + codePointCount(m_space);
    const std::string output = marked(text, m_specials);
    for (const std::string_view between : {mayBeginWithSpace(text) ? kMark : std::string_view(), kCut}) {
        const std::string joined = before + std::string(between) + output;
        if (auto after = continuation(prompt.encoding, m_tokenizer->encode(joined, Specials::Unmarked), shift)) {
            return std::move(*after);
        }
    }
    return m_tokenizer->encode(output, Specials::Unmarked);
}

}  // namespace stet::text
