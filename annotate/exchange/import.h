// Reads data files into a project: the `cut` JSON array of the paper's code and `jsonl` (docs/headless.md). All or
// nothing: rows are staged in batches and appear at the end. Store thread or a command.
#pragma once

#include "annotate/store/project.h"
#include "base/json.h"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace stet::annotate {

// One thing the linter says about a row; nothing is left out unless the user asks.
struct Finding {
    int row = 0;     // from 1
    std::string id;  // external id, JSON text
    std::string problem;
    std::string suggestion;
};

struct ImportResult {
    int responses = 0;
    int accepted = 0;
    int criticised = 0;
    int open = 0;
    std::vector<Finding> findings;
};

struct ImportHooks {
    std::string judgedBy = "import";  // whom the verdicts in the file are from
    std::function<void(int done)> onProgress;
    std::function<bool()> cancelled;
};

// A data file that was opened: of `cut` its one JSON list is parsed already, which takes a while. Any thread.
using DataRows = std::function<std::optional<std::pair<Json, std::string>>()>;  // next row, and where it stands
struct DataFile {
    std::string path;
    DataRows next;
};

// Failures as importFile's.
DataFile openDataFile(const std::string& path, const std::string& format);

// Rows without an id get the next free number. Failure(BadInput) names file, row and field; Failure(Usage) a format
// this version lacks; Failure(Interrupted) when cancelled: nothing was imported.
ImportResult importFile(Project& project, const DataFile& file, const ImportHooks& hooks = {});
// The same, format: "cut", "jsonl" or "auto" (by content).
ImportResult importFile(Project& project, const std::string& path, const std::string& format,
                        const ImportHooks& hooks = {});

// {"id"?, "instruction", "input"?, "output"?} lines of held-out instructions or a control set.
std::vector<Instruction> readInstructions(const std::string& path);

}  // namespace stet::annotate
