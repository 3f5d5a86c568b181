// round, compare, adopt: the worker is run as a child; what it made is written down in the project.
#include "app/command/commands.h"

#include "app/command/project_access.h"
#include "app/command/trainer_process.h"
#include "base/failure.h"
#include "base/folder_lock.h"
#include "base/json_lines.h"

#include <algorithm>
#include <charconv>
#include <csignal>
#include <iostream>
#include <set>

namespace stet::app {

using namespace annotate;

namespace {

int roundNumber(const std::string& text)
{
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < 1) {
        throw Failure(FailureKind::Usage, "'" + text + "' is no round; give its number, e.g. 1");
    }
    return number;
}

bool unfinished(const RoundRecord& round)
{
    return round.state == RoundState::Paused || round.state == RoundState::Running ||
        round.state == RoundState::Prepared;
}

// The newest round that was not finished is taken up again, else a new one is made.
int roundToRun(Project& project, const std::string& preset)
{
    static const std::set<std::string> kPresets = {"stable", "cut-code", "cut-paper"};
    if (!preset.empty() && kPresets.count(preset) == 0) {
        throw Failure(FailureKind::Usage, "preset '" + preset + "' is unknown; known: stable, cut-code, cut-paper");
    }
    const auto rounds = project.rounds();
    if (!rounds.empty() && unfinished(rounds.back())) {
        const RoundRecord& last = rounds.back();
        if (!preset.empty() && preset != last.preset) {
            throw Failure(FailureKind::Usage,
                          "Round " + std::to_string(last.number) + " is not finished, and its preset is " +
                              last.preset + "; run without --preset to go on with it");
        }
        return last.number;
    }
    // Before a round is made: one that can't be trained would stay behind as a failed one.
    if (project.counts().criticised == 0) {
        throw badInput("No response of " + project.folder() +
                       " is criticised yet, and a round learns from criticism; judge some first (stet judge, or in the "
                       "window)");
    }
    requireUsableModel(project.setting("model"));
    const int number =
        project.addRound(project.currentRound(), preset.empty() ? project.setting("preset", "stable") : preset);
    project.writeRoundInput(number);
    return number;
}

// Another command, or a worker that outlived its own, still works on it.
void refuseWhileTrained(const std::string& folder, const std::string& name)
{
    const FolderLock lock(folder);
    if (!lock.held() && !lock.unwritable()) {
        throw badInput(name + " is being trained by another process; wait for it or stop it");
    }
}

// What the round's report says belongs to its record.
void finish(RoundRecord& record, const std::string& folder)
{
    const Json report = readJsonFile(folder + "/report.json");
    record.state = RoundState::Finished;
    record.steps = report.at("steps").get<int>();
    record.stepsDone = report.at("steps_done").get<int>();
    record.criticised = report.at("totals").at("criticised").get<int>();
    record.accepted = report.at("totals").at("accepted").get<int>();
}

}  // namespace

void trainRound(const Arguments& a)
{
    const auto project = openForWriting(a.project);
    const int number = roundToRun(*project, a.preset);
    const std::string name = "Round " + std::to_string(number);
    const std::string folder = project->roundFolder(number);
    refuseWhileTrained(folder, name);
    RoundRecord record = project->round(number);
    const auto become = [&](RoundState state) {
        record.state = state;
        project->updateRound(record);
    };
    become(RoundState::Running);
    const TrainerEnd end = [&] {
        try {
            return runTrainer({"round", folder}, true);
        } catch (...) {
            become(RoundState::Paused);  // its input is written: the same command takes it up
            throw;
        }
    }();
    if (end.signal != 0) {
        become(RoundState::Paused);
        throw Failure(FailureKind::Interrupted,
                      "The worker was killed by signal " + std::to_string(end.signal) +
                          (end.signal == SIGKILL ? ", possibly because memory ran out" : "") +
                          "; run the same command to go on from the last checkpoint");
    }
    if (end.code == static_cast<int>(FailureKind::Interrupted)) {
        become(RoundState::Paused);
        throw Failure(FailureKind::Interrupted, name + " has its checkpoint; run the same command to go on");
    }
    if (end.code != 0) {
        record.failure = "the worker ended with code " + std::to_string(end.code);
        become(RoundState::Failed);
        throw Failure(workerFailure(end.code), name + " failed; see above");
    }
    finish(record, folder);
    project->updateRound(record);
    std::cout << name << " is trained: " << record.stepsDone << " steps on " << record.criticised << " criticised and "
              << record.accepted << " accepted responses. Adapter: " << project->adapterFolder(number) << '\n';
}

void compareRound(const Arguments& a)
{
    const auto project = openForWriting(a.project);
    const int number = a.round.empty() ? static_cast<int>(project->rounds().size()) : roundNumber(a.round);
    if (number == 0) {
        throw badInput("The project has no round yet; train one first: stet round " + a.project);
    }
    RoundRecord record = project->round(number);
    if (record.state != RoundState::Finished) {
        throw badInput("Round " + std::to_string(number) +
                       " is not finished, so there is nothing to compare; give a finished one, or run: stet round " +
                       a.project);
    }
    const std::string folder = project->roundFolder(number);
    const std::string in = folder + "/compare-in.jsonl";
    const std::string out = folder + "/compare.jsonl";
    project->writeCompareInput(in);
    const std::string before = record.parent == 0 ? "base" : project->adapterFolder(record.parent);
    const TrainerEnd end =
        runTrainer({"compare", "--model", project->setting("model"), "--before", before, "--after",
                    project->adapterFolder(number), "--in", in, "--out", out, "--prompt-style",
                    project->setting("prompt_style", "auto"), "--lambda", project->setting("lambda", "1.1"),
                    "--contrast", project->contrastOf(record.preset), "--max-new-tokens", "128"},
                   true);
    if (end.code != 0) {
        throw Failure(workerFailure(end.code), "The comparison failed; see above");
    }
    JsonLinesReader reader(out);
    for (auto line = reader.next(); line; line = reader.next()) {
        if (line->contains("summary")) {
            record.summaryJson = toLine(line->at("summary"));
            std::cout << record.summaryJson << '\n';
        }
    }
    project->updateRound(record);
}

void adoptRound(const Arguments& a)
{
    const auto project = openForWriting(a.project);
    const int number = a.round == "base" ? 0 : roundNumber(a.round);
    if (number != 0 && project->round(number).state != RoundState::Finished) {
        throw badInput("Round " + a.round +
                       " is not finished, so it can't be adopted; give a finished one, or run: stet round " +
                       a.project);
    }
    project->adopt(number);
    std::cout << "The project's model is now " << (number == 0 ? "the base model" : "round " + a.round) << '\n';
}

}  // namespace stet::app
