// list, judge, mark-quoted: the queue on the terminal.
#include "app/command/commands.h"

#include "annotate/judgment/drafted_judgment.h"
#include "annotate/judgment/example.h"
#include "annotate/judgment/names.h"
#include "annotate/judgment/quoted_words.h"
#include "app/command/project_access.h"
#include "base/failure.h"
#include "base/json.h"
#include "base/utf8.h"

#include <iostream>

namespace stet::app {

using namespace annotate;

void listResponses(const Arguments& a)
{
    const auto project = Project::open(a.project);
    for (const auto id : project->ids(filterOf(a.filter))) {
        const auto item = *project->item(id);
        Json line = {{"id", contract::idOf(exampleOf(item))},
                     {"verdict", verdictName(item.verdict)},
                     {"instruction", item.instruction},
                     {"output", item.output}};
        if (item.verdict == Verdict::Criticised) {
            line["judgment"] = item.judgment;
        }
        if (item.revision) {
            line["revision"] = *item.revision;
        }
        if (!item.hint.empty() || isDrafted(item)) {
            line["hint"] = item.hint;
        }
        if (isDrafted(item)) {
            line["drafted_by"] = authorToJson(item.hintedBy);
        }
        std::cout << toLine(line) << '\n';
    }
}

void judgeResponse(const Arguments& a)
{
    const bool words = !a.text.empty();
    if ((a.accept ? 1 : 0) + (a.skip ? 1 : 0) + (words ? 1 : 0) > 1) {
        throw Failure(FailureKind::Usage, "give one verdict: --accept, --skip or --criticise TEXT");
    }
    const auto project = openForWriting(a.project);
    const auto byText = project->findExternal(Json(a.id).dump());
    const auto id = byText ? byText : project->findExternal(a.id);
    if (!id) {
        throw badInput("There is no response with the id " + a.id + " in " + a.project + "; stet list " + a.project +
                       " shows the ids");
    }
    if (const int count = project->countExternal(byText ? Json(a.id).dump() : a.id); count > 1) {
        throw badInput(std::to_string(count) + " responses of " + a.project + " have the id " + a.id +
                       "; judge them in the window, or import them with ids of their own");
    }
    const Verdict verdict = a.accept ? Verdict::Accepted : a.skip ? Verdict::Skipped : Verdict::Criticised;
    if (verdict == Verdict::Criticised && a.text.empty()) {
        throw Failure(FailureKind::Usage, "say what is wrong: --criticise TEXT, or --accept, or --skip");
    }
    if (a.skip && a.revision) {
        throw Failure(
            FailureKind::Usage,
            "a skipped response is learned from in no way: give --revision with --criticise TEXT or --accept");
    }
    if (!isValidUtf8(a.text) || !isValidUtf8(a.revision.value_or(std::string()))) {
        throw badInput("The words given for " + a.id +
                       " are not UTF-8; set the terminal, or what writes them, to UTF-8");
    }
    project->submit(*id, verdict, a.text, a.revision);
    std::cout << a.id << ": " << verdictName(verdict) << (a.revision && !a.revision->empty() ? ", corrected" : "")
              << '\n';
}

// What somebody marked or cleared there stays as it is.
void markQuotedWords(const Arguments& a)
{
    const auto project = openForWriting(a.project);
    const auto criticised = project->ids(QueueFilter::Criticised);
    std::size_t responses = 0;
    std::size_t places = 0;
    for (const auto id : criticised) {
        const auto item = *project->item(id);
        const auto marks = withFlags(item.marks, quotedPlaces(item.judgment, item.output));
        if (marks != item.marks) {
            project->setMarks(id, marks);
            places += marks.size() - item.marks.size();
            ++responses;
        }
    }
    std::cout << places << " places marked in " << responses << " of " << criticised.size()
              << " criticised responses\n";
}

}  // namespace stet::app
