#include "trainer/text/chat_end.h"

#include "base/failure.h"
#include "trainer/text/tokenizer.h"

#include <algorithm>
#include <vector>

namespace stet::text {

namespace {

using Texts = std::vector<std::string>;

// Contents that no template contains itself and none trims.
constexpr std::string_view kQuestion = kCut;
constexpr std::string_view kAnswer = kMark;

enum class Begins { WithUser, WithSystem };

Json message(const char* role, std::string_view content)
{
    return {{"role", role}, {"content", content}};
}

Json asked(Begins begins)
{
    Json messages = Json::array();
    if (begins == Begins::WithSystem) {
        messages.push_back(message("system", "s"));
    }
    messages.push_back(message("user", kQuestion));
    return messages;
}

std::optional<std::string> rendered(const ChatTemplate& chat, const Json& messages, bool addGenerationPrompt = false)
{
    try {
        return chat.render(messages, addGenerationPrompt);
    } catch (const Failure&) {
        return std::nullopt;
    }
}

Texts specialsIn(std::string_view text, const SpecialTexts& specials)
{
    Texts found;
    for (const SpecialTexts::Stretch& stretch : specials.in(text)) {
        found.emplace_back(text.substr(stretch.begin, stretch.end - stretch.begin));
    }
    return found;
}

// The special tokens of a conversation by position. Empty if the template refuses it or drops a text.
struct Places {
    Texts opening;   // before the first question
    Texts prompt;    // after the question, with the generation prompt
    Texts last;      // after an answer that ends the conversation
    Texts followed;  // between an answer and the next question
};

Places placesOf(const ChatTemplate& chat, const SpecialTexts& specials, Begins begins)
{
    Places places;
    Json messages = asked(begins);
    const auto behind = [&](const std::string& text, std::string_view what) {
        const auto at = text.rfind(what);
        return at == std::string::npos ? std::string() : text.substr(at + what.size());
    };
    if (const auto text = rendered(chat, messages, true)) {
        places.opening = specialsIn(std::string_view(*text).substr(0, text->find(kQuestion)), specials);
        places.prompt = specialsIn(behind(*text, kQuestion), specials);
    }
    messages.push_back(message("assistant", kAnswer));
    if (const auto text = rendered(chat, messages)) {
        places.last = specialsIn(behind(*text, kAnswer), specials);
    }
    messages.push_back(message("user", kQuestion));
    if (const auto text = rendered(chat, messages)) {
        const std::string between = behind(*text, kAnswer);
        const auto next = between.find(kQuestion);
        places.followed =
            specialsIn(std::string_view(between).substr(0, next == std::string::npos ? 0 : next), specials);
    }
    return places;
}

bool beginsAlike(const Texts& a, const Texts& b)
{
    return !a.empty() && !b.empty() && a.front() == b.front();
}

std::optional<std::string> endOf(const Places& places)
{
    const auto& [opening, prompt, last, followed] = places;
    // Some templates write a generation prompt after the last answer even if none is asked for.
    const bool promptFollows = !last.empty() && !prompt.empty() && last.front() == prompt.back();
    if (!last.empty() && (beginsAlike(last, followed) || !promptFollows)) {
        return last.front();
    }
    // Without an end, all that separates two turns is the opening of the second.
    if (!followed.empty() && std::find(opening.begin(), opening.end(), followed.front()) == opening.end()) {
        return followed.front();
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> endOfAnswer(const ChatTemplate& chat, const SpecialTexts& specials)
{
    // Some templates require a system message.
    for (const Begins begins : {Begins::WithUser, Begins::WithSystem}) {
        if (auto end = endOf(placesOf(chat, specials, begins))) {
            return end;
        }
    }
    return std::nullopt;
}

}  // namespace stet::text
