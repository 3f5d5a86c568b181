// round, compare, adopt: the worker is run as a child; what it made is written down in the project.
#include "app/command/commands.h"

#include "app/command/project_access.h"
#include "app/command/trainer_process.h"
#include "base/failure.h"
#include "base/folder_lock.h"
#include "base/json.h"
#include "workflow/comparison.h"
#include "workflow/round_run.h"

#include <csignal>
#include <iostream>
#include <map>
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

// The tokens that are followed are those the round detects.
void addDetection(std::vector<std::string>& arguments, const contract::Detection& detection)
{
    static const std::map<std::string, std::string> kOptions = {
        {"preset", "--preset"},     {"contrast", "--contrast"},     {"lambda", "--lambda"},
        {"truncate", "--truncate"}, {"max_length", "--max-length"}, {"marks_use", "--marks"}};
    const Json fields = toJson(detection);  // outlives the loop over its items
    for (const auto& [field, value] : fields.items()) {
        arguments.push_back(kOptions.at(field));
        arguments.push_back(value.is_string() ? value.get<std::string>() : value.dump());
    }
}

}  // namespace

void trainRound(const Arguments& a)
{
    const auto project = openForWriting(a.project);
    const RoundRecord round = roundToRun(*project, a.preset);
    const std::string name = "Round " + std::to_string(round.number);
    const std::string folder = project->roundFolder(round.number);
    refuseWhileTrained(folder, name);
    workflow::beginRound(*project, round.number);
    const TrainerEnd end = [&] {
        try {
            return runTrainer({"round", folder}, true);
        } catch (...) {
            workflow::endRound(*project, round.number, {});  // its input is written: the same command takes it up
            throw;
        }
    }();
    const Verdict verdict = verdictOf(end, name);
    const RoundRecord record = workflow::endRound(*project, round.number, verdict.end);
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
    std::vector<std::string> arguments = {"compare",
                                          "--model",
                                          request.model,
                                          "--before",
                                          request.before,
                                          "--after",
                                          request.after,
                                          "--in",
                                          request.in,
                                          "--out",
                                          request.out,
                                          "--prompt-style",
                                          request.promptStyle,
                                          "--max-new-tokens",
                                          std::to_string(request.maxNewTokens)};
    addDetection(arguments, request.detection);
    const TrainerEnd end = runTrainer(arguments, true);
    if (end.code != 0) {
        throw Failure(workerFailure(end.code), "The comparison failed; see above");
    }
    const auto comparison = workflow::readComparison(*project, number);
    workflow::recordComparison(*project, comparison);
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
