// How instruction and judgment become the text before a response: `alpaca` (CUT's templates), `chat` (the folder's own
// template; where the judgment enters it stands in resources/prompts/chat.json), or a JSON file with `plain` and
// `judged` texts. Pure values; any thread.
#pragma once

#include "trainer/files/model_folder.h"

#include <optional>
#include <string>
#include <string_view>

namespace stet::text {

enum class Context { Plain, Judged, Praised, Blank, Correction };

std::string_view contextName(Context context);  // "plain" …
std::optional<Context> contextFromName(std::string_view name);

class PromptStyle {
public:
    // name: "auto", "alpaca", "chat" or a path of a JSON file. "auto" = chat where the folder has a template, else
    // alpaca. A file with "chat": true holds texts of the user's message in the folder's template. Failure(BadInput)
    // names what is missing.
    static PromptStyle resolve(const std::string& name, const files::ModelFolder& folder);

    // The text before the response; in a chat the text of the user's last message. judgment is used by Judged and
    // Correction only (Praised and Blank have their own texts, docs/headless.md). {instruction} and {judgment} are
    // replaced literally and once: braces in them are text.
    std::string render(Context context, const std::string& instruction, const std::string& judgment) const;

    const std::string& name() const { return m_name; }
    bool isChat() const { return m_chat; }

private:
    std::string m_name;
    std::string m_plain;
    std::string m_judged;
    std::string m_correction;
    bool m_chat = false;
};

}  // namespace stet::text
