#include "trainer/text/prompt_style.h"

#include "base/failure.h"
#include "base/json.h"
#include "base/log.h"
#include "base/resources.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <initializer_list>
#include <utility>

namespace stet::text {

namespace {

// The templates of CUT's released code (templates/alpaca.json there); the same in meaning as the article's Figures 5
// and 6.
constexpr const char* kAlpacaPlain =
    "Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n"
    "### Instruction:\n{instruction}\n\n### Response:\n";
constexpr const char* kAlpacaJudged =
    "Below is an instruction that describes a task. Write a response to the instruction and the response should match "
    "the corresponding judgment.\n\n"
    "### Instruction:\n{instruction}\n\n### Judgment:\n{judgment}\n\n### Response:\n";
// Contrast D4: the model is asked to do better; wrong tokens become less likely.
constexpr const char* kAlpacaCorrection =
    "Below is an instruction that describes a task, and feedback on an earlier, unsuccessful response. Write a "
    "response "
    "that appropriately completes the request.\n\n"
    "### Instruction:\n{instruction}\n\n### Feedback:\n{judgment}\n\n### Response:\n";

constexpr std::array<std::pair<Context, std::string_view>, 6> kContexts = {{{Context::Plain, "plain"},
                                                                            {Context::Judged, "judged"},
                                                                            {Context::Praised, "praised"},
                                                                            {Context::Blank, "blank"},
                                                                            {Context::Correction, "correction"},
                                                                            {Context::Judging, "judging"}}};

struct Placeholder {
    std::string_view name;
    const std::string& text;
};

// Replaces every placeholder of the template in one pass: placeholders in the inserted texts are left alone.
std::string filled(const std::string& text, std::initializer_list<Placeholder> placeholders)
{
    std::string result;
    for (std::size_t i = 0; i < text.size();) {
        const auto* const it = std::find_if(placeholders.begin(), placeholders.end(), [&](const Placeholder& one) {
            return text.compare(i, one.name.size(), one.name) == 0;
        });
        if (it == placeholders.end()) {
            result += text[i++];
        } else {
            result += it->text;
            i += it->name.size();
        }
    }
    return result;
}

std::string filled(const std::string& text, const std::string& instruction, const std::string& judgment)
{
    return filled(text, {{"{instruction}", instruction}, {"{judgment}", judgment}});
}

std::string templateFrom(const Json& json, const char* field, const std::string& path, std::string_view second = {})
{
    std::string text = requiredString(json, field, path);
    if (text.find("{instruction}") == std::string::npos || text.find(second) == std::string::npos) {
        throw badInput(path + ": the text '" + field + "' must hold {instruction}" +
                       (second.empty() ? "" : " and " + std::string(second)));
    }
    return text;
}

// The text that ships with the program; empty if its file is missing, which matters to forward-prediction alone.
std::string judgingText(bool chat)
{
    const std::string path = resourcePath("prompts/judging.json");
    return std::filesystem::exists(path)
        ? templateFrom(readJsonFile(path, 1U << 20U), chat ? "chat" : "alpaca", path, "{output}")
        : std::string();
}

}  // namespace

std::string_view contextName(Context context)
{
    return kContexts.at(static_cast<std::size_t>(context)).second;
}

std::optional<Context> contextFromName(std::string_view name)
{
    for (const auto& [context, known] : kContexts) {
        if (known == name && context != Context::Judging) {
            return context;
        }
    }
    return std::nullopt;
}

PromptStyle PromptStyle::resolve(const std::string& name, const files::ModelFolder& folder)
{
    PromptStyle style;
    const bool automatic = name == "auto" || name.empty();
    const bool chats = folder.chatTemplate || !folder.namedTemplates.empty();
    style.m_name = !automatic ? name : chats ? "chat" : "alpaca";
    if (style.m_name == "alpaca") {
        style.m_plain = kAlpacaPlain;
        style.m_judged = kAlpacaJudged;
        style.m_correction = kAlpacaCorrection;
        style.m_judging = judgingText(false);
        return style;
    }
    const std::string path = style.m_name == "chat" ? resourcePath("prompts/chat.json") : name;
    if (!std::filesystem::exists(path)) {
        throw badInput("Prompt style '" + name +
                       "' is unknown, and no file of that name is there; known: auto, alpaca, chat, or "
                       "a JSON file with the texts plain and judged");
    }
    const Json json = readJsonFile(path, 1U << 20U);
    for (const auto& warning : unknownFields(json, {"chat", "plain", "judged", "correction", "judging"}, path)) {
        log::warning(warning);
    }
    style.m_chat = optionalBool(json, "chat", path).value_or(false);
    style.m_plain = templateFrom(json, "plain", path);
    style.m_judged = templateFrom(json, "judged", path, "{judgment}");
    style.m_correction =
        json.contains("correction") ? templateFrom(json, "correction", path, "{judgment}") : std::string();
    style.m_judging =
        json.contains("judging") ? templateFrom(json, "judging", path, "{output}") : judgingText(style.m_chat);
    return style;
}

std::string PromptStyle::render(Context context, const std::string& instruction, const std::string& judgment) const
{
    switch (context) {
    case Context::Plain:
        return filled(m_plain, instruction, {});
    case Context::Judged:
        return filled(m_judged, instruction, judgment);
    case Context::Praised:
        return filled(m_judged, instruction, kPraise);
    case Context::Blank:
        return filled(m_judged, instruction, {});
    case Context::Correction:
    case Context::Judging:
        break;
    }
    if (m_correction.empty()) {
        throw badInput("Prompt style " + m_name +
                       " has no 'correction' text, which contrast D4 and objective self-distillation need");
    }
    return filled(m_correction, instruction, judgment);
}

std::string PromptStyle::renderJudging(const std::string& instruction, const std::string& output) const
{
    if (m_judging.empty()) {
        throw badInput("Objective forward-prediction needs a text that asks for a judgment: " +
                       resourcePath("prompts/judging.json") + " is missing, and prompt style " + m_name +
                       " has no 'judging' of its own");
    }
    return filled(m_judging, {{"{instruction}", instruction}, {"{output}", output}});
}

}  // namespace stet::text
