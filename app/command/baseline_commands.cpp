// baselines: the same judgments through other objectives, one after another by the worker as a child; then one table.
#include "app/command/commands.h"

#include "app/command/project_access.h"
#include "app/command/trainer_process.h"
#include "base/failure.h"
#include "base/folder_lock.h"
#include "base/json.h"
#include "workflow/baselines.h"
#include "workflow/round_run.h"

#include <cmath>
#include <cstdio>
#include <iostream>
#include <vector>

namespace stet::app {

using namespace annotate;
using workflow::Baseline;
using workflow::BaselineTable;

namespace {

std::string number(double value, const char* format)
{
    char text[32] = "-";
    if (std::isfinite(value)) {
        std::snprintf(text, sizeof text, format, value);
    }
    return text;
}

std::string bothSides(const contract::BeforeAfter& measure, const char* format)
{
    return std::isfinite(measure.before) ? number(measure.before, format) + " -> " + number(measure.after, format)
                                         : std::string("-");
}

std::vector<std::string> cellsOf(const Baseline& row)
{
    const auto& summary = row.summary;
    return {row.objective,
            std::to_string(row.steps),
            number(row.seconds, "%.0f s"),
            bothSides(summary.criticisedFlaggedLogProb, "%.2f"),
            bothSides(summary.praisedLogProb, "%.2f"),
            number(summary.controlKl.after, "%.3f"),
            number(100 * row.changed, "%.0f %%"),
            bothSides(summary.length, "%.1f")};
}

void printTable(const BaselineTable& table)
{
    std::vector<std::vector<std::string>> lines = {
        {"objective", "steps", "time", "criticised words", "accepted", "KL", "changed", "tokens"}};
    for (const Baseline& row : table.rows) {
        if (row.state == Baseline::State::Done) {
            lines.push_back(cellsOf(row));
        }
    }
    std::vector<std::size_t> widths(lines.front().size(), 0);
    for (const auto& line : lines) {
        for (std::size_t i = 0; i < line.size(); ++i) {
            widths[i] = std::max(widths[i], line[i].size());
        }
    }
    for (const auto& line : lines) {
        std::string text;
        for (std::size_t i = 0; i < line.size(); ++i) {
            const std::string room(widths[i] - line[i].size(), ' ');
            text += i == 0 ? line[i] + room : "  " + room + line[i];
        }
        std::cout << text << '\n';
    }
}

const char* stateName(Baseline::State state)
{
    switch (state) {
    case Baseline::State::Done:
        return "done";
    case Baseline::State::Failed:
        return "failed";
    case Baseline::State::Impossible:
        return "impossible";
    case Baseline::State::Waiting:
        break;
    }
    return "waiting";
}

void printLines(const BaselineTable& table)
{
    for (const Baseline& row : table.rows) {
        Json json = {{"objective", row.objective}, {"state", stateName(row.state)}};
        if (!row.reason.empty()) {
            json["reason"] = row.reason;
        }
        if (row.state == Baseline::State::Done) {
            json["steps"] = row.steps;
            json["seconds"] = row.seconds;
            json["changed"] = row.changed;
            json.update(toJson(row.summary));
        }
        std::cout << toLine(json) << '\n';
    }
}

// What stands in no table: why something is missing from it.
void sayWhatIsMissing(const BaselineTable& table)
{
    for (const Baseline& row : table.rows) {
        if (row.wanted && row.state == Baseline::State::Impossible) {
            std::cerr << row.objective << " is impossible: " << row.reason << '\n';
        } else if (row.wanted && row.state == Baseline::State::Failed) {
            std::cerr << row.objective << " failed: " << row.reason << '\n';
        }
    }
    if (table.outdated) {
        std::cerr
            << "Judgments have changed since these were trained; --anew trains all of them on what is judged now\n";
    }
}

void refuseWhileTrained(const workflow::BaselineJob& job)
{
    const FolderLock lock(job.folder);
    if (!lock.held() && !lock.unwritable()) {
        throw badInput("The baseline " + job.objective +
                       " is being trained by another process; wait for it or stop it");
    }
}

// The worst exit code of those that failed; 0: none did.
int runJobs(const Project& project)
{
    int worst = 0;
    while (const auto job = workflow::nextBaselineJob(project)) {
        std::cerr << job->objective << " (" << job->number << " of " << job->count
                  << "): " << (job->compares ? "comparing" : "training") << '\n';
        refuseWhileTrained(*job);
        const TrainerEnd end = runTrainer(job->arguments, true);
        if (end.signal != 0 || end.code == static_cast<int>(FailureKind::Interrupted)) {
            throw Failure(FailureKind::Interrupted, "What is done is kept; run the same command to go on");
        }
        if (end.code != 0) {
            worst = end.code;
            workflow::failBaseline(project, *job, "the worker ended with code " + std::to_string(end.code));
        }
    }
    return worst;
}

}  // namespace

void trainBaselines(const Arguments& a)
{
    const auto project = openForWriting(a.project);
    workflow::BaselineWish wish;
    wish.objectives = workflow::baselinesNamed(a.objectives);
    if (!a.round.empty()) {
        wish.start = a.round == "base" ? 0 : roundNumber(a.round);
    }
    wish.preset = a.preset;
    wish.anew = a.anew;
    workflow::requireSomethingToTrain(*project);
    requireUsableModel(project->setting("model"));
    workflow::prepareBaselines(*project, wish);
    const int worst = runJobs(*project);
    const BaselineTable table = workflow::readBaselines(*project);
    a.asJson ? printLines(table) : printTable(table);
    sayWhatIsMissing(table);
    if (worst != 0) {
        std::cout.flush();
        throw Failure(workerFailure(worst),
                      "Not every objective could be trained; see above, and run the same command to try again");
    }
}

}  // namespace stet::app
