#include "app/command/command.h"

#include "annotate/exchange/example_project.h"
#include "annotate/exchange/export.h"
#include "annotate/exchange/import.h"
#include "app/command/trainer_process.h"
#include "base/failure.h"
#include "base/files.h"
#include "base/json_lines.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <functional>
#include <iostream>
#include <set>

namespace stet::app {

namespace fs = std::filesystem;
using namespace annotate;

namespace {

using Action = std::function<void()>;

struct Arguments {
    std::string project;
    std::string file;
    std::string format = "auto";
    std::string filter = "all";
    std::string model;
    std::string preset = "stable";
    std::string id;
    std::string text;
    std::string round;
    bool accept = false;
    bool skip = false;
};

std::unique_ptr<Project> openForWriting(const std::string& folder)
{
    auto project = Project::open(folder);
    if (project->readOnly()) {
        throw badInput(folder + " can't be changed now: " + project->readOnlyReason());
    }
    return project;
}

QueueFilter filterOf(const std::string& name)
{
    const auto filter = filterFromName(name);
    if (!filter) {
        throw Failure(FailureKind::Usage,
                      "filter '" + name +
                          "' is unknown; known: all, open, draft, accepted, criticised, skipped, flagged, trash");
    }
    return *filter;
}

void importInto(const Arguments& a)
{
    const auto project = openForWriting(a.project);
    const auto result = importFile(*project, a.file, a.format);
    std::cout << result.responses << " responses imported: " << result.accepted << " accepted, " << result.criticised
              << " criticised, " << result.open << " to do\n";
    for (const auto& finding : result.findings) {
        std::cout << "row " << finding.row << " (id " << finding.id << "): " << finding.problem << " "
                  << finding.suggestion << '\n';
    }
    std::cout << result.findings.size() << " findings\n";
}

void exportFrom(const Arguments& a)
{
    const auto project = Project::open(a.project);
    std::cout << exportFile(*project, a.file, a.format, filterOf(a.filter)) << " responses exported to " << a.file
              << '\n';
}

void check(const Arguments& a)
{
    const auto problems = Project::open(a.project)->check();
    for (const auto& problem : problems) {
        std::cout << problem << '\n';
    }
    if (!problems.empty()) {
        throw badInput(std::to_string(problems.size()) + " problems in " + a.project + "; run: stet recover " +
                       a.project + " --out NEW.stet");
    }
    std::cout << a.project << " is whole\n";
}

// Reads what can be read and writes a fresh project; the damaged one is left as it is.
void recover(const Arguments& a)
{
    const auto damaged = Project::open(a.project);
    const auto fresh = Project::create(a.file, damaged->setting("model"));
    const std::string lines = a.file + "/recovered.jsonl";
    const int count = exportFile(*damaged, lines, "jsonl", QueueFilter::All);
    for (const char* key : {"prompt_style", "lambda", "contrast", "preset", "round", "guidelines", "title"}) {
        const auto value = damaged->setting(key);
        if (!value.empty()) {
            fresh->setSetting(key, value);
        }
    }
    if (count > 0) {
        importFile(*fresh, lines, "jsonl");
    }
    for (const char* set : {"heldout", "control"}) {
        fresh->addInstructions(set, damaged->instructions(set));
    }
    fs::remove(lines);
    std::cout << count << " responses recovered into " << a.file << '\n';
}

int roundNumber(const std::string& text)
{
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < 1) {
        throw Failure(FailureKind::Usage, "'" + text + "' is no round; give its number, e.g. 1");
    }
    return number;
}

RoundRecord recordOf(const Project& project, int number)
{
    for (const auto& round : project.rounds()) {
        if (round.number == number) {
            return round;
        }
    }
    throw badInput("The project has no round " + std::to_string(number));
}

// The newest round that was not finished is taken up again, else a new one is made.
int roundToRun(Project& project, const std::string& preset)
{
    const auto rounds = project.rounds();
    if (!rounds.empty() && (rounds.back().state == RoundState::Paused || rounds.back().state == RoundState::Running)) {
        return rounds.back().number;
    }
    // Before a round is made: one that can't be trained would stay behind as a failed one.
    static const std::set<std::string> kPresets = {"stable", "cut-code", "cut-paper"};
    if (kPresets.count(preset) == 0) {
        throw Failure(FailureKind::Usage, "preset '" + preset + "' is unknown; known: stable, cut-code, cut-paper");
    }
    if (project.counts().criticised == 0) {
        throw badInput("No response of " + project.folder() +
                       " is criticised yet, and a round learns from criticism; judge some first (stet judge, or in the "
                       "window)");
    }
    const int number = project.addRound(project.currentRound(), preset);
    project.writeRoundInput(number);
    return number;
}

void round(const Arguments& a)
{
    const auto project = openForWriting(a.project);
    const int number = roundToRun(*project, a.preset);
    const std::string folder = project->roundFolder(number);
    RoundRecord record = recordOf(*project, number);
    record.state = RoundState::Running;
    project->updateRound(record);
    const int code = runTrainer({"round", folder}, true);
    if (code == static_cast<int>(FailureKind::Interrupted)) {
        record.state = RoundState::Paused;
        project->updateRound(record);
        throw Failure(FailureKind::Interrupted,
                      "Round " + std::to_string(number) + " has its checkpoint; run the same command to go on");
    }
    if (code != 0) {
        record.state = RoundState::Failed;
        record.failure = "the worker ended with code " + std::to_string(code);
        project->updateRound(record);
        throw Failure(static_cast<FailureKind>(std::clamp(code, 1, 6)),
                      "Round " + std::to_string(number) + " failed; see above");
    }
    const Json report = readJsonFile(folder + "/report.json");
    record.state = RoundState::Finished;
    record.steps = report.at("steps").get<int>();
    record.stepsDone = report.at("steps_done").get<int>();
    record.criticised = report.at("totals").at("criticised").get<int>();
    record.accepted = report.at("totals").at("accepted").get<int>();
    project->updateRound(record);
    std::cout << "Round " << number << " is trained: " << record.stepsDone << " steps on " << record.criticised
              << " criticised and " << record.accepted
              << " accepted responses. Adapter: " << project->adapterFolder(number) << '\n';
}

void compare(const Arguments& a)
{
    const auto project = openForWriting(a.project);
    const int number = a.round.empty() ? static_cast<int>(project->rounds().size()) : roundNumber(a.round);
    RoundRecord record = recordOf(*project, number);
    const std::string folder = project->roundFolder(number);
    const std::string in = folder + "/compare-in.jsonl";
    const std::string out = folder + "/compare.jsonl";
    project->writeCompareInput(in);
    const std::string before = record.parent == 0 ? "base" : project->adapterFolder(record.parent);
    const int code = runTrainer({"compare", "--model", project->setting("model"), "--before", before, "--after",
                                 project->adapterFolder(number), "--in", in, "--out", out, "--prompt-style",
                                 project->setting("prompt_style", "auto"), "--lambda",
                                 project->setting("lambda", "1.1"), "--max-new-tokens", "128"},
                                true);
    if (code != 0) {
        throw Failure(static_cast<FailureKind>(std::clamp(code, 1, 6)), "The comparison failed; see above");
    }
    JsonLinesReader reader(out);
    for (auto line = reader.next(); line; line = reader.next()) {
        if (line->contains("summary")) {
            record.summaryJson = toLine(line->at("summary"));
            std::cout << record.summaryJson << '\n';
        }
    }
    project->updateRound(record);
}

void judge(const Arguments& a)
{
    const auto project = openForWriting(a.project);
    const auto byText = project->findExternal(Json(a.id).dump());
    const auto id = byText ? byText : project->findExternal(a.id);
    if (!id) {
        throw badInput("There is no response with the id " + a.id + " in " + a.project);
    }
    const Verdict verdict = a.accept ? Verdict::Accepted : a.skip ? Verdict::Skipped : Verdict::Criticised;
    if (verdict == Verdict::Criticised && a.text.empty()) {
        throw Failure(FailureKind::Usage, "say what is wrong: --criticise TEXT, or --accept, or --skip");
    }
    project->submit(*id, verdict, a.text);
    std::cout << a.id << ": " << verdictName(verdict) << '\n';
}

void list(const Arguments& a)
{
    const auto project = Project::open(a.project);
    for (const auto id : project->ids(filterOf(a.filter))) {
        const auto item = *project->item(id);
        Json line = {{"id", Json::parse(item.externalId)},
                     {"verdict", verdictName(item.verdict)},
                     {"instruction", item.instruction},
                     {"output", item.output}};
        if (item.verdict == Verdict::Criticised) {
            line["judgment"] = item.judgment;
        }
        if (!item.hint.empty()) {
            line["hint"] = item.hint;
        }
        std::cout << toLine(line) << '\n';
    }
}

void adopt(const Arguments& a)
{
    const auto project = openForWriting(a.project);
    const int number = a.round == "base" ? 0 : roundNumber(a.round);
    if (number != 0 && recordOf(*project, number).state != RoundState::Finished) {
        throw badInput("Round " + a.round + " is not finished");
    }
    project->adopt(number);
    std::cout << "The project's model is now " << (number == 0 ? "the base model" : "round " + a.round) << '\n';
}

void create(const Arguments& a)
{
    if (!fs::exists(a.model + "/config.json")) {
        throw badInput(a.model + " is not a model folder: it has no config.json");
    }
    Project::create(a.project, a.model);
    std::cout << a.project << " is made\n";
}

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
    add(program, action, "new", "Make a project", create, a)
        ->add_option("--model", a->model, "model folder")
        ->required();
    CLI::App* import = add(program, action, "import", "Import a data file", importInto, a);
    import->add_option("FILE", a->file)->required();
    import->add_option("--format", a->format, "auto, cut, jsonl");
    CLI::App* exporting = add(program, action, "export", "Export responses", exportFrom, a);
    exporting->add_option("--format", a->format, "cut, jsonl")->required();
    exporting->add_option("--out", a->file)->required();
    exporting->add_option("--filter", a->filter);
    add(program, action, "check", "Check integrity and hashes", check, a);
    add(program, action, "recover", "Read what can be read into a fresh project", recover, a)
        ->add_option("--out", a->file)
        ->required();
    add(program, action, "round", "Train a round", round, a)
        ->add_option("--preset", a->preset, "stable, cut-code, cut-paper");
    add(program, action, "compare", "Compare a round with what it started from", compare, a)
        ->add_option("ROUND", a->round);
    CLI::App* judging = add(program, action, "judge", "Judge one response", judge, a);
    judging->add_option("ID", a->id)->required();
    judging->add_flag("--accept", a->accept);
    judging->add_flag("--skip", a->skip);
    judging->add_option("--criticise", a->text, "the judgment");
    add(program, action, "list", "List responses as JSON Lines", list, a)->add_option("--filter", a->filter);
    add(program, action, "adopt", "Make a round (or base) the project's model", adopt, a)
        ->add_option("ROUND", a->round)
        ->required();
    add(
        program, action, "example", "Make a project from the bundled example",
        [](const Arguments& args) {
            createExampleProject(exampleFolder(), args.project);
            std::cout << args.project << " is made\n";
        },
        a);
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
