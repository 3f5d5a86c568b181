// How instruction and judgment become the text before a response: `alpaca` (CUT's templates), `chat` (the folder's own
// template; later), or a JSON file with `plain` and `judged` texts. Pure values; any thread.
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
    // name: "auto", "alpaca", "chat" or a path of a JSON file. "auto" = chat where the folder has a template (once
    // supported), else alpaca. Failure(BadInput / Usage) names what is missing.
    static PromptStyle resolve(const std::string& name, const files::ModelFolder& folder);

    // The text before the response. judgment is used by Judged and Correction only (Praised and Blank have their own
    // texts, docs/headless.md). {instruction} and {judgment} are replaced literally and once: braces in them are text.
    std::string render(Context context, const std::string& instruction, const std::string& judgment) const;

    const std::string& name() const { return m_name; }

private:
    std::string m_name;
    std::string m_plain;
    std::string m_judged;
    std::string m_correction;
};

}  // namespace stet::text
