#include "base/failure.h"
#include "trainer/score/scorer.h"
#include "trainer/serve/command_line.h"
#include "trainer/serve/loaded_model.h"

#include <iostream>
#include <sstream>

namespace stet::serve {

namespace {

struct ScoreArguments {
    CommonOptions common;
    std::string contexts = "plain,judged";
    std::string contrast = "D1";
    std::string promptStyle = "auto";
    score::ScoreOptions score;
};

std::vector<text::Context> parseContexts(const std::string& list)
{
    std::vector<text::Context> contexts;
    std::istringstream stream(list);
    for (std::string name; std::getline(stream, name, ',');) {
        const auto context = text::contextFromName(name);
        if (!context) {
            throw Failure(FailureKind::Usage,
                          "context '" + name + "' is unknown; known: plain, judged, praised, blank, correction");
        }
        contexts.push_back(*context);
    }
    return contexts;
}

// D5 compares with up to eight other judgments of the file.
std::vector<std::string> otherJudgments(const std::vector<files::Example>& examples, const files::Example& one)
{
    std::vector<std::string> others;
    for (const auto& example : examples) {
        if (example.judgment && example.line != one.line && example.judgment != one.judgment && others.size() < 8) {
            others.push_back(*example.judgment);
        }
    }
    return others;
}

void run(ScoreArguments& arguments)
{
    const auto contrast = contrastFromName(arguments.contrast);
    if (!contrast) {
        throw Failure(FailureKind::Usage, "contrast '" + arguments.contrast + "' is unknown; known: D1 to D5");
    }
    arguments.score.contrast = *contrast;
    arguments.score.contexts = parseContexts(arguments.contexts);
    const auto file = readSome(arguments.common.in, true);
    Results results(arguments.common.out);
    LoadedModel model = loadForCommand(arguments.common, arguments.promptStyle);
    const auto adapters = model.adapters(arguments.common.adapter);
    const std::string key = LoadedModel::adapterKey(arguments.common.adapter);
    score::Scorer scorer(model.decoder(), model.encoder());
    Progress progress("scoring", arguments.common);
    for (const auto& example : file.examples) {
        if (contrast == Contrast::D5) {
            arguments.score.otherJudgments = otherJudgments(file.examples, example);
        }
        if (const auto reason = scorer.whyLeftOut(example, arguments.score)) {
            std::cerr << "left out: " << *reason << '\n';
            progress.update(example.line + 1, static_cast<std::int64_t>(file.examples.size()));
            continue;
        }
        results.line(
            scoreToJson(example, scorer.score(example, arguments.score, adapters, key, interrupted), model.encoder()));
        progress.update(example.line + 1, static_cast<std::int64_t>(file.examples.size()));
    }
    results.finish();
}

}  // namespace

void addScore(CLI::App& program, Action& action)
{
    auto arguments = std::make_shared<ScoreArguments>();
    CLI::App* command = program.add_subcommand("score", "Log-probability of every response token under each context");
    addModelOptions(*command, arguments->common);
    addAdapterOption(*command, arguments->common);
    addInOut(*command, arguments->common);
    addProgressOption(*command, arguments->common);
    command->add_option("--contexts", arguments->contexts, "comma-separated")->capture_default_str();
    command->add_option("--contrast", arguments->contrast, "D1 to D5")->capture_default_str();
    command->add_option("--lambda", arguments->score.lambda)->capture_default_str()->check(from(1.0, 1e6));
    command->add_option("--top", arguments->score.top, "alternatives per token")
        ->capture_default_str()
        ->check(CLI::Range(0, 1000));
    command->add_option("--prompt-style", arguments->promptStyle)->capture_default_str();
    command->add_option("--max-length", arguments->score.maxLength)->capture_default_str()->check(CLI::PositiveNumber);
    command->callback([arguments, &action] { action = [arguments] { run(*arguments); }; });
}

}  // namespace stet::serve
