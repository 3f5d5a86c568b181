#include "trainer/verify/verify.h"

#include "base/failure.h"
#include "trainer/cli/command_line.h"

namespace stet::cli {

namespace {

struct VerifyArguments {
    CommonOptions common;
    std::string folder;
};

void run(const VerifyArguments& arguments)
{
    const auto result = round::verifyFolder(arguments.folder, arguments.common.compute);
    Results results(arguments.common.out);
    results.line(result.report);
    results.finish();
    if (result.sound) {
        return;
    }
    std::string problems;
    for (const auto& problem : result.report.at("problems")) {
        problems += "\n  " + problem.get<std::string>();
    }
    throw badInput(arguments.folder + " is not sound:" + problems);
}

}  // namespace

void addVerify(CLI::App& program, Action& action)
{
    auto arguments = std::make_shared<VerifyArguments>();
    CLI::App* command = program.add_subcommand("verify", "Whether a model, adapter or round folder is whole");
    command->add_option("DIR", arguments->folder, "model, adapter or round folder")->required();
    addComputeOptions(*command, arguments->common);
    addInOut(*command, arguments->common, false);
    command->callback([arguments, &action] { action = [arguments] { run(*arguments); }; });
}

}  // namespace stet::cli
