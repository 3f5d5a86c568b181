// AlpacaEval's own files: instructions (its alpaca_eval.json or a list made like it) in, model outputs out, both one
// JSON array. No Torch. Any thread.
#pragma once

#include "trainer/files/example_lines.h"

#include <string>
#include <vector>

namespace stet::evaluate {

struct AlpacaEvalTask {
    files::Example example;  // instruction and input; its id is the entry's place, from 0
    Json dataset;            // null when the entry names none
};

// Entries {"instruction", "input"?, "dataset"?}; the reference's "output" and "generator" are ignored.
// Other fields become warnings, each name once. Failure(BadInput) names file, entry (from 1) and field; also an empty
// array.
std::vector<AlpacaEvalTask> readAlpacaEval(const std::string& path, std::vector<std::string>& warnings);

// One entry of the outputs: {"dataset"?, "instruction", "input"?, "output", "generator"}.
Json alpacaEvalOutput(const AlpacaEvalTask& task, const std::string& output, const std::string& generator);

}  // namespace stet::evaluate
