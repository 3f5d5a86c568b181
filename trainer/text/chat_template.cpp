#include "trainer/text/chat_template.h"

#include "base/failure.h"
#include "trainer/text/rust/stet_text.h"

namespace stet::text {

namespace {

const std::uint8_t* bytes(const std::string& text)
{
    return reinterpret_cast<const std::uint8_t*>(text.data());
}

std::string taken(char* text)
{
    std::string copy = text != nullptr ? text : "";
    stet_text_free(text);
    return copy;
}

// "'rag', 'tool_use'"
std::string listed(const std::vector<std::string>& names)
{
    std::string all;
    for (const auto& name : names) {
        all += (all.empty() ? "'" : ", '") + name + "'";
    }
    return all;
}

}  // namespace

struct ChatTemplate::Handle {
    StetChatTemplate* chat = nullptr;
    std::string folder;
    Json context;  // what every rendering may use: special tokens, tools and documents of none, the time

    ~Handle() { stet_chat_free(chat); }
};

ChatTemplate::ChatTemplate(std::unique_ptr<Handle> handle) : m_handle(std::move(handle)) { }

ChatTemplate::~ChatTemplate() = default;

std::shared_ptr<const ChatTemplate> ChatTemplate::load(const files::ModelFolder& folder, std::int64_t now)
{
    if (!folder.chatTemplate && !folder.namedTemplates.empty()) {
        throw badInput(folder.path + " has chat templates named " + listed(folder.namedTemplates) +
                       ", needed is one named 'default'" +
                       (folder.isGguf() ? ": " : ": name one so in tokenizer_config.json, or ") +
                       "use the prompt style alpaca or a JSON file");
    }
    if (!folder.chatTemplate) {
        throw badInput(folder.path + " has no chat template (" +
                       (folder.isGguf() ? "'tokenizer.chat_template' in its metadata"
                                        : "chat_template.jinja, or chat_template in tokenizer_config.json") +
                       "); use the prompt style alpaca or a JSON file");
    }
    auto handle = std::make_unique<Handle>();
    handle->folder = folder.path;
    handle->context = {{"tools", nullptr}, {"documents", nullptr}, {"now", now}};
    for (const auto& [name, text] : folder.specialTokens) {
        handle->context[name] = text;
    }
    char* error = nullptr;
    if (stet_chat_load(bytes(*folder.chatTemplate), folder.chatTemplate->size(), &handle->chat, &error) != 0) {
        throw badInput("The chat template of " + folder.path + " can't be read: " + taken(error));
    }
    return std::shared_ptr<const ChatTemplate>(new ChatTemplate(std::move(handle)));
}

std::string ChatTemplate::render(const Json& messages, bool addGenerationPrompt) const
{
    Json context = m_handle->context;
    context["messages"] = messages;
    context["add_generation_prompt"] = addGenerationPrompt;
    const std::string text = context.dump(-1, ' ', false, Json::error_handler_t::replace);
    char* rendered = nullptr;
    char* error = nullptr;
    if (stet_chat_render(m_handle->chat, bytes(text), text.size(), &rendered, &error) != 0) {
        throw badInput("The chat template of " + m_handle->folder + " refuses these messages: " + taken(error));
    }
    return taken(rendered);
}

}  // namespace stet::text
