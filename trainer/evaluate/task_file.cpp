#include "trainer/evaluate/task_file.h"

#include "base/failure.h"
#include "base/json_lines.h"
#include "trainer/evaluate/line_field.h"
#include "trainer/evaluate/rouge.h"

#include <algorithm>

namespace stet::evaluate {

namespace {

const std::vector<std::string_view> kRougeFields = {"id", "reference", "output"};

RougeItem parsePair(const Json& line, const std::string& where)
{
    RougeItem item;
    item.id = LineField(line, "id", where).id();
    item.reference = requiredString(line, "reference", where);
    item.output = requiredString(line, "output", where);
    const auto wanted = rougeWordCount(item.reference);
    const auto given = rougeWordCount(item.output);
    if (wanted != 0 && given > kMostRougeWordPairs / wanted) {
        throw badInput(where + ": " + std::to_string(wanted) + " words in 'reference' and " + std::to_string(given) +
                       " in 'output' are too many to find their longest common subsequence; shorten one");
    }
    return item;
}

void warnOnce(std::vector<std::string>& warnings, std::vector<std::string> more)
{
    for (auto& warning : more) {
        if (std::find(warnings.begin(), warnings.end(), warning) == warnings.end()) {
            warnings.push_back(std::move(warning));
        }
    }
}

}  // namespace

TaskFile readTask(const std::string& path, ChoiceForm form)
{
    TaskFile task;
    JsonLinesReader reader(path);
    while (const auto line = reader.next()) {
        const bool first = task.choices.empty() && task.pairs.empty();
        const bool isPair = first ? form == ChoiceForm::Plain && line->contains("reference") : task.choices.empty();
        if (isPair) {
            task.pairs.push_back(parsePair(*line, reader.where()));
        } else {
            task.choices.push_back(parseChoiceItem(*line, form, reader.where(), reader.lineNumber()));
        }
        warnOnce(task.warnings, unknownFields(*line, isPair ? kRougeFields : knownFields(form), path));
    }
    if (task.choices.empty() && task.pairs.empty()) {
        throw badInput(path +
                       " holds no line; give it at least one, like {\"id\": 1, \"question\": \"…\", \"choices\": "
                       "[\"…\", \"…\"], \"answer\": 0} or {\"id\": 1, \"reference\": \"…\", \"output\": \"…\"}");
    }
    return task;
}

}  // namespace stet::evaluate
