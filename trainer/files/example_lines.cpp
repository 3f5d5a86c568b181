#include "trainer/files/example_lines.h"

#include "base/failure.h"
#include "base/json_lines.h"

#include <algorithm>

namespace stet::files {

namespace {

constexpr std::size_t kMostWarnings = 100;

const std::vector<std::string_view> kKnownFields = {"id",       "instruction", "input",        "output",
                                                    "judgment", "marks",       "stopped",      "set",
                                                    "messages", "revision",    "demonstration"};

void readId(const Json& object, const std::string& what, Example& example)
{
    const auto it = object.find("id");
    if (it == object.end() || it->is_null()) {
        throw badInput(what + ": field 'id' is missing");
    }
    example.idIsNumber = it->is_number_integer();
    if (!it->is_string() && !example.idIsNumber) {
        throw badInput(what + ": field 'id' must be a text or a whole number");
    }
    example.id = it->is_string() ? it->get<std::string>() : it->dump();
}

std::vector<Mark> readMarks(const Json& object, const std::string& what)
{
    std::vector<Mark> marks;
    const auto it = object.find("marks");
    if (it == object.end() || it->is_null()) {
        return marks;
    }
    if (!it->is_array()) {
        throw badInput(what + ": field 'marks' must be a list");
    }
    for (const auto& entry : *it) {
        const auto begin = entry.is_object() ? optionalInteger(entry, "begin", what) : std::nullopt;
        const auto end = entry.is_object() ? optionalInteger(entry, "end", what) : std::nullopt;
        const auto kind = entry.is_object() ? optionalString(entry, "mark", what) : std::nullopt;
        if (!begin || !end || *begin < 0 || *end < *begin || *end > INT32_MAX || (kind != "flag" && kind != "clear")) {
            throw badInput(what + ": a mark needs 0 ≤ begin ≤ end and mark \"flag\" or \"clear\"");
        }
        marks.push_back(
            {static_cast<int>(*begin), static_cast<int>(*end), kind == "flag" ? MarkKind::Flag : MarkKind::Clear});
    }
    return marks;
}

}  // namespace

Json readMessages(const Json& object, const std::string& what)
{
    const auto it = object.find("messages");
    if (it == object.end() || it->is_null()) {
        return nullptr;
    }
    if (!it->is_array() || it->empty()) {
        throw badInput(what + ": field 'messages' must be a list of at least one message");
    }
    for (const Json& message : *it) {
        if (!message.is_object()) {
            throw badInput(what + ": a message must be an object with role and content");
        }
        (void)requiredString(message, "role", what + ", messages");
        (void)requiredString(message, "content", what + ", messages");
    }
    return *it;
}

Example parseExample(const Json& object, const std::string& what, bool requireOutput)
{
    Example example;
    readId(object, what, example);
    example.messages = readMessages(object, what);
    if (!example.messages.is_null() && example.messages.back()["role"] != "user") {
        throw badInput(what + ": the last of 'messages' must be the user's; the response is 'output'");
    }
    example.instruction = example.messages.is_null() ? requiredString(object, "instruction", what)
                                                     : example.messages.back()["content"].get<std::string>();
    example.input = optionalString(object, "input", what).value_or("");
    example.output = optionalString(object, "output", what);
    if (requireOutput && !example.output) {
        throw badInput(what + ": field 'output' is missing");
    }
    example.judgment = optionalString(object, "judgment", what);
    if (example.judgment && !example.output) {
        throw badInput(what + ": it has a judgment but no 'output' that is judged");
    }
    example.revision = optionalString(object, "revision", what);
    example.demonstration = optionalString(object, "demonstration", what);
    example.marks = readMarks(object, what);
    const auto stopped = optionalString(object, "stopped", what);
    if (stopped && *stopped != "length" && *stopped != "eos") {
        throw badInput(what + ": field 'stopped' must be \"length\" or \"eos\"");
    }
    example.stoppedByLength = stopped == "length";
    const auto set = optionalString(object, "set", what);
    if (set && *set != "control") {
        throw badInput(what + ": field 'set' must be \"control\", or left out");
    }
    example.control = set.has_value();
    return example;
}

ExampleFile readExamples(const std::string& path, bool requireOutput)
{
    ExampleFile file;
    JsonLinesReader reader(path);
    while (const auto object = reader.next()) {
        Example example = parseExample(*object, reader.where(), requireOutput);
        example.line = static_cast<int>(file.examples.size());
        file.examples.push_back(std::move(example));
        for (auto& warning : unknownFields(*object, kKnownFields, path)) {
            if (file.warnings.size() < kMostWarnings &&
                std::find(file.warnings.begin(), file.warnings.end(), warning) == file.warnings.end()) {
                file.warnings.push_back(std::move(warning));
            }
        }
    }
    return file;
}

std::string fullInstruction(const Example& example)
{
    return example.input.empty() ? example.instruction : example.instruction + "\n" + example.input;
}

}  // namespace stet::files
