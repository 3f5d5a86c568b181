#include "trainer/model/generate.h"
#include "trainer/serve/command_line.h"
#include "trainer/serve/loaded_model.h"

namespace stet::serve {

namespace {

struct GenerateArguments {
    CommonOptions common;
    std::string promptStyle = "auto";
    model::GenerateOptions generate;
};

void run(GenerateArguments& arguments)
{
    const auto file = readSome(arguments.common.in, false);
    Results results(arguments.common.out);
    LoadedModel model = loadForCommand(arguments.common, arguments.promptStyle);
    arguments.generate.seed = arguments.common.seed;
    std::vector<model::GenerateItem> items;
    for (const auto& example : file.examples) {
        items.push_back({example.id, model.encoder().promptIds(text::Context::Plain, example)});
    }
    Progress progress("answering", arguments.common);
    std::int64_t done = 0;
    model::GenerateEvents events;
    events.cancelled = interrupted;
    events.onDone = [&](std::size_t, const model::Generated&) {
        progress.update(++done, static_cast<std::int64_t>(items.size()));
    };
    const auto generated = model::generate(model.decoder(), model.adapters(arguments.common.adapter), items,
                                           model.folder().stopIds, arguments.generate, events);
    for (std::size_t i = 0; i < generated.size(); ++i) {
        const auto& example = file.examples[i];
        results.line({{"id", example.idIsNumber ? Json::parse(example.id) : Json(example.id)},
                      {"output", model.encoder().tokenizer().decode(generated[i].ids, true)},
                      {"tokens", generated[i].ids.size()},
                      {"stopped", generated[i].stoppedByLength ? "length" : "eos"}});
    }
    results.finish();
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
    command->add_option("--max-new-tokens", arguments->generate.maxNewTokens)
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    command->add_option("--temperature", arguments->generate.temperature, "0 = greedy")
        ->capture_default_str()
        ->check(from(0.0, 100.0));
    command->add_option("--top-p", arguments->generate.topP)->capture_default_str()->check(from(1e-9, 1.0));
    command->add_option("--batch", arguments->generate.batch)->capture_default_str()->check(CLI::Range(1, 4096));
    command->add_option("--prompt-style", arguments->promptStyle)->capture_default_str();
    command->callback([arguments, &action] { action = [arguments] { run(*arguments); }; });
}

}  // namespace stet::serve
