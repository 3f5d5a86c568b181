// round, compare, adopt: the worker is run as a child; what it made is written down in the project.
#include "app/command/commands.h"

#include "annotate/judgment/round_before.h"
#include "app/command/project_access.h"
#include "app/command/trainer_process.h"
#include "base/failure.h"
#include "base/folder_lock.h"
#include "base/json.h"
#include "workflow/comparison.h"
#include "workflow/round_run.h"
#include "workflow/round_watch.h"

#include <algorithm>
#include <csignal>
#include <iostream>
#include <optional>

namespace stet::app {

using namespace annotate;

namespace {

// The newest round that was not finished is taken up again, else a new one is made.
RoundRecord roundToRun(Project& project, const std::string& preset)
{
    if (!preset.empty()) {
        workflow::requirePreset(preset);
    }
    if (const auto last = workflow::unfinishedRound(project)) {
        if (!preset.empty() && preset != last->preset) {
            throw Failure(FailureKind::Usage,
                          "Round " + std::to_string(last->number) + " is not finished, and its preset is " +
                              last->preset + "; run without --preset to go on with it");
        }
        return *last;
    }
    workflow::requireSomethingToTrain(project);  // before the model is looked at, which takes a moment
    requireUsableModel(project.setting("model"));
    return workflow::prepareRound(project, project.currentRound(),
                                  preset.empty() ? project.setting("preset", "stable") : preset);
}

// What the watch found, and where one goes back to when the project uses the round.
void printAlerts(const Project& project, int number, const std::vector<RoundAlert>& alerts)
{
    for (const RoundAlert& alert : alerts) {
        std::cerr << (alert.bad ? "alert: " : "note: ") << workflow::alertSentence(alert) << '\n';
    }
    const bool bad = std::any_of(alerts.begin(), alerts.end(), [](const RoundAlert& alert) { return alert.bad; });
    if (bad && project.currentRound() == number) {
        const int before = roundBefore(project.rounds(), number);
        std::cerr << "To go back: stet adopt " << project.folder() << ' '
                  << (before == 0 ? "base" : std::to_string(before)) << '\n';
    }
}

// Another command, or a worker that outlived its own, still works on it.
void refuseWhileTrained(const std::string& folder, const std::string& name)
{
    const FolderLock lock(folder);
    if (!lock.held() && !lock.unwritable()) {
        throw badInput(name + " is being trained by another process; wait for it or stop it");
    }
}

// How the worker's end is written down, and what is said of it on standard error with which exit code.
struct Verdict {
    workflow::RoundEnd end;
    std::optional<Failure> failure;
};

Verdict verdictOf(const TrainerEnd& end, const std::string& name)
{
    using Outcome = workflow::RoundEnd::Outcome;
    if (end.signal != 0) {
        return {{Outcome::Paused},
                Failure(FailureKind::Interrupted,
                        "The worker was killed by signal " + std::to_string(end.signal) +
                            (end.signal == SIGKILL ? ", possibly because memory ran out" : "") +
                            "; run the same command to go on from the last checkpoint")};
    }
    if (end.code == static_cast<int>(FailureKind::Interrupted)) {
        return {{Outcome::Paused},
                Failure(FailureKind::Interrupted, name + " has its checkpoint; run the same command to go on")};
    }
    if (end.code != 0) {
        return {{Outcome::Failed, "the worker ended with code " + std::to_string(end.code)},
                Failure(workerFailure(end.code), name + " failed; see above")};
    }
    return {{Outcome::Trained}, std::nullopt};
}

}  // namespace

void trainRound(const Arguments& a)
{
    const auto project = openForWriting(a.project);
    const RoundRecord round = a.keep ? workflow::roundToKeep(*project) : roundToRun(*project, a.preset);
    const std::string name = "Round " + std::to_string(round.number);
    const std::string folder = project->roundFolder(round.number);
    refuseWhileTrained(folder, name);
    workflow::beginRound(*project, round.number);
    const TrainerEnd end = [&] {
        try {
            return runTrainer(a.keep ? std::vector<std::string>{"round", folder, "--keep"}
                                     : std::vector<std::string>{"round", folder},
                              true);
        } catch (...) {
            workflow::endRound(*project, round.number, {});  // its input is written: the same command takes it up
            throw;
        }
    }();
    const Verdict verdict = verdictOf(end, name);
    const RoundRecord record = workflow::endRound(*project, round.number, verdict.end);
    printAlerts(*project, round.number, record.alerts);
    if (verdict.failure) {
        throw Failure(*verdict.failure);
    }
    std::cout << name << " is trained: " << record.stepsDone << " steps on " << record.criticised << " criticised and "
              << record.accepted << " accepted responses. Adapter: " << project->adapterFolder(round.number) << '\n';
}

void compareRound(const Arguments& a)
{
    const auto project = openForWriting(a.project);
    const int number = a.round.empty() ? static_cast<int>(project->rounds().size()) : roundNumber(a.round);
    if (number == 0) {
        throw badInput("The project has no round yet; train one first: stet round " + a.project);
    }
    const auto request = workflow::planComparison(*project, number, true);
    const TrainerEnd end = runTrainer(workflow::compareArguments(request), true);
    if (end.code != 0) {
        throw Failure(workerFailure(end.code), "The comparison failed; see above");
    }
    const auto comparison = workflow::readComparison(*project, number);
    printAlerts(*project, number, workflow::recordComparison(*project, comparison));
    std::cout << toLine(comparison.summary) << '\n';
}

void adoptRound(const Arguments& a)
{
    const auto project = openForWriting(a.project);
    const int number = a.round == "base" ? 0 : roundNumber(a.round);
    workflow::adoptRound(*project, number);
    std::cout << "The project's model is now " << (number == 0 ? "the base model" : "round " + a.round) << '\n';
}

}  // namespace stet::app
