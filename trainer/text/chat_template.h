// A model folder's chat template, rendered as Transformers renders it (transformers.utils.chat_template_utils), by the
// Rust library in trainer/text/rust. Templates come from downloads and are not trusted: rendering is bounded in steps,
// memory and time. Thread-safe after construction (const calls).
#pragma once

#include "base/json.h"
#include "trainer/files/model_folder.h"

#include <cstdint>
#include <memory>
#include <string>

namespace stet::text {

class ChatTemplate {
public:
    // `now`: the time strftime_now returns, in seconds since 1970; a round passes its starting time, so that a resumed
    // round sees the same prompts. Failure(BadInput): the folder has no template, or one that can't be parsed.
    static std::shared_ptr<const ChatTemplate> load(const files::ModelFolder& folder, std::int64_t now);
    ~ChatTemplate();
    ChatTemplate(const ChatTemplate&) = delete;
    ChatTemplate& operator=(const ChatTemplate&) = delete;

    // messages: [{"role", "content", …}]. Failure(BadInput): what the template's raise_exception says.
    std::string render(const Json& messages, bool addGenerationPrompt) const;

private:
    struct Handle;
    explicit ChatTemplate(std::unique_ptr<Handle> handle);
    std::unique_ptr<Handle> m_handle;
};

}  // namespace stet::text
