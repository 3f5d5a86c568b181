#include "annotate/exchange/undo_import.h"

#include "base/failure.h"
#include "base/json_lines.h"
#include "base/row_id.h"

#include <algorithm>
#include <filesystem>
#include <set>

namespace stet::annotate {

namespace {

// As JSON text, of the lines a round was given.
std::set<std::string> idsTrained(const std::string& folder)
{
    std::set<std::string> ids;
    const std::string path = folder + "/examples.jsonl";
    if (!std::filesystem::exists(path)) {
        return ids;
    }
    JsonLinesReader lines(path);
    while (const auto line = lines.next()) {
        if (const auto id = rowId(line->value("id", Json()))) {
            ids.insert(toLine(*id));
        }
    }
    return ids;
}

// A round that was thrown away has taught nobody anything.
bool counts(const RoundRecord& round)
{
    return round.state != RoundState::Discarded && round.state != RoundState::Failed;
}

void refuseWhatWasTrained(const Project& project, std::int64_t batch)
{
    const auto ids = project.externalIds(batch);
    for (const auto& round : project.rounds()) {
        if (!counts(round)) {
            continue;
        }
        const auto trained = idsTrained(project.roundFolder(round.number));
        const auto count = std::count_if(ids.begin(), ids.end(), [&](const auto& id) { return trained.count(id) > 0; });
        if (count > 0) {
            throw badInput("Round " + std::to_string(round.number) + " was trained on " + std::to_string(count) +
                           " responses of this import, and would no longer say what it learnt from; discard the round "
                           "first, or put single responses into the trash");
        }
    }
}

}  // namespace

UndoneImport undoImport(Project& project, std::int64_t batch)
{
    const auto batches = project.batches();
    const auto found = std::find_if(batches.begin(), batches.end(), [&](const auto& one) { return one.id == batch; });
    if (found == batches.end()) {
        throw badInput("The project has no import " + std::to_string(batch) + "; stet imports PROJECT lists them");
    }
    refuseWhatWasTrained(project, batch);
    UndoneImport undone{found->name, 0, found->instructions, 0, project.backup()};
    undone.kept = project.takeBack(batch);
    undone.responses = found->responses - undone.kept;
    return undone;
}

}  // namespace stet::annotate
