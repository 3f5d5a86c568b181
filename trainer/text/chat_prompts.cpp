#include "trainer/text/chat_prompts.h"

#include "base/failure.h"
#include "base/utf8.h"

#include <algorithm>

namespace stet::text {

namespace {

// A noncharacter, which no text of people holds: put into a special token's text that people wrote, it travels through
// the template with them.
constexpr std::string_view kMark = "\xEF\xB7\x90";  // U+FDD0

using Stretch = SpecialTexts::Stretch;

std::string marked(const std::string& text, const SpecialTexts& specials)
{
    std::string result = text;
    const auto found = specials.in(text);
    for (auto it = found.rbegin(); it != found.rend(); ++it) {
        const auto special = std::string_view(text).substr(it->begin, it->end - it->begin);
        result.insert(it->begin + codePointStarts(special)[1], kMark);
    }
    return result;
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

// Takes the marks out; where one stood, the special token around it is people's text.
std::vector<std::size_t> takeMarks(std::string& text)
{
    std::vector<std::size_t> marks;
    for (auto at = text.find(kMark); at != std::string::npos; at = text.find(kMark, at)) {
        text.erase(at, kMark.size());
        marks.push_back(at);
    }
    return marks;
}

void append(Encoding& all, const Encoding& piece, int offset)
{
    all.ids.insert(all.ids.end(), piece.ids.begin(), piece.ids.end());
    for (const TokenRange& range : piece.ranges) {
        all.ranges.push_back({range.begin + offset, range.end + offset});
    }
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
    prompt.text = m_chat->render(withMarks(messages, m_specials), addGenerationPrompt);
    const auto people = takeMarks(prompt.text);
    prompt.encoding = encode(prompt.text, people);
    prompt.space = m_space;
    prompt.lead = prompt.text;
    const auto found = m_specials.in(prompt.text);
    for (auto it = found.rbegin(); it != found.rend(); ++it) {
        const bool theirs =
            std::any_of(people.begin(), people.end(), [&](std::size_t at) { return it->begin < at && at < it->end; });
        if (!theirs) {
            prompt.lead = prompt.text.substr(it->end);
            break;
        }
    }
    return prompt;
}

// Stretches between the template's own special tokens that hold one of people's are read without special tokens.
Encoding ChatPrompts::encode(const std::string& text, const std::vector<std::size_t>& people) const
{
    if (people.empty()) {
        return m_tokenizer->encode(text, Specials::InText);
    }
    const auto theirs = [&](const Stretch& stretch) {
        return std::any_of(people.begin(), people.end(),
                           [&](std::size_t at) { return stretch.begin < at && at < stretch.end; });
    };
    Encoding all;
    const auto add = [&](std::size_t begin, std::size_t end, Specials specials) {
        if (begin < end) {
            append(all, m_tokenizer->encode(std::string_view(text).substr(begin, end - begin), specials),
                   static_cast<int>(codePointCount(std::string_view(text).substr(0, begin))));
        }
    };
    std::vector<Stretch> own;
    for (const Stretch& stretch : m_specials.in(text)) {
        if (!theirs(stretch)) {
            own.push_back(stretch);
        }
    }
    own.push_back({text.size(), text.size()});
    std::size_t done = 0;   // everything before is encoded
    std::size_t start = 0;  // of the stretch after the last special token of the template
    for (const Stretch& stretch : own) {
        if (theirs({start, stretch.begin})) {
            add(done, start, Specials::InText);
            add(start, stretch.begin, Specials::None);
            done = stretch.begin;
        }
        start = stretch.end;
    }
    add(done, text.size(), Specials::InText);
    return all;
}

}  // namespace stet::text
