#include "annotate/exchange/formats/conversation.h"

#include <array>

namespace stet::annotate {

namespace {

constexpr std::array<std::pair<std::string_view, const char*>, 12> kRoles = {{{"user", "user"},
                                                                              {"human", "user"},
                                                                              {"prompter", "user"},
                                                                              {"assistant", "assistant"},
                                                                              {"gpt", "assistant"},
                                                                              {"chatgpt", "assistant"},
                                                                              {"bing", "assistant"},
                                                                              {"bard", "assistant"},
                                                                              {"claude", "assistant"},
                                                                              {"model", "assistant"},
                                                                              {"system", "system"},
                                                                              {"developer", "system"}}};

std::string quoted(const Json& value)
{
    constexpr std::size_t kLongest = 40;
    return value.is_string() ? "'" + value.get<std::string>().substr(0, kLongest) + "'" : "no text";
}

// Of a text, or of parts that are texts; nullopt: of an image, a call of a tool, nothing.
std::optional<std::string> contentOf(const Json& content)
{
    if (content.is_string()) {
        return content.get<std::string>();
    }
    std::string text;
    for (const Json& part : content.is_array() ? content : Json::array({nullptr})) {
        const Json said =
            part.is_object() && part.value("type", Json()) == "text" ? part.value("text", Json()) : Json();
        if (!said.is_string()) {
            return std::nullopt;
        }
        text += said.get<std::string>();
    }
    return text;
}

// Empty: well.
std::string take(const Json& turn, std::vector<Turn>& into)
{
    if (!turn.is_object()) {
        return "a turn of it is no object";
    }
    const bool openAi = turn.contains("role");
    const Json role = turn.value(openAi ? "role" : "from", Json());
    const auto known = std::find_if(kRoles.begin(), kRoles.end(), [&](const auto& one) {
        return role.is_string() && one.first == role.get_ref<const std::string&>();
    });
    if (known == kRoles.end()) {
        return "a turn of it is by " + quoted(role) + ", which is neither the user nor the model nor the system";
    }
    const auto text = contentOf(turn.value(turn.contains("content") ? "content" : "value", Json()));
    if (!text) {
        return "a turn of it is no text (an image, or a call of a tool)";
    }
    into.push_back({known->second, *text});
    return {};
}

}  // namespace

Turns turnsOf(const Json& list, const std::string& field)
{
    Turns turns;
    if (!list.is_array() || list.empty()) {
        turns.unfit = "its '" + field + "' is " + (list.is_array() ? "an empty list" : "no list of turns");
        return turns;
    }
    for (const Json& turn : list) {
        if (turns.unfit = take(turn, turns.list); !turns.unfit.empty()) {
            break;
        }
    }
    return turns;
}

Json asMessages(const std::vector<Turn>& turns)
{
    Json list = Json::array();
    for (const auto& turn : turns) {
        list.push_back({{"role", turn.role}, {"content", turn.text}});
    }
    return list;
}

std::string ask(const std::vector<Turn>& turns, Json& fields)
{
    if (turns.empty() || turns.back().role != "user") {
        return "nothing of the user's stands before the answer";
    }
    if (turns.size() == 1) {
        fields["instruction"] = turns.back().text;
    } else {
        fields["messages"] = asMessages(turns);
    }
    return {};
}

std::string askAndAnswer(std::vector<Turn> turns, Json& fields)
{
    const bool answered = !turns.empty() && turns.back().role == "assistant";
    const std::string answer = answered ? turns.back().text : std::string();
    if (answered) {
        turns.pop_back();
    }
    std::string unfit = ask(turns, fields);
    if (answered) {
        fields["output"] = answer;
    }
    return unfit;
}

std::vector<Turn> turnsOf(const ResponseItem& item)
{
    if (!item.messages.empty()) {
        return turnsOf(parseJson(item.messages, "messages"), "messages").list;
    }
    return {{"user", item.input.empty() ? item.instruction : item.instruction + "\n" + item.input}};
}

std::optional<std::string> askedText(const ResponseItem& item)
{
    return item.messages.empty() ? std::optional(turnsOf(item).front().text) : std::nullopt;
}

}  // namespace stet::annotate
