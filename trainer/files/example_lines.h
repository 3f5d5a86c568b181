// The `--in` lines of score, round and compare: what a person said about an answer. No Torch. Any thread.
#pragma once

#include "base/json.h"

#include <optional>
#include <string>
#include <vector>

namespace stet::files {

enum class MarkKind { Flag, Clear };

// An annotator's own mark; covers every token whose range overlaps [begin, end) in code points of the output.
struct Mark {
    int begin = 0;
    int end = 0;
    MarkKind kind = MarkKind::Flag;
};

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
};

struct ExampleFile {
    std::vector<Example> examples;
    std::vector<std::string> warnings;  // unknown fields, each named once
};

// Failure(BadInput): "examples.jsonl, line 12: field 'output' is missing". An empty file is an error of the caller's
// choice, not ours. requireOutput: lines must have an output (score, round).
ExampleFile readExamples(const std::string& path, bool requireOutput);

// One object parsed (also used by the worker's requests). `what` prefixes messages.
Example parseExample(const Json& object, const std::string& what, bool requireOutput);

// "messages": texts with roles, checked; null when the object has none.
Json readMessages(const Json& object, const std::string& what);

// instruction, or instruction + "\n" + input when the input is not empty: what the templates take.
std::string fullInstruction(const Example& example);

}  // namespace stet::files
