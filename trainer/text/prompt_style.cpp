#include "trainer/text/prompt_style.h"

#include "base/failure.h"
#include "base/json.h"
#include "base/resources.h"

#include <array>
#include <filesystem>
#include <utility>

namespace stet::text {

namespace {

// The templates of CUT's released code, templates/alpaca.json there; one meaning with the article's Figures 5 and 6.
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
// The article's fabricated positive judgment (Table 1).
constexpr const char* kPraise = "Your response to the instruction is satisfactory.";

constexpr std::array<std::pair<Context, std::string_view>, 5> kContexts = {{{Context::Plain, "plain"},
                                                                            {Context::Judged, "judged"},
                                                                            {Context::Praised, "praised"},
                                                                            {Context::Blank, "blank"},
                                                                            {Context::Correction, "correction"}}};

// Replaces every {instruction} and {judgment} of the template in one pass: what stands in the texts put in is not
// looked at again.
std::string filled(const std::string& text, const std::string& instruction, const std::string& judgment)
{
    constexpr std::string_view kInstruction = "{instruction}";
    constexpr std::string_view kJudgment = "{judgment}";
    std::string result;
    for (std::size_t i = 0; i < text.size();) {
        if (text.compare(i, kInstruction.size(), kInstruction) == 0) {
            result += instruction;
            i += kInstruction.size();
        } else if (text.compare(i, kJudgment.size(), kJudgment) == 0) {
            result += judgment;
            i += kJudgment.size();
        } else {
            result += text[i++];
        }
    }
    return result;
}

std::string templateFrom(const Json& json, const char* field, const std::string& path, bool judgment)
{
    const std::string text = requiredString(json, field, path);
    if (text.find("{instruction}") == std::string::npos || (judgment && text.find("{judgment}") == std::string::npos)) {
        throw badInput(path + ": the text '" + field + "' must hold {instruction}" +
                       (judgment ? " and {judgment}" : ""));
    }
    return text;
}

}  // namespace

std::string_view contextName(Context context)
{
    return kContexts.at(static_cast<std::size_t>(context)).second;
}

std::optional<Context> contextFromName(std::string_view name)
{
    for (const auto& [context, known] : kContexts) {
        if (known == name) {
            return context;
        }
    }
    return std::nullopt;
}

PromptStyle PromptStyle::resolve(const std::string& name, const files::ModelFolder& folder)
{
    PromptStyle style;
    const bool automatic = name == "auto" || name.empty();
    style.m_name = !automatic ? name : folder.chatTemplate ? "chat" : "alpaca";
    if (style.m_name == "alpaca") {
        style.m_plain = kAlpacaPlain;
        style.m_judged = kAlpacaJudged;
        style.m_correction = kAlpacaCorrection;
        return style;
    }
    const std::string path = style.m_name == "chat" ? resourcePath("prompts/chat.json") : name;
    if (!std::filesystem::exists(path)) {
        throw badInput("Prompt style '" + name +
                       "' is unknown, and no file of that name is there; known: auto, alpaca, chat, or "
                       "a JSON file with the texts plain and judged");
    }
    const Json json = readJsonFile(path, 1U << 20U);
    style.m_chat = optionalBool(json, "chat", path).value_or(false);
    style.m_plain = templateFrom(json, "plain", path, false);
    style.m_judged = templateFrom(json, "judged", path, true);
    style.m_correction = json.contains("correction") ? templateFrom(json, "correction", path, true) : std::string();
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
        break;
    }
    if (m_correction.empty()) {
        throw badInput("Prompt style " + m_name + " has no 'correction' text, which contrast D4 needs");
    }
    return filled(m_correction, instruction, judgment);
}

}  // namespace stet::text
