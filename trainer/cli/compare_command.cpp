#include "trainer/compare/compare.h"
#include "trainer/cli/command_line.h"
#include "trainer/cli/command_model.h"

namespace stet::cli {

namespace {

struct CompareArguments {
    CommonOptions common;
    std::string before;
    std::string after;
    std::string promptStyle = "auto";
    DetectionArguments detection;
    compare::CompareOptions compare;
};

void run(CompareArguments& arguments)
{
    arguments.compare.score.detection = arguments.detection.settings();
    const auto file = readSome(arguments.common.in, false);
    Results results(arguments.common.out, arguments.common.in);
    serve::LoadedModel model =
        loadForCommand(arguments.common, arguments.promptStyle, {arguments.before, arguments.after});
    sayWarnings(model.encoder().end().warnings);
    arguments.compare.generate.seed = arguments.common.seed;
    Progress progress("comparing", arguments.common);
    compare::CompareHooks hooks;
    hooks.cancelled = interrupted;
    hooks.onProgress = [&](std::int64_t done, std::int64_t total) { progress.update(done, total); };
    hooks.onLine = [&](const contract::ComparedLine& line) { results.line(toJson(line)); };
    const auto side = [&](const std::string& path) {
        return compare::Side{model.adapters(path), serve::LoadedModel::adapterKey(path)};
    };
    contract::CompareResult result;
    result.summary = compare::compare(model.decoder(), model.encoder(), file.examples, side(arguments.before),
                                      side(arguments.after), arguments.compare, hooks);
    results.line(toJson(result));
    results.finish();
}

}  // namespace

void addCompare(CLI::App& program, Action& action)
{
    auto arguments = std::make_shared<CompareArguments>();
    CLI::App* command = program.add_subcommand("compare", "The same instructions before and after");
    addModelOptions(*command, arguments->common);
    addInOut(*command, arguments->common);
    addProgressOption(*command, arguments->common);
    command->add_option("--before", arguments->before, "base or an adapter folder")->required();
    command->add_option("--after", arguments->after, "base or an adapter folder")->required();
    addPromptStyle(*command, arguments->promptStyle);
    command->add_option("--max-new-tokens", arguments->compare.generate.maxNewTokens, "of an answer")
        ->capture_default_str()
        ->check(positive());
    command->add_option("--temperature", arguments->compare.generate.temperature, "0 = greedy")
        ->capture_default_str()
        ->check(from(0.0, 100.0));
    addDetection(*command, arguments->detection);
    command->callback([arguments, &action] { action = [arguments] { run(*arguments); }; });
}

}  // namespace stet::cli
