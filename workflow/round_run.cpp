#include "workflow/round_run.h"

#include "base/json.h"
#include "base/presets.h"
#include "base/utc_time.h"
#include "workflow/round_watch.h"

namespace stet::workflow {

using annotate::Project;
using annotate::RoundRecord;
using annotate::RoundState;

namespace {

bool unfinished(const RoundRecord& round)
{
    return round.state == RoundState::Paused || round.state == RoundState::Running ||
        round.state == RoundState::Prepared;
}

void takeTotals(RoundRecord& record, const Json& report)
{
    const Json totals = report.value("totals", Json::object());
    record.steps = report.value("steps", record.steps);
    record.stepsDone = report.value("steps_done", record.stepsDone);
    record.criticised = totals.value("criticised", record.criticised);
    record.accepted = totals.value("accepted", record.accepted);
}

// The λ that the round made is what the heat-map shows from now on, as long as it is made from a rate.
void takeThreshold(Project& project, const RoundRecord& record, const Json& report)
{
    const auto lambda = optionalNumber(report, "lambda", "report.json");
    if (lambda && report.contains("false_alarm_rate") && project.threshold(record.preset).falseAlarmRate) {
        project.noteCalibration(*lambda, record.criticised);
    }
}

RoundState stateAfter(RoundEnd::Outcome outcome)
{
    switch (outcome) {
    case RoundEnd::Outcome::Trained:
        return RoundState::Finished;
    case RoundEnd::Outcome::Discarded:
        return RoundState::Discarded;
    case RoundEnd::Outcome::Failed:
        return RoundState::Failed;
    case RoundEnd::Outcome::Paused:
        break;
    }
    return RoundState::Paused;
}

}  // namespace

void requirePreset(const std::string& preset)
{
    if (!isPreset(preset)) {
        throw Failure(FailureKind::Usage, "preset '" + preset + "' is unknown; known: " + presetNames());
    }
}

std::optional<RoundRecord> unfinishedRound(const Project& project)
{
    const auto rounds = project.rounds();
    return rounds.empty() || !unfinished(rounds.back()) ? std::nullopt : std::optional(rounds.back());
}

RoundRecord roundToKeep(const Project& project)
{
    const auto rounds = project.rounds();
    if (rounds.empty() || (!unfinished(rounds.back()) && rounds.back().state != RoundState::Failed)) {
        throw badInput("No round of " + project.folder() +
                       " was stopped before its end, so there is nothing to keep; train one with: stet round " +
                       project.folder());
    }
    return rounds.back();
}

void requireSomethingToTrain(const Project& project)
{
    if (!project.hasSomethingToTrain()) {
        throw badInput("No response of " + project.folder() +
                       " is criticised yet, and a round learns from criticism; judge some first (stet judge, or in the "
                       "window)");
    }
}

RoundRecord prepareRound(Project& project, int parent, const std::string& preset)
{
    requirePreset(preset);
    requireSomethingToTrain(project);
    const int number = project.addRound(parent, preset);
    project.writeRoundInput(number);
    return project.round(number);
}

RoundRecord beginRound(Project& project, int number, const RoundSize& planned)
{
    RoundRecord record = project.round(number);
    if (record.criticised == 0) {
        record.criticised = planned.criticised;
        record.accepted = planned.accepted;
    }
    record.state = RoundState::Running;
    record.failure.clear();
    if (record.startedAt.empty()) {
        record.startedAt = utcNow();
    }
    if (planned.flaggedShare) {
        writePlannedShare(project.roundFolder(number), *planned.flaggedShare);
    }
    project.updateRound(record);
    return record;
}

RoundEnd endFromOutcome(contract::Outcome outcome)
{
    switch (outcome) {
    case contract::Outcome::Finished:
    case contract::Outcome::Kept:
    case contract::Outcome::AlreadyFinished:
        return {RoundEnd::Outcome::Trained};
    case contract::Outcome::Discarded:
        return {RoundEnd::Outcome::Discarded};
    case contract::Outcome::Paused:
    case contract::Outcome::DryRun:
        break;
    }
    return {RoundEnd::Outcome::Paused};
}

RoundEnd endFromFailure(const FailureReport& report)
{
    return report.kind == FailureKind::Interrupted ? RoundEnd{} : RoundEnd{RoundEnd::Outcome::Failed, report.message};
}

RoundRecord endRound(Project& project, int number, const RoundEnd& end)
{
    RoundRecord record = project.round(number);
    record.state = stateAfter(end.outcome);
    record.failure = end.failure;
    if (end.steps > 0) {
        record.steps = end.steps;
        record.stepsDone = end.stepsDone;
    }
    if (record.state == RoundState::Finished) {
        const Json report = readJsonFile(project.roundFolder(number) + "/report.json");
        takeTotals(record, report);
        takeThreshold(project, record, report);
        record.finishedAt = utcNow();
    }
    project.updateRound(record);
    if (record.state == RoundState::Finished || record.state == RoundState::Failed) {
        record.alerts = watchRound(project, number);
    }
    return record;
}

std::optional<RoundRecord> takeUpInterrupted(Project& project)
{
    for (RoundRecord record : project.rounds()) {
        if (record.state == RoundState::Running) {
            record.state = RoundState::Paused;
            project.updateRound(record);
        }
    }
    auto newest = unfinishedRound(project);
    return newest && newest->state == RoundState::Paused ? newest : std::nullopt;
}

void adoptRound(Project& project, int number)
{
    if (number != 0 && project.round(number).state != RoundState::Finished) {
        throw badInput("Round " + std::to_string(number) +
                       " is not finished, so it can't be adopted; give a finished one, or run: stet round " +
                       project.folder());
    }
    project.adopt(number);
}

void discardRound(Project& project, int number)
{
    RoundRecord record = project.round(number);
    record.state = RoundState::Discarded;
    project.updateRound(record);
    if (project.currentRound() == number) {
        project.adopt(0);
    }
}

}  // namespace stet::workflow
