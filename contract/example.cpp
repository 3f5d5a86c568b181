#include "contract/example.h"

#include "base/foreign_data.h"
#include "base/json_lines.h"
#include "base/row_id.h"

#include <algorithm>

namespace stet::contract {

namespace {

constexpr std::size_t kMostWarnings = 100;

void addWarnings(ExampleFile& file, std::vector<std::string> warnings)
{
    for (auto& warning : warnings) {
        if (file.warnings.size() < kMostWarnings &&
            std::find(file.warnings.begin(), file.warnings.end(), warning) == file.warnings.end()) {
            file.warnings.push_back(std::move(warning));
        }
    }
}

void addLine(ExampleFile& file, const Json& object, const std::string& where, const std::string& of, bool requireOutput)
{
    Example example = parseExample(object, where, requireOutput);
    example.line = static_cast<int>(file.examples.size());
    file.examples.push_back(std::move(example));
    addWarnings(file, unknownIn<Example>(object, of));
}

// Rows of other programs' files are named for what they are before a field of ours is missed.
void refuseForeign(const Json& object, const std::string& what)
{
    const bool ours = object.is_object() &&
        (object.value("instruction", Json()).is_string() || (object.contains("messages") && object.contains("output")));
    if (const auto foreign = ours ? std::nullopt : foreignRow(object)) {
        throw badInput(what + ": " + *foreign);
    }
}

void checkMessages(const Json& list, const std::string& what)
{
    if (!list.is_array() || list.empty()) {
        throw badInput(what + ": field 'messages' must be a list of at least one message");
    }
    for (const Json& message : list) {
        if (!message.is_object()) {
            throw badInput(what + ": a message must be an object with role and content");
        }
        (void)requiredString(message, "role", what + ", messages");
        (void)requiredString(message, "content", what + ", messages");
    }
}

}  // namespace

namespace example_fields {

void readId(Example& into, const Json& value, const Place& place)
{
    const auto id = rowId(value);
    if (!id) {
        throw place.wrong("a text or a whole number");
    }
    into.idIsNumber = id->is_number();
    into.id = id->is_string() ? id->get<std::string>() : id->dump();
}

std::optional<Json> writeId(const Example& from)
{
    return idOf(from);
}

void readMessages(Example& into, const Json& value, const Place& place)
{
    checkMessages(value, place.what);
    into.messages = value;
}

std::optional<Json> writeMessages(const Example& from)
{
    return from.messages.is_null() ? std::nullopt : std::optional(from.messages);
}

void readJudgment(Example& into, const Json& value, const Place& place)
{
    into.judgment = Codec<std::string>::read(value, place);
}

std::optional<Json> writeJudgment(const Example& from)
{
    const bool judged = from.judgment || (from.output && !from.control);
    return judged ? std::optional(Codec<std::optional<std::string>>::write(from.judgment)) : std::nullopt;
}

void readStopped(Example& into, const Json& value, const Place& place)
{
    const std::string stopped = Codec<std::string>::read(value, place);
    if (stopped != "length" && stopped != "eos") {
        throw place.wrong("\"length\" or \"eos\"");
    }
    into.stoppedByLength = stopped == "length";
}

std::optional<Json> writeStopped(const Example& from)
{
    return from.stoppedByLength ? std::optional(Json("length")) : std::nullopt;
}

void readSet(Example& into, const Json& value, const Place& place)
{
    if (Codec<std::string>::read(value, place) != "control") {
        throw place.wrong("\"control\", or left out");
    }
    into.control = true;
}

std::optional<Json> writeSet(const Example& from)
{
    return from.control ? std::optional(Json("control")) : std::nullopt;
}

}  // namespace example_fields

void Example::check(const Json& object, const std::string& what)
{
    if (!messages.is_null()) {
        requireUserLast(messages, what);
        instruction = messages.back()["content"].get<std::string>();
    } else if (!object.contains("instruction") || object.at("instruction").is_null()) {
        throw missing({what, "instruction"});
    }
    if (judgment && !output) {
        throw badInput(what + ": it has a judgment but no 'output' that is judged");
    }
}

Json idOf(const Example& example)
{
    return example.idIsNumber ? Json::parse(example.id) : Json(example.id);
}

void setId(Example& example, const std::string& jsonText)
{
    const Json id = Json::parse(jsonText, nullptr, false);
    example.idIsNumber = id.is_number_integer();
    example.id = id.is_string() ? id.get<std::string>() : jsonText;
}

Example parseExample(const Json& object, const std::string& what, bool requireOutput)
{
    refuseForeign(object, what);
    Example example = fromJson<Example>(object, what);
    if (requireOutput && !example.output) {
        throw missing({what, "output"});
    }
    return example;
}

ExampleFile readExamples(const std::string& path, bool requireOutput)
{
    ExampleFile file;
    JsonLinesReader reader(path);
    while (const auto object = reader.next()) {
        addLine(file, *object, reader.where(), path, requireOutput);
    }
    return file;
}

ExampleFile examplesFrom(const std::vector<Json>& lines, const std::string& what, bool requireOutput)
{
    ExampleFile file;
    for (const Json& line : lines) {
        addLine(file, line, what + " " + std::to_string(file.examples.size() + 1), what, requireOutput);
    }
    return file;
}

Json readMessages(const Json& object, const std::string& what)
{
    const auto it = object.find("messages");
    if (it == object.end() || it->is_null()) {
        return nullptr;
    }
    checkMessages(*it, what);
    return *it;
}

void requireUserLast(const Json& messages, const std::string& what)
{
    if (messages.back().at("role") != "user") {
        throw badInput(what + ": the last of 'messages' must be the user's; the response is 'output'");
    }
}

std::string fullInstruction(const Example& example)
{
    return example.input.empty() ? example.instruction : example.instruction + "\n" + example.input;
}

}  // namespace stet::contract
