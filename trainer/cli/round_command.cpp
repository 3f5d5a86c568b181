#include "base/failure.h"
#include "trainer/files/round_settings.h"
#include "trainer/round/round.h"
#include "trainer/cli/command_line.h"

#include <cmath>
#include <iostream>
#include <utility>

namespace stet::cli {

namespace {

struct RoundArguments {
    CommonOptions common;
    std::string folder;
    round::RoundOptions round;
    bool plan = false;
};

// What would train, without the model's weights.
void plan(const RoundArguments& arguments)
{
    std::cout << toLine(toJson(round::previewRound(arguments.folder))) << std::endl;
    checkOutput();
}

void run(const RoundArguments& arguments)
{
    Progress progress("training", arguments.common);
    round::RoundHooks hooks;
    const bool json = arguments.common.progress == "json";
    bool first = true;
    hooks.onPhase = [&](contract::Phase phase) {
        if (phase == contract::Phase::Loading) {
            const auto settings = files::readRoundSettings(arguments.folder);
            sayDevice(model::resolveCompute({settings.device, settings.dtype, settings.threads}, {}));
        }
        const std::string name(contract::word(phase));
        std::cerr << (json ? toLine({{"phase", name}}) : name + " …") << '\n';
    };
    Progress scoring("scoring", arguments.common);
    hooks.onScored = [&](const round::ScoringProgress& scored) { scoring.update(scored.done, scored.all); };
    hooks.onStep = [&](const round::RoundProgress& step) {
        if (std::exchange(first, false)) {
            progress.beginAt(step.step);  // what came before, scoring and the first step's allocations, tells little
        }
        Json details = {{"loss", step.done.losses.loss}};
        if (std::isfinite(step.done.losses.flaggedShare)) {  // an objective without flags has none
            details["flagged"] = step.done.losses.flaggedShare;
        }
        if (json) {
            details = toJson(step.done);
            details["seconds_left"] = step.secondsLeft;
        }
        progress.update(step.step, step.steps, details);
    };
    hooks.onWarning = [](const std::string& warning) { std::cerr << warning << '\n'; };
    hooks.stopRequested = [] { return interrupted() ? round::Stop::Pause : round::Stop::None; };
    const auto result = round::runRound(arguments.folder, arguments.round, hooks);
    if (result.outcome == round::Outcome::Paused && result.report.at("step") == 0) {
        throw Failure(FailureKind::Interrupted, "Stopped before a step was made; run the same command to begin again");
    }
    if (result.outcome == round::Outcome::Paused) {
        throw Failure(FailureKind::Interrupted,
                      "Stopped at step " + result.report.at("step").dump() + " of " + result.report.at("steps").dump() +
                          "; run the same command to go on");
    }
    if (result.outcome == round::Outcome::AlreadyFinished) {
        std::cerr << arguments.folder << " is finished already; --restart trains it again\n";
    }
    std::cout << toLine(result.report) << std::endl;
    checkOutput();
}

}  // namespace

void addRound(CLI::App& program, Action& action)
{
    auto arguments = std::make_shared<RoundArguments>();
    CLI::App* command = program.add_subcommand("round", "Run or resume the round in a folder");
    command->add_option("DIR", arguments->folder, "folder with round.json and examples.jsonl")->required();
    command->add_flag("--dry-run", arguments->round.dryRun, "check everything and try one step; write nothing");
    CLI::Option* restart = command->add_flag("--restart", arguments->round.restart, "delete outputs first");
    command->add_flag("--keep", arguments->round.keep, "train no further: finish with what the newest checkpoint holds")
        ->excludes(restart)
        ->excludes("--dry-run");
    command->add_flag("--plan", arguments->plan, "say what would train, with every setting, and what it costs; no more")
        ->excludes(restart)
        ->excludes("--dry-run")
        ->excludes("--keep");
    addProgressOption(*command, arguments->common);
    command->callback(
        [arguments, &action] { action = [arguments] { arguments->plan ? plan(*arguments) : run(*arguments); }; });
}

}  // namespace stet::cli
