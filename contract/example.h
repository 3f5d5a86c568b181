// A line of examples.jsonl, of compare's and generate's `--in`, and of the requests that carry the same: an
// instruction, an answer, and what a person said about it. The one reader and the one writer of it. Plain values; any
// thread.
#pragma once

#include "contract/mark.h"

#include <optional>
#include <string>
#include <vector>

namespace stet::contract {

struct Example {
    std::string id;           // as JSON text when the file had a number: 12 → "12"
    bool idIsNumber = false;  // so that results carry the id as it came
    std::string instruction;
    std::string input;
    Json messages;  // a conversation that ends with the user's instruction (prompt style chat); null when there is none
    std::optional<std::string> output;         // compare allows lines without
    std::optional<std::string> judgment;       // nullopt = accepted; an empty string is a criticism
    std::optional<std::string> revision;       // the output, corrected by what the judgment says (ilf, dpo, sft)
    std::optional<std::string> demonstration;  // the answer a person would have liked, written anew (sft, dpo)
    std::vector<Mark> marks;
    bool stoppedByLength = false;  // "stopped":"length": the answer has no natural end
    bool control = false;          // "set":"control" (compare)
    int line = 0;                  // data line from 0, the number down-sampling and shuffling hash

    static constexpr auto fields();
    // The rules between fields; with messages, the instruction is the last of them.
    void check(const Json& object, const std::string& what);
};

// The id as it came: 12 or "a-7".
Json idOf(const Example& example);
// An id from JSON text (12, "a-7"), as databases keep it; text that is no JSON is the id itself.
void setId(Example& example, const std::string& jsonText);

// requireOutput: the line must have one (score, round). `what` prefixes messages.
Example parseExample(const Json& object, const std::string& what, bool requireOutput);

struct ExampleFile {
    std::vector<Example> examples;
    std::vector<std::string> warnings;  // unknown fields, each named once
};

// Failure(BadInput): "examples.jsonl, line 12: field 'output' is missing". An empty file is an error of the caller's
// choice, not ours. requireOutput: lines must have an output (score, round).
ExampleFile readExamples(const std::string& path, bool requireOutput);
// The same of lines that came in a request; `what` names the field.
ExampleFile examplesFrom(const std::vector<Json>& lines, const std::string& what, bool requireOutput);

// "messages": texts with roles, checked; null when the object has none.
Json readMessages(const Json& object, const std::string& what);
// Failure(BadInput): the last of an example's messages is not the user's, whose answer `output` is.
void requireUserLast(const Json& messages, const std::string& what);

// instruction, or instruction + "\n" + input when the input is not empty: what the templates take.
std::string fullInstruction(const Example& example);

namespace example_fields {
void readId(Example& into, const Json& value, const Place& place);
std::optional<Json> writeId(const Example& from);
void readMessages(Example& into, const Json& value, const Place& place);
std::optional<Json> writeMessages(const Example& from);
std::optional<Json> writeJudgment(const Example& from);
void readJudgment(Example& into, const Json& value, const Place& place);
void readStopped(Example& into, const Json& value, const Place& place);
std::optional<Json> writeStopped(const Example& from);
void readSet(Example& into, const Json& value, const Place& place);
std::optional<Json> writeSet(const Example& from);
}  // namespace example_fields

constexpr auto Example::fields()
{
    using namespace example_fields;
    return std::tuple{CustomField<Example>{"id", readId, writeId, true}, always("instruction", &Example::instruction),
                      optional("input", &Example::input), optional("output", &Example::output),
                      // An accepted answer says so: null. What was not judged at all has no such field.
                      CustomField<Example>{"judgment", readJudgment, writeJudgment}, optional("marks", &Example::marks),
                      CustomField<Example>{"stopped", readStopped, writeStopped},
                      CustomField<Example>{"set", readSet, writeSet},
                      CustomField<Example>{"messages", example_fields::readMessages, writeMessages},
                      optional("revision", &Example::revision), optional("demonstration", &Example::demonstration)};
}

}  // namespace stet::contract
