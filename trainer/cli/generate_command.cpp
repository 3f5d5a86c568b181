#include "base/failure.h"
#include "trainer/evaluate/alpaca_eval.h"
#include "trainer/model/generate.h"
#include "trainer/cli/command_line.h"
#include "trainer/cli/command_model.h"

#include <filesystem>
#include <functional>
#include <iostream>

namespace stet::cli {

namespace {

struct GenerateArguments {
    CommonOptions common;
    std::string promptStyle = "auto";
    std::string format = "jsonl";
    std::string generator;  // of AlpacaEval's outputs; empty: named after the folders
    bool asDone = false;
    model::GenerateOptions generate;
};

using OnDone = std::function<void(std::size_t index, const model::Generated& generated)>;

// Answers to the examples, in their order; onDone hears each as soon as it is there.
std::vector<model::Generated> answers(const GenerateArguments& arguments, serve::LoadedModel& model,
                                      const std::vector<files::Example>& examples, const OnDone& onDone = {})
{
    sayWarnings(model.encoder().end().warnings);
    std::vector<model::GenerateItem> items;
    for (const auto& example : examples) {
        items.push_back({example.id, model.encoder().promptIds(text::Context::Plain, example)});
    }
    Progress progress("answering", arguments.common);
    std::int64_t done = 0;
    model::GenerateEvents events;
    events.cancelled = interrupted;
    events.onDone = [&](std::size_t index, const model::Generated& generated) {
        if (onDone) {
            onDone(index, generated);
        }
        progress.update(++done, static_cast<std::int64_t>(items.size()));
    };
    return model::generate(model.decoder(), model.adapters(arguments.common.adapter), items,
                           model.encoder().end().stopIds, arguments.generate, events);
}

void runLines(const GenerateArguments& arguments)
{
    const auto file = readSome(arguments.common.in, false);
    Results results(arguments.common.out, arguments.common.in);
    serve::LoadedModel model = loadForCommand(arguments.common, arguments.promptStyle);
    const OnDone write = [&](std::size_t index, const model::Generated& generated) {
        results.line(toJson(serve::generatedLine(file.examples[index], generated, model.encoder())));
    };
    const auto generated = answers(arguments, model, file.examples, arguments.asDone ? write : OnDone());
    for (std::size_t i = 0; !arguments.asDone && i < generated.size(); ++i) {
        write(i, generated[i]);
    }
    results.finish();
}

// "llama+round-3": the last names of the folders.
std::string generatorName(const GenerateArguments& arguments)
{
    const auto last = [](const std::string& path) {
        const auto full = std::filesystem::absolute(path).lexically_normal();
        return (full.has_filename() ? full : full.parent_path()).filename().string();
    };
    if (!arguments.generator.empty()) {
        return arguments.generator;
    }
    const std::string& adapter = arguments.common.adapter;
    return last(arguments.common.model) + (adapter.empty() || adapter == "base" ? "" : "+" + last(adapter));
}

void runAlpacaEval(const GenerateArguments& arguments)
{
    std::vector<std::string> warnings;
    const auto tasks = evaluate::readAlpacaEval(arguments.common.in, warnings);
    sayWarnings(warnings);
    Results results(arguments.common.out, arguments.common.in);
    serve::LoadedModel model = loadForCommand(arguments.common, arguments.promptStyle);
    std::vector<files::Example> examples;
    for (const auto& task : tasks) {
        examples.push_back(task.example);
    }
    const auto generated = answers(arguments, model, examples);
    Json outputs = Json::array();
    for (std::size_t i = 0; i < generated.size(); ++i) {
        outputs.push_back(evaluate::alpacaEvalOutput(
            tasks[i], model.encoder().tokenizer().decode(generated[i].ids, true), generatorName(arguments)));
    }
    results.line(outputs);
    results.finish();
}

void run(GenerateArguments& arguments)
{
    const bool alpacaEval = arguments.format == "alpaca-eval";
    if (!alpacaEval && !arguments.generator.empty()) {
        throw Failure(FailureKind::Usage,
                      "--generator names the model in AlpacaEval's outputs; give --format alpaca-eval, too");
    }
    if (alpacaEval && arguments.asDone) {
        throw Failure(FailureKind::Usage,
                      "--as-done writes lines, and AlpacaEval's outputs are one list; leave it out");
    }
    if (arguments.generate.temperature == 0 && arguments.generate.topP < 1) {
        std::cerr << "--top-p changes nothing at temperature 0 (greedy); give --temperature, too\n";
    }
    arguments.generate.seed = arguments.common.seed;
    alpacaEval ? runAlpacaEval(arguments) : runLines(arguments);
}

}  // namespace

void addGenerate(CLI::App& program, Action& action)
{
    auto arguments = std::make_shared<GenerateArguments>();
    CLI::App* command = program.add_subcommand("generate", "Answer instructions");
    addModelOptions(*command, arguments->common);
    addAdapterOption(*command, arguments->common);
    addInOut(*command, arguments->common);
    addProgressOption(*command, arguments->common);
    command->add_option("--max-new-tokens", arguments->generate.maxNewTokens, "of an answer")
        ->capture_default_str()
        ->check(positive());
    command->add_option("--temperature", arguments->generate.temperature, "0 = greedy")
        ->capture_default_str()
        ->check(from(0.0, 100.0));
    command->add_option("--top-p", arguments->generate.topP, "sampling: the likeliest tokens of this share")
        ->capture_default_str()
        ->check(from(1e-9, 1.0));
    command->add_option("--batch", arguments->generate.batch, "answers at once; changes no answer")
        ->capture_default_str()
        ->check(CLI::Range(1, 4096));
    command->add_flag("--as-done", arguments->asDone, "write each answer as soon as it is there, in whatever order");
    addPromptStyle(*command, arguments->promptStyle);
    command->add_option("--format", arguments->format, "of --in and --out: jsonl, or alpaca-eval, its JSON arrays")
        ->capture_default_str()
        ->check(CLI::IsMember({"jsonl", "alpaca-eval"}));
    command->add_option("--generator", arguments->generator, "alpaca-eval: the model's name; default: the folders'");
    command->callback([arguments, &action] { action = [arguments] { run(*arguments); }; });
}

}  // namespace stet::cli
