#include "trainer/text/chat_prompts.h"

#include "base/failure.h"
#include "base/utf8.h"

#include <algorithm>

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

// A text of people's: special tokens in it get a mark, which travels through the template with them. A mark that stands
// there already is a character of no language; it is shown as an unknown one.
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

// Contents only: roles and names are the program's.
Json withMarks(Json messages, const SpecialTexts& specials)
{
    for (Json& message : messages) {
        if (message.contains("content") && message["content"].is_string()) {
            message["content"] = marked(message["content"].get<std::string>(), specials);
        }
    }
    return messages;
}

// White space, or what may be some: a special token must not take it from an answer.
bool mayBeginWithSpace(const std::string& text)
{
    return !text.empty() && (text.front() <= ' ' || static_cast<unsigned char>(text.front()) >= 0x80U);
}

// "a" answered by a text that is found again: is there a space between the generation prompt and the answer?
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
        return {};  // a template that refuses this conversation says so when a real one is rendered
    }
}

}  // namespace

SpecialTexts::SpecialTexts(const std::vector<std::string>& texts)
{
    for (const auto& text : texts) {
        if (!text.empty()) {
            m_texts.insert(text);
            m_lengths.insert(text.size());
            m_beginnings += m_beginnings.find(text.front()) == std::string::npos ? text.substr(0, 1) : "";
        }
    }
}

std::size_t SpecialTexts::longestAt(std::string_view rest) const
{
    const auto fits = [&](std::size_t length) {
        return length <= rest.size() && m_texts.contains(rest.substr(0, length));
    };
    const auto it = std::find_if(m_lengths.begin(), m_lengths.end(), fits);
    return it == m_lengths.end() ? 0 : *it;
}

std::vector<SpecialTexts::Stretch> SpecialTexts::in(std::string_view text) const
{
    std::vector<Stretch> found;
    for (auto at = text.find_first_of(m_beginnings); at != std::string_view::npos;) {
        const std::size_t length = longestAt(text.substr(at));
        if (length > 0) {
            found.push_back({at, at + length});
        }
        at = text.find_first_of(m_beginnings, at + std::max<std::size_t>(length, 1));
    }
    return found;
}

ChatPrompts::ChatPrompts(std::shared_ptr<const ChatTemplate> chat, std::shared_ptr<const Tokenizer> tokenizer)
    : m_chat(std::move(chat))
    , m_tokenizer(std::move(tokenizer))
    , m_specials(m_tokenizer->specialTexts())
    , m_space(spaceBeforeAnswers(*m_chat))
{
}

ChatPrompt ChatPrompts::render(const Json& messages, bool addGenerationPrompt) const
{
    ChatPrompt prompt;
    // The template's own cuts would be taken for ours.
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
