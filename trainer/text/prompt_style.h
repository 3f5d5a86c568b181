// How instruction and judgment become the text before a response: `alpaca` (CUT's templates), `chat` (the folder's own
// template; where the judgment enters it stands in resources/prompts/chat.json), or a JSON file with `plain` and
// `judged` texts. Pure values; any thread.
#pragma once

#include "trainer/files/model_folder.h"

#include <optional>
#include <string>
#include <string_view>

namespace stet::text {

// All but Judging are contexts of the response; Judging asks for a judgment of it ([x, y] → j) and is only trained on.
enum class Context { Plain, Judged, Praised, Blank, Correction, Judging };

std::string_view contextName(Context context);                  // "plain" …
std::optional<Context> contextFromName(std::string_view name);  // contexts of the response only
inline constexpr const char* kPraise =                          // the article's fabricated positive judgment
    "Your response to the instruction is satisfactory.";        // (arXiv 2312.14591, Table 1)

class PromptStyle {
public:
    // name: "auto", "alpaca", "chat" or the path of a JSON file. "auto" = chat where the folder has a template, else
    // alpaca. A file with "chat": true holds texts of the user's message in the folder's template. Failure(BadInput)
    // names what is missing.
    static PromptStyle resolve(const std::string& name, const files::ModelFolder& folder);

    // The text before the response; in a chat the text of the user's last message. Only Judged and Correction use the
    // judgment (Praised and Blank have their own texts, docs/headless.md). {instruction} and {judgment} are replaced
    // literally in one pass: braces in the texts put in are text.
    std::string render(Context context, const std::string& instruction, const std::string& judgment) const;

    // The text before a judgment of the response (objective forward-prediction): the style's own 'judging', else that
    // of resources/prompts/judging.json; {instruction} and {output} are replaced. Failure(BadInput): there is neither.
    std::string renderJudging(const std::string& instruction, const std::string& output) const;

    const std::string& name() const { return m_name; }
    bool isChat() const { return m_chat; }

private:
    std::string m_name;
    std::string m_plain;
    std::string m_judged;
    std::string m_correction;
    std::string m_judging;
    bool m_chat = false;
};

}  // namespace stet::text
