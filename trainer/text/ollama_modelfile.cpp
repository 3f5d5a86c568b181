#include "trainer/text/ollama_modelfile.h"

#include "base/failure.h"
#include "trainer/text/chat_prompts.h"
#include "trainer/text/end_of_sequence.h"
#include "trainer/text/prompt_style.h"

#include <ctime>
#include <initializer_list>
#include <optional>
#include <utility>
#include <vector>

namespace stet::text {

namespace {

using Texts = std::vector<std::string>;

// The n-th content of a conversation: no template contains it, and none trims it.
std::string content(std::size_t n)
{
    return std::string(kCut) + std::to_string(n) + std::string(kCut);
}

// What stands before, between and behind the contents; nullopt: they are not all there, once and in order.
std::optional<Texts> between(const std::string& text, std::size_t contents)
{
    Texts parts;
    std::size_t begin = 0;
    for (std::size_t n = 0; n < contents; ++n) {
        const std::size_t found = text.find(content(n));
        if (found == std::string::npos || found < begin || found != text.rfind(content(n))) {
            return std::nullopt;
        }
        parts.push_back(text.substr(begin, found - begin));
        begin = found + content(n).size();
    }
    parts.push_back(text.substr(begin));
    return parts;
}

// A conversation of these roles, cut at its contents.
class Turns {
public:
    Turns(const ChatTemplate& chat, const PromptStyle& style, std::string bos)
        : m_chat(chat), m_style(style), m_bos(std::move(bos))
    {
    }

    std::optional<Texts> of(std::initializer_list<const char*> roles) const
    {
        Json messages = Json::array();
        for (const char* role : roles) {
            const std::string own = content(messages.size());
            const bool user = std::string_view(role) == "user";
            messages.push_back({{"role", role}, {"content", user ? m_style.render(Context::Plain, own, {}) : own}});
        }
        try {
            auto parts = between(m_chat.render(messages, true), roles.size());
            if (parts && !m_bos.empty() && parts->front().starts_with(m_bos)) {
                parts->front().erase(0, m_bos.size());  // Ollama puts it there
            }
            return parts;
        } catch (const Failure&) {
            return std::nullopt;
        }
    }

private:
    const ChatTemplate& m_chat;
    const PromptStyle& m_style;
    std::string m_bos;
};

std::optional<std::string> goTemplate(const Turns& turns)
{
    const auto first = turns.of({"user"});
    const auto talk = turns.of({"user", "assistant", "user"});
    if (!first || !talk || talk->at(0) != first->at(0) || talk->at(1) != first->at(1) || talk->at(3) != first->at(1)) {
        return std::nullopt;
    }
    const std::string& answer = first->at(1);
    const auto told = turns.of({"system", "user"});
    const bool system = told && told->at(2) == answer;
    std::string user = "{{ if eq $i 0 }}" + first->at(0);
    if (system && told->at(1) != talk->at(2)) {
        user += "{{ else if and (eq $i 1) (eq (index $.Messages 0).Role \"system\") }}" + told->at(1);
    }
    user += "{{ else }}" + talk->at(2) + "{{ end }}{{ .Content }}";
    std::string text = "{{ range $i, $m := .Messages }}{{ if eq .Role \"user\" }}" + user;
    if (system) {
        text += "{{ else if eq .Role \"system\" }}" + told->at(0) + "{{ .Content }}";
    }
    return text + "{{ else if eq .Role \"assistant\" }}" + answer + "{{ .Content }}{{ end }}{{ end }}" + answer;
}

std::optional<std::string> plainTemplate(const PromptStyle& style)
{
    const auto parts = between(style.render(Context::Plain, content(0), {}), 1);
    return parts ? std::optional(parts->at(0) + "{{ .Prompt }}" + parts->at(1)) : std::nullopt;
}

std::string bosOf(const files::ModelFolder& folder)
{
    const auto it = folder.specialTokens.find("bos_token");
    return it == folder.specialTokens.end() ? std::string() : it->second;
}

}  // namespace

std::string ollamaModelfile(const files::ModelFolder& folder, const std::string& promptStyle, const std::string& gguf)
{
    const PromptStyle style = PromptStyle::resolve(promptStyle, folder);
    const auto tokenizer = Tokenizer::load(folder.path);
    std::optional<std::string> prompt;
    std::optional<ChatPrompts> prompts;
    if (style.isChat()) {
        const auto chat = ChatTemplate::load(folder, static_cast<std::int64_t>(std::time(nullptr)));
        prompt = goTemplate(Turns(*chat, style, bosOf(folder)));
        prompts.emplace(chat, tokenizer);
    } else {
        prompt = plainTemplate(style);
    }
    std::string text = "FROM ./" + gguf + "\n";
    // Neither quotes nor what a template of its own would read can be said within one.
    if (prompt && prompt->find("\"\"\"") == std::string::npos) {
        text += "TEMPLATE \"\"\"" + *prompt + "\"\"\"\n";
    }
    for (const std::int64_t id : endOfSequence(*tokenizer, folder, prompts ? &*prompts : nullptr).stopIds) {
        const std::string stop = tokenizer->decode({id}, false);
        if (!stop.empty() && stop.find_first_of("\"\n") == std::string::npos) {
            text += "PARAMETER stop \"" + stop + "\"\n";
        }
    }
    return text;
}

}  // namespace stet::text
