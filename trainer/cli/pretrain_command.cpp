#include "trainer/cli/command_line.h"
#include "trainer/pretrain/pretrain.h"

#include <iostream>
#include <utility>

namespace stet::cli {

void addPretrain(CLI::App& program, Action& action)
{
    auto options = std::make_shared<CommonOptions>();
    auto folder = std::make_shared<std::string>();
    CLI::App* command = program.add_subcommand("pretrain", "Train a small model from fresh weights, in a folder");
    command->add_option("DIR", *folder, "folder with pretrain.json, config.json, tokenizer.json, text.jsonl")
        ->required();
    addProgressOption(*command, *options);
    command->callback([options, folder, &action] {
        action = [options, folder] {
            Progress progress("training", *options);
            bool first = true;
            round::PretrainHooks hooks;
            hooks.onStep = [&](const round::PretrainStep& step) {
                if (std::exchange(first, false)) {
                    progress.beginAt(step.step);
                }
                progress.update(step.step, step.steps,
                                {{"loss", step.loss},
                                 {"lr", step.learningRate},
                                 {"tokens/s", static_cast<double>(step.tokens) / step.seconds}});
            };
            hooks.onWarning = [](const std::string& warning) { std::cerr << warning << '\n'; };
            hooks.stopRequested = interrupted;
            const std::string path = *folder + "/pretrain.json";
            const auto device = optionalString(readJsonFile(path), "device", path).value_or("auto");
            sayDevice(model::resolveCompute({device, "float32", 0}, {}));
            round::runPretrain(*folder, hooks);
        };
    });
}

}  // namespace stet::cli
