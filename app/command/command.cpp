#include "app/command/command.h"

#include "annotate/exchange/formats/format.h"
#include "annotate/judgment/names.h"
#include "app/command/commands.h"
#include "base/command_line_fault.h"
#include "base/presets.h"
#include "base/failure.h"
#include "base/resources.h"
#include "base/version.h"
#include "workflow/baselines.h"
#include "workflow/model_export.h"

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

// A folder's name as a shell completes it ends in one.
std::string withoutSlash(std::string path)
{
    while (path.size() > 1 && path.back() == '/') {
        path.pop_back();
    }
    return path;
}

CLI::App* add(CLI::App& program, Action& action, const char* name, const char* about, void (*run)(const Arguments&),
              const std::shared_ptr<Arguments>& arguments)
{
    CLI::App* command = program.add_subcommand(name, about);
    command->add_option("PROJECT", arguments->project, "project folder NAME.stet")->required();
    command->callback([arguments, run, &action] {
        arguments->project = withoutSlash(arguments->project);
        action = [arguments, run] { run(*arguments); };
    });
    return command;
}

void addGenerate(CLI::App& command, const std::shared_ptr<Arguments>& a)
{
    command.add_option("--set", a->set, "its instructions; default: of every set but heldout and control");
    CLI::Option* file = command.add_option("--file", a->file, "take in FILE's instructions as a set of its name first");
    file->excludes("--set");
    command.add_option("--round", a->round, "whose model answers: a number, or base; default: the adopted one");
    command.add_option("--fresh", a->fresh, "at most so many instructions that nobody has answered")
        ->check(CLI::Range(1, 1 << 30));
    command.add_option("--samples", a->samples, "responses to each, with the seeds N, N + 1, …")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
    command.add_option("--max-new-tokens", a->maxNewTokens, "of a response; default: the project's")
        ->check(CLI::Range(1, 1 << 20));
    command.add_option("--temperature", a->temperature, "0 = greedy")
        ->capture_default_str()
        ->check(CLI::Range(0.0, 100.0));
    command.add_option("--top-p", a->topP, "sampling: the likeliest tokens of this share")
        ->capture_default_str()
        ->check(CLI::Range(1e-9, 1.0));
    command.add_option("--seed", a->seed, "of sampling")->capture_default_str();
    command.add_option("--batch", a->batch, "responses at once; changes no response")
        ->capture_default_str()
        ->check(CLI::Range(1, 4096));
}

void addImport(CLI::App& program, Action& action, const std::shared_ptr<Arguments>& a)
{
    CLI::App* import = add(program, action, "import", "Import a data file", importInto, a);
    import->add_option("FILE", a->file, "data in any of the formats, also packed with gzip")->required();
    import->add_option("--format", a->format, "auto, " + annotate::formatNames())->capture_default_str();
    import->add_option(
        "--columns", a->columns,
        "what a table calls our fields: instruction=prompt,output=answer; default: by their usual names");
    import->add_option("--set", a->set,
                       "the rows are instructions of this set: heldout, control, or a name of your own; default: those "
                       "without an output wait for a response");
    import->add_option("--hold-out", a->holdOut, "auto: of a project's first data a tenth is compared by; none")
        ->capture_default_str()
        ->check(CLI::IsMember({"auto", "none"}));
    import->add_flag("--check", a->checkOnly, "say what would come in and what the check finds, and import nothing");
    import->add_option("--leave-out", a->leaveOut,
                       "the rows of these kinds, as the check calls them: placeholder,known");
    import->add_option("--accept", a->acceptKinds, "those of these kinds are accepted responses: praise");
    import->add_option("--to-do", a->toDo, "those of these kinds are to be judged anew: empty-judgment");
    import->add_option("--new-id", a->newId, "those of these kinds get the next free id: same-id,others-id");
    add(program, action, "imports", "List what was imported", listImports, a);
    add(program, action, "undo-import", "Take an import back", undoImportOf, a)
        ->add_option("IMPORT", a->import, "its number in stet imports; default: the newest");
}

void addCommands(CLI::App& program, Action& action)
{
    const auto a = std::make_shared<Arguments>();
    add(program, action, "new", "Make a project", newProject, a)
        ->add_option("--model", a->model, "a Hugging Face folder or a GGUF file")
        ->required();
    addImport(program, action, a);
    CLI::App* exporting = add(program, action, "export", "Export responses, or a model", exportFrom, a);
    exporting
        ->add_option("--format", a->format,
                     "of responses " + annotate::writtenFormatNames() + "; of a model " + workflow::modelFormNames())
        ->required();
    exporting->add_option("--round", a->round, "whose model: a number, or base; default: the adopted one");
    a->file = "-";
    exporting->add_option("--out", a->file, "file; - is standard output")->capture_default_str();
    exporting->add_option("--filter", a->filter, annotate::filterNames())->capture_default_str();
    CLI::App* use = add(program, action, "use", "Take a model to another program", useModel, a);
    use->add_option("--for", a->program, workflow::programNames())->required();
    use->add_option("--out", a->file, "file or folder to make")->required();
    use->add_option("--round", a->round, "whose model: a number, or base; default: the adopted one");
    use->add_option("--format", a->format, workflow::modelFormNames() + "; default: what the program reads best");
    add(program, action, "check", "Check integrity and hashes", checkProject, a);
    add(program, action, "recover", "Read what can be read into a fresh project", recoverProject, a)
        ->add_option_function<std::string>(
            "--out", [a](const std::string& folder) { a->file = withoutSlash(folder); }, "the fresh project, NEW.stet")
        ->required();
    add(program, action, "restore", "Put a backup in the place of the project's database", restoreProject, a)
        ->add_option("COPY", a->file, "of PROJECT/backups")
        ->required();
    add(program, action, "sets", "List the sets of instructions", listSets, a);
    addGenerate(*add(program, action, "generate", "Let the model answer instructions", generateResponses, a), a);
    CLI::App* drafting =
        add(program, action, "draft", "Let a model draft judgments of responses that wait", draftJudgments, a);
    drafting->add_option("--model", a->model, "which drafts; default: the project's, with the adopted round");
    drafting->add_option("--limit", a->limit, "at most so many responses")->check(CLI::Range(1, 1 << 30));
    drafting->add_option("--batch", a->batch, "drafts at once; changes no draft")
        ->capture_default_str()
        ->check(CLI::Range(1, 4096));
    drafting->add_option("--filter", a->filter, "of these those that nobody judged: " + annotate::filterNames())
        ->capture_default_str();
    CLI::App* round = add(program, action, "round", "Train a round", trainRound, a);
    CLI::Option* preset = round->add_option("--preset", a->preset,
                                            presetNames() + "; default: the project's, at first " + kPresets.front());
    round->add_flag("--keep", a->keep, "train no further: finish a stopped round with what its checkpoint holds")
        ->excludes(preset);
    add(program, action, "settings", "Say how rounds are trained, or change it", changeSettings, a)
        ->add_option("FIELD=VALUE", a->fields,
                     "of round.json: epochs=4, optimizer.lr=3e-4; FIELD= is the preset's again");
    CLI::App* baselines = add(program, action, "baselines", "Train the same judgments by other objectives, and compare",
                              trainBaselines, a);
    baselines->add_option("--objectives", a->objectives, "of " + workflow::baselineNames() + "; default: all");
    baselines->add_option("--round", a->round, "where they start: a number, or base; default: the adopted one");
    baselines->add_option("--preset", a->preset, presetNames() + "; default: the project's");
    baselines->add_flag("--anew", a->anew, "delete what was done before");
    baselines->add_flag("--json", a->asJson, "JSON Lines instead of a table");
    add(program, action, "compare", "Compare a round with what it started from", compareRound, a)
        ->add_option("ROUND", a->round, "its number; default: the newest");
    CLI::App* judging = add(program, action, "judge", "Judge one response", judgeResponse, a);
    judging->add_option("ID", a->id, "as stet list shows it")->required();
    judging->add_flag("--accept", a->accept, "nothing is wrong with it");
    judging->add_flag("--skip", a->skip, "leave it unjudged");
    judging->add_option("--criticise", a->text, "the judgment");
    judging->add_option("--revision", a->revision, "the response as it should have been; empty: none any more");
    add(program, action, "mark-quoted", "Mark, in every criticised response, the words that its judgment quotes",
        markQuotedWords, a);
    add(program, action, "list", "List responses as JSON Lines", listResponses, a)
        ->add_option("--filter", a->filter, annotate::filterNames())
        ->capture_default_str();
    add(program, action, "adopt", "Make a round (or base) the project's model", adoptRound, a)
        ->add_option("ROUND", a->round, "its number, or base")
        ->required();
    CLI::App* example = add(program, action, "example", "Make a project from the bundled example", exampleProject, a);
    CLI::Option* real = example->add_flag(
        "--real", a->real, "the example with a real model, SmolLM2-135M-Instruct: 93 MB are fetched once");
    example->add_option("--model", a->model, "that model's GGUF file, where it is there already")->needs(real);
}

// What `variable` names; else what came along with this program.
std::string resourceFolder(const char* variable, const std::string& name)
{
    const char* given = std::getenv(variable);
    return given == nullptr ? resourcePath(name) : given;
}

}  // namespace

std::string exampleFolder()
{
    return resourceFolder("STET_EXAMPLE", "example");
}

std::string realExampleFolder()
{
    return resourceFolder("STET_REAL_EXAMPLE", "real");
}

bool isCommand(int argc, char** argv)
{
    static const std::set<std::string> kCommands = {
        "new",   "import",  "draft",       "baselines",   "export",   "check",     "recover", "restore",
        "round", "compare", "judge",       "list",        "adopt",    "example",   "sets",    "generate",
        "use",   "imports", "undo-import", "mark-quoted", "settings", "--version", "--help",  "-h"};
    return argc > 1 && kCommands.count(argv[1]) > 0;
}

std::optional<FailureReport> whyNoWindow(int argc, char** argv)
{
    const std::string word = argc > 1 ? argv[1] : "";
    const bool opensExample = word == "--example" || word == "--real";
    if (argc > 2 || (!opensExample && word.rfind('-', 0) == 0)) {
        return FailureReport{FailureKind::Usage, "usage: stet [PROJECT|--example|--real], or stet --help"};
    }
    const bool looksLikeProject = word.find('/') != std::string::npos || fs::path(word).extension() == ".stet";
    if (argc == 2 && !opensExample && !looksLikeProject && !fs::exists(word)) {
        return FailureReport{FailureKind::Usage,
                             "There is no sub-command '" + word +
                                 "' and no project of that name; stet --help lists the sub-commands"};
    }
    const auto set = [](const char* name) {
        const char* value = std::getenv(name);
        return value != nullptr && *value != '\0';
    };
    if (!set("QT_QPA_PLATFORM") && !set("DISPLAY") && !set("WAYLAND_DISPLAY")) {
        return FailureReport{FailureKind::BadInput,
                             "There is no display for the window; the sub-commands need none: stet --help lists them"};
    }
    return std::nullopt;
}

int runCommand(int argc, char** argv)
{
    CLI::App program("Judge a model's responses, see which words your judgment condemns, train the model on it.\n"
                     "stet [PROJECT|--example|--real] opens the window.",
                     "stet");
    program.set_version_flag("--version", "stet " + versionText());
    program.require_subcommand(1);
    program.failure_message(commandLineFault);
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
        std::cout.flush();
        if (!std::cout) {
            throw badInput("Standard output could not be written: the disk is full");
        }
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
