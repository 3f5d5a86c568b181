#include "trainer/protocol/message.h"

namespace stet::protocol {

namespace {

std::optional<std::int64_t> idOf(const Json& json)
{
    const auto it = json.find("id");
    return it != json.end() && it->is_number_integer() ? std::optional(it->get<std::int64_t>()) : std::nullopt;
}

Malformed malformed(const std::string& reason, std::optional<std::int64_t> id = std::nullopt)
{
    return {kInvalidRequest, reason, id};
}

std::variant<Message, Malformed> decodeReply(const Json& json, std::int64_t id)
{
    if (json.contains("result")) {
        return Reply{id, json.at("result")};
    }
    const auto error = json.find("error");
    if (error == json.end() || !error->is_object() || !error->value("code", Json()).is_number_integer()) {
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

std::variant<Message, Malformed> decode(const std::string& line)
{
    Json json;
    try {
        json = parseJson(line, "message");
    } catch (const Failure& failure) {
        return Malformed{kParseError, failure.what(), std::nullopt};
    }
    if (!json.is_object()) {
        return malformed("a message must be an object");
    }
    const auto id = idOf(json);
    const auto method = json.find("method");
    if (method == json.end()) {
        return id ? decodeReply(json, *id) : malformed("neither method nor id");
    }
    if (!method->is_string()) {
        return malformed("field 'method' must be a text", id);
    }
    Json params = json.contains("params") ? json.at("params") : Json::object();
    if (!params.is_object()) {
        return malformed("field 'params' must be an object", id);
    }
    if (json.contains("id") && !id) {
        return malformed("field 'id' must be a whole number");
    }
    if (id) {
        return Message{Request{*id, method->get<std::string>(), std::move(params)}};
    }
    return Message{Notification{method->get<std::string>(), std::move(params)}};
}

}  // namespace stet::protocol
