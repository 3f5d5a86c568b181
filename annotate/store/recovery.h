// Reads what a damaged project.db still gives, row by row, and changes nothing: for `stet recover`. Project::open
// refuses such a file. Any thread; no Project may be needed.
#pragma once

#include "annotate/store/import_batches.h"
#include "annotate/store/instruction_sets.h"

#include <map>
#include <string>
#include <vector>

namespace stet::annotate {

struct Recovered {
    std::string source;  // the file that was read: project.db, or the newest backup that can be read when it can't be
    bool whole = true;   // false: some pages can't be read, and what stood on them is lost
    std::vector<NewResponse> responses;                       // published and not in the trash, in their order
    std::vector<std::pair<std::string, std::string>> drafts;  // id of a response and what was typed and not submitted
    std::vector<std::pair<std::string, std::string>> revisionDrafts;
    std::vector<std::string> changed;   // ids of those whose text is not the one that was stored
    std::vector<std::string> unjudged;  // ids of those whose judgment is lost: they are open again
    std::map<std::string, std::string> settings;
    std::map<std::string, std::vector<Instruction>> instructions;  // by set
};

// Failure(BadInput): no project there, a database of another program, or neither it nor a backup can be read.
Recovered readWhatIsLeft(const std::string& folder);

}  // namespace stet::annotate
