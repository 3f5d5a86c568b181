// The `--task` file of evaluate: JSON Lines, all multiple choice or all pairs for ROUGE; the first line says which. No
// Torch. Any thread.
#pragma once

#include "trainer/evaluate/choice_forms.h"

#include <string>
#include <vector>

namespace stet::evaluate {

struct RougeItem {
    Json id;
    std::string reference;
    std::string output;
};

// One of the two lists is empty.
struct TaskFile {
    std::vector<ChoiceItem> choices;
    std::vector<RougeItem> pairs;
    std::vector<std::string> warnings;  // unknown fields, each named once
};

// All lines are checked. Failure(BadInput): "task.jsonl, line 12: field 'answer' …"; also a file without lines.
// A first line with 'reference' means ROUGE, in form Plain only.
TaskFile readTask(const std::string& path, ChoiceForm form);

}  // namespace stet::evaluate
