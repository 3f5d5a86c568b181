// Reads data files into a project, in any of the formats of formats/. All or nothing: rows are staged in batches and
// appear at the end; one row is in memory at a time. Store thread or a command.
#pragma once

#include "annotate/exchange/finding.h"
#include "annotate/exchange/formats/format.h"
#include "annotate/store/project.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace stet::annotate {

struct ImportResult {
    int responses = 0;
    int instructions = 0;  // alone, new to their set
    int known = 0;         // alone, and left out: the set has them, or they are held out
    int heldOut = 0;       // by itself: the data are the project's first
    int accepted = 0;
    int criticised = 0;
    int open = 0;
    int leftOut = 0;                // by a remedy
    std::int64_t batch = 0;         // by which it is taken back (undo_import.h); 0: nothing was stored
    std::vector<Finding> findings;  // but for those that got a remedy
};

struct ImportHooks {
    Author judgedBy;      // whom the verdicts are from where the file does not say
    std::string set;      // every row is an instruction of this set; empty: those without an output wait for one
    bool holdOut = true;  // of a project's first data a tenth of what is asked
    Remedies remedies;    // what is done with the rows the check finds; nothing is done unasked
    std::function<void(int done)> onProgress;
    std::function<bool()> cancelled;
};

struct DataFile {
    std::string path;
    std::shared_ptr<RowReader> rows;  // shared, so that one who opened it on another thread can hand it on
};

// format: the name of one, or "auto" (by content). columns: what the file calls Stet's fields, of the formats that take
// that. Failure(BadInput): the file is of a kind that isn't read, which is named; Failure(Usage): a format this version
// lacks, or columns of one that takes none. Any thread.
DataFile openDataFile(const std::string& path, const std::string& format, const Columns& columns = {});

// Rows that only ask come into a set of instructions, the others are responses. Rows without an id get the next free
// number. Failure(BadInput) names file, row and field; Failure(Interrupted) when cancelled: nothing was imported.
ImportResult importFile(Project& project, const DataFile& file, const ImportHooks& hooks = {});
ImportResult importFile(Project& project, const std::string& path, const std::string& format,
                        const ImportHooks& hooks = {});

// What an import would bring, and what its check would find; stores nothing. Reads the file's rows to their end.
ImportResult checkFile(Project& project, const DataFile& file, const ImportHooks& hooks = {});

// {"id"?, "instruction", "input"?, "output"?} lines of held-out instructions or a control set.
std::vector<Instruction> readInstructions(const std::string& path);

}  // namespace stet::annotate
