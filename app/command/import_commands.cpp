// import, imports, undo-import: data files into a project, and out of it again.
#include "annotate/exchange/formats/columns.h"
#include "annotate/exchange/import.h"
#include "annotate/exchange/undo_import.h"
#include "app/command/commands.h"
#include "app/command/project_access.h"
#include "base/failure.h"
#include "base/json.h"

#include <iostream>

namespace stet::app {

using namespace annotate;

namespace {

ImportHooks hooksOf(const Arguments& a)
{
    ImportHooks hooks;
    hooks.set = a.set;
    hooks.holdOut = a.holdOut == "auto";
    addRemedy(hooks.remedies, a.leaveOut, Remedy::LeaveOut);
    addRemedy(hooks.remedies, a.acceptKinds, Remedy::Accept);
    addRemedy(hooks.remedies, a.toDo, Remedy::ToDo);
    addRemedy(hooks.remedies, a.newId, Remedy::NewId);
    return hooks;
}

// of: "imported", or "would come in".
void sayResponses(const ImportResult& result, const std::string& how)
{
    if (result.responses > 0) {
        std::cout << result.responses << " responses " << how << ": " << result.accepted << " accepted, "
                  << result.criticised << " criticised, " << result.open << " to do\n";
    }
    if (result.leftOut > 0) {
        std::cout << result.leftOut << " rows left out, as asked\n";
    }
}

void sayImported(const ImportResult& result, const std::string& set)
{
    sayResponses(result, "imported");
    if (result.instructions + result.known > 0) {
        std::cout << result.instructions << " instructions imported into the set '" << (set.empty() ? kWaitingSet : set)
                  << "'";
        if (result.known > 0) {
            std::cout << "; " << result.known << " were there or are held out";
        }
        std::cout << '\n';
    }
    if (result.heldOut > 0) {
        std::cout << result.heldOut
                  << " of what is asked are held out: rounds are compared on them, and nothing is trained on responses "
                     "to them\n";
    }
}

// Row by row, then how often each kind was found and what can be done about it.
void sayFindings(const std::vector<Finding>& findings)
{
    for (const auto& finding : findings) {
        std::cout << "row " << finding.row << " (id " << finding.id << "): " << finding.problem << " "
                  << finding.suggestion << '\n';
    }
    std::cout << findings.size() << " findings\n";
    for (const auto& [kind, count] : countsOf(findings)) {
        std::cout << "  " << count << " " << kindName(kind);
        for (const Remedy remedy : remediesOf(kind)) {
            std::cout << (remedy == remediesOf(kind).front() ? ": --" : ", --") << remedyName(remedy) << ' '
                      << kindName(kind);
        }
        std::cout << '\n';
    }
}

}  // namespace

void importInto(const Arguments& a)
{
    const ImportHooks hooks = hooksOf(a);
    const auto columns = a.columns.empty() ? Columns() : columnsFrom(a.columns);
    const auto project = a.checkOnly ? Project::open(a.project) : openForWriting(a.project);
    const DataFile file = openDataFile(a.file, a.format, columns);
    if (a.checkOnly) {
        const auto result = checkFile(*project, file, hooks);
        sayResponses(result, "would come in");
        sayFindings(result.findings);
        std::cout << "Nothing was imported\n";
        return;
    }
    const auto result = importFile(*project, file, hooks);
    sayImported(result, a.set);
    sayFindings(result.findings);
    std::cout << "This was import " << result.batch << "; stet undo-import " << a.project << " takes it back\n";
}

void listImports(const Arguments& a)
{
    for (const auto& batch : Project::open(a.project)->batches()) {
        std::cout << toLine({{"import", batch.id},
                             {"file", batch.name},
                             {"at", batch.at},
                             {"responses", batch.responses},
                             {"instructions", batch.instructions}})
                  << '\n';
    }
}

void undoImportOf(const Arguments& a)
{
    const auto project = openForWriting(a.project);
    const auto batches = project->batches();
    if (batches.empty()) {
        throw badInput("There is nothing to take back: " + a.project + " has no imports");
    }
    const auto undone = undoImport(*project, a.import == 0 ? batches.front().id : a.import);
    std::cout << "The import of " << undone.name << " is taken back: " << undone.responses << " responses, "
              << undone.instructions << " instructions\n";
    if (undone.kept > 0) {
        std::cout << undone.kept << " responses stay: somebody has judged them, or begun to\n";
    }
    std::cout << "What was there before is in " << undone.backup << '\n';
}

}  // namespace stet::app
