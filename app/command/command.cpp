#include "app/command/command.h"

#include "app/command/commands.h"
#include "base/failure.h"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>
#include <set>

namespace stet::app {

namespace fs = std::filesystem;

namespace {

using Action = std::function<void()>;

CLI::App* add(CLI::App& program, Action& action, const char* name, const char* about, void (*run)(const Arguments&),
              const std::shared_ptr<Arguments>& arguments)
{
    CLI::App* command = program.add_subcommand(name, about);
    command->add_option("PROJECT", arguments->project, "project folder NAME.stet")->required();
    command->callback([arguments, run, &action] { action = [arguments, run] { run(*arguments); }; });
    return command;
}

void addCommands(CLI::App& program, Action& action)
{
    const auto a = std::make_shared<Arguments>();
    add(program, action, "new", "Make a project", newProject, a)
        ->add_option("--model", a->model, "model folder")
        ->required();
    CLI::App* import = add(program, action, "import", "Import a data file", importInto, a);
    import->add_option("FILE", a->file)->required();
    import->add_option("--format", a->format, "auto, cut, jsonl");
    CLI::App* exporting = add(program, action, "export", "Export responses", exportFrom, a);
    exporting->add_option("--format", a->format, "cut, jsonl")->required();
    exporting->add_option("--out", a->file)->required();
    exporting->add_option("--filter", a->filter);
    add(program, action, "check", "Check integrity and hashes", checkProject, a);
    add(program, action, "recover", "Read what can be read into a fresh project", recoverProject, a)
        ->add_option("--out", a->file)
        ->required();
    add(program, action, "round", "Train a round", trainRound, a)
        ->add_option("--preset", a->preset, "stable, cut-code, cut-paper");
    add(program, action, "compare", "Compare a round with what it started from", compareRound, a)
        ->add_option("ROUND", a->round);
    CLI::App* judging = add(program, action, "judge", "Judge one response", judgeResponse, a);
    judging->add_option("ID", a->id)->required();
    judging->add_flag("--accept", a->accept);
    judging->add_flag("--skip", a->skip);
    judging->add_option("--criticise", a->text, "the judgment");
    add(program, action, "list", "List responses as JSON Lines", listResponses, a)->add_option("--filter", a->filter);
    add(program, action, "adopt", "Make a round (or base) the project's model", adoptRound, a)
        ->add_option("ROUND", a->round)
        ->required();
    add(program, action, "example", "Make a project from the bundled example", exampleProject, a);
}

}  // namespace

std::string exampleFolder()
{
    if (const char* given = std::getenv("STET_EXAMPLE")) {
        return given;
    }
    std::error_code ignored;
    const fs::path beside = fs::read_symlink("/proc/self/exe", ignored).parent_path();
    const fs::path installed = beside / "../share/stet/example";
    return fs::exists(installed) ? installed.string() : std::string(STET_EXAMPLE_DIR);
}

bool isCommand(int argc, char** argv)
{
    static const std::set<std::string> kCommands = {"new",     "import",    "export", "check", "recover",
                                                    "round",   "compare",   "judge",  "list",  "adopt",
                                                    "example", "--version", "--help", "-h"};
    return argc > 1 && kCommands.count(argv[1]) > 0;
}

int runCommand(int argc, char** argv)
{
    CLI::App program("Judge a model's responses, see which words your judgment condemns, train the model on it.\n"
                     "stet [PROJECT|--example] opens the window.",
                     "stet");
    program.set_version_flag("--version", "stet " STET_VERSION);
    program.require_subcommand(1);
    Action action;
    addCommands(program, action);
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const int code = program.exit(error);
        return code == 0 ? 0 : static_cast<int>(FailureKind::Usage);
    }
    try {
        action();
        return 0;
    } catch (const Failure& failure) {
        std::cerr << "stet: " << failure.what() << '\n';
        return failure.exitCode();
    } catch (const std::exception& error) {
        std::cerr << "stet: a fault of ours: " << error.what() << '\n';
        return static_cast<int>(FailureKind::Internal);
    }
}

}  // namespace stet::app
