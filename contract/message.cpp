#include "contract/message.h"

#include <optional>

namespace stet::contract {

namespace {

constexpr std::size_t kLongestEchoedId = 200;
constexpr std::size_t kLongestReason = 300;

std::optional<std::int64_t> wholeNumber(const Json& value)
{
    if (!value.is_number_integer() ||
        (value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t{INT64_MAX})) {
        return std::nullopt;
    }
    return value.get<std::int64_t>();
}

// What of the id may stand in the answer to a line that is no message.
Json echoed(const Json& json)
{
    const auto it = json.find("id");
    const bool shortText =
        it != json.end() && it->is_string() && it->get_ref<const std::string&>().size() <= kLongestEchoedId;
    return it != json.end() && (it->is_number() || shortText) ? *it : Json();
}

Malformed malformed(const std::string& reason, Json id = Json())
{
    return {kInvalidRequest, reason, std::move(id)};
}

std::variant<Message, Malformed> decodeReply(const Json& json, std::int64_t id)
{
    if (json.contains("result")) {
        return Reply{id, json.at("result")};
    }
    const auto error = json.find("error");
    if (error == json.end() || !error->is_object() || !wholeNumber(error->value("code", Json()))) {
        return malformed("neither method, result nor error", id);
    }
    const auto text = error->value("message", Json());
    return Reply{id, Error{error->at("code").get<int>(), text.is_string() ? text.get<std::string>() : std::string()}};
}

}  // namespace

int errorCode(FailureKind kind)
{
    return -32000 - static_cast<int>(kind);
}

FailureKind failureKind(int errorCode)
{
    const int kind = -32000 - errorCode;
    return kind >= 1 && kind <= 6 ? static_cast<FailureKind>(kind) : FailureKind::Internal;
}

std::string encode(const Message& message)
{
    Json json = {{"jsonrpc", "2.0"}};
    if (const auto* request = std::get_if<Request>(&message)) {
        json["id"] = request->id;
        json["method"] = request->method;
        json["params"] = request->params;
    } else if (const auto* notification = std::get_if<Notification>(&message)) {
        json["method"] = notification->method;
        json["params"] = notification->params;
    } else {
        const auto& reply = std::get<Reply>(message);
        json["id"] = reply.id;
        if (const auto* error = std::get_if<Error>(&reply.content)) {
            json["error"] = {{"code", error->code}, {"message", error->message}};
        } else {
            json["result"] = std::get<Json>(reply.content);
        }
    }
    return toLine(json);
}

std::string encode(const Malformed& malformed)
{
    return toLine({{"jsonrpc", "2.0"},
                   {"id", malformed.id},
                   {"error", {{"code", malformed.code}, {"message", malformed.reason}}}});
}

std::variant<Message, Malformed> decode(const std::string& line)
{
    Json json;
    try {
        json = parseJson(line, "message");
    } catch (const Failure& failure) {
        // What was read last stands in it, and may be long.
        return Malformed{kParseError, std::string(failure.what()).substr(0, kLongestReason), Json()};
    }
    if (!json.is_object()) {
        return malformed("a message must be an object");
    }
    const auto id = json.contains("id") ? wholeNumber(json.at("id")) : std::nullopt;
    const auto method = json.find("method");
    if (method == json.end()) {
        return id ? decodeReply(json, *id) : malformed("neither method nor id", echoed(json));
    }
    if (json.contains("id") && !id) {
        return malformed("field 'id' must be a whole number", echoed(json));
    }
    if (!method->is_string()) {
        return malformed("field 'method' must be a text", echoed(json));
    }
    Json params = json.contains("params") ? json.at("params") : Json::object();
    if (!params.is_object()) {
        return malformed("field 'params' must be an object", echoed(json));
    }
    if (id) {
        return Message{Request{*id, method->get<std::string>(), std::move(params)}};
    }
    return Message{Notification{method->get<std::string>(), std::move(params)}};
}

}  // namespace stet::contract
