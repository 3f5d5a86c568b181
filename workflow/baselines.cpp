#include "workflow/baselines.h"

#include "base/failure.h"
#include "base/files.h"
#include "base/json.h"
#include "base/presets.h"
#include "base/sha256.h"
#include "contract/example.h"
#include "workflow/comparison.h"
#include "workflow/round_evidence.h"
#include "workflow/round_run.h"

#include <algorithm>
#include <filesystem>
#include <string_view>

namespace stet::workflow {

namespace fs = std::filesystem;

using annotate::Project;

namespace {

const std::string kCut = "cut";

std::string folderOf(const Project& project)
{
    return project.folder() + "/baselines";
}

void requireDone(const std::error_code& error, const std::string& path)
{
    if (error) {
        throw badInput("Cannot write " + path + ": " + describeErrno(error.value()));
    }
}

void makeFolder(const std::string& path)
{
    std::error_code error;
    fs::create_directories(path, error);
    requireDone(error, path);
}

std::string runPath(const Project& project)
{
    return folderOf(project) + "/run.json";
}

std::string examplesPath(const Project& project)
{
    return folderOf(project) + "/examples.jsonl";
}

// What responses have for objectives to learn from, and a hash that tells whether they are still the same.
struct Material {
    int criticised = 0;
    int criticisedInWords = 0;
    int revised = 0;
    int preferred = 0;  // criticised, with a better answer
    int imitable = 0;   // accepted, revised or written anew
    std::string hash;

    void add(std::string_view line)
    {
        hash = toHex(sha256(hash + std::string(line)));
        const auto example = contract::parseExample(Json::parse(line), "a judged response", false);
        const bool isCriticised = example.judgment.has_value();
        const bool isBettered = example.revision || example.demonstration;
        criticised += isCriticised ? 1 : 0;
        criticisedInWords += isCriticised && !example.judgment->empty() ? 1 : 0;
        revised += example.revision ? 1 : 0;
        preferred += isCriticised && isBettered ? 1 : 0;
        imitable += !isCriticised || isBettered ? 1 : 0;
    }
};

Material materialNow(const Project& project)
{
    Material found;
    project.judgedExamples([&](std::string_view line) { found.add(line); });
    return found;
}

// Empty: it can be trained. As the worker's own rules, which would refuse it later.
std::string whyImpossible(const std::string& objective, const Material& material)
{
    if (objective == "ilf" && material.revised == 0) {
        return "No response has a revision, which it imitates; import some (the field revision).";
    }
    if (objective == "dpo" && material.preferred == 0) {
        return "No criticised response has a revision or a demonstration to prefer; import some (the fields revision "
               "and "
               "demonstration).";
    }
    if (objective == "sft" && material.imitable == 0) {
        return "No response is accepted, revised or written anew, and it imitates those; accept some.";
    }
    if (objective == "forward-prediction" && material.criticisedInWords == 0) {
        return "No judgment has words, which it learns to say; write some.";
    }
    return {};
}

// The reasons by objective.
Json impossible(const Material& material)
{
    Json reasons = Json::object();
    for (const auto& objective : baselineObjectives()) {
        if (const std::string reason = whyImpossible(objective, material); !reason.empty()) {
            reasons[objective] = reason;
        }
    }
    return reasons;
}

Json readRun(const Project& project)
{
    return readJsonFile(runPath(project));
}

void writeRun(const Project& project, const Json& run)
{
    publishFile(runPath(project), run.dump(2) + "\n");
}

std::vector<std::string> namesIn(const Json& list)
{
    std::vector<std::string> names;
    for (const auto& objective : baselineObjectives()) {
        if (std::find(list.begin(), list.end(), objective) != list.end()) {
            names.push_back(objective);
        }
    }
    return names;
}

bool isTrained(const std::string& folder)
{
    return fs::exists(folder + "/report.json") && fs::exists(folder + "/adapter");
}

bool isCompared(const std::string& folder)
{
    return fs::exists(folder + "/compare.jsonl");
}

void refuseAnother(const Project& project, const Json& run, const BaselineWish& wish)
{
    const int start = run.at("start");
    const std::string preset = run.at("preset");
    if (wish.start.value_or(start) != start || (!wish.preset.empty() && wish.preset != preset)) {
        throw Failure(FailureKind::Usage,
                      "The baselines of " + project.folder() + " start from " +
                          (start == 0 ? std::string("the base model") : "round " + std::to_string(start)) +
                          " with the preset " + preset + "; ask for the same, or for all of them anew (--anew)");
    }
}

// ftpo is an objective of its own, and the table is about others beside cut.
std::string presetOfBaselines(const Project& project)
{
    const std::string preset = project.setting("preset", kPresets.front());
    return preset == "ftpo" ? kPresets.front() : preset;
}

Json newRun(Project& project, const BaselineWish& wish)
{
    const std::string preset = wish.preset.empty() ? presetOfBaselines(project) : wish.preset;
    const int start = wish.start.value_or(project.currentRound());
    requirePreset(preset);
    requireSomethingToTrain(project);
    if (start != 0 && project.round(start).state != annotate::RoundState::Finished) {
        throw badInput("Round " + std::to_string(start) + " is not finished, so nothing can start from it");
    }
    std::error_code error;
    fs::remove_all(folderOf(project), error);
    requireDone(error, folderOf(project));
    makeFolder(folderOf(project));
    Material material;
    publishFile(examplesPath(project), [&](const Append& append) {
        project.judgedExamples([&](std::string_view line) {
            material.add(line);
            append(line);
        });
    });
    project.writeCompareInput(folderOf(project) + "/compare-in.jsonl");
    return {{"start", start},
            {"preset", preset},
            {"objectives", Json::array()},
            {"failed", Json::object()},
            {"impossible", impossible(material)},
            {"examples", material.hash},
            // Of one time, whatever the project's become before the last one is trained.
            {"settings",
             {{"cut", project.settingsOfObjective(preset, start, kCut)},
              {"others", project.settingsOfObjective(preset, start, "sft")}}},
            {"prompt_style", project.promptStyle(preset)},
            {"max_new_tokens", project.maxNewTokens()},
            {"detection", contract::toJson(project.detection(preset))}};
}

// cut as the project's rounds are; the others beside it, with as many steps as cut took.
void writeObjective(const Project& project, const Json& run, const std::string& objective)
{
    const std::string folder = folderOf(project) + "/" + objective;
    makeFolder(folder);
    Json settings = run.at("settings").at(objective == kCut ? "cut" : "others");
    if (objective != kCut) {
        settings["objective"] = objective;
        settings["max_steps"] = readJsonFile(folderOf(project) + "/" + kCut + "/report.json").at("steps");
    }
    std::error_code error;
    fs::copy_file(examplesPath(project), folder + "/examples.jsonl", fs::copy_options::overwrite_existing, error);
    requireDone(error, folder + "/examples.jsonl");
    publishFile(folder + "/round.json", settings.dump(2) + "\n");
}

ComparisonRequest comparisonOf(const Project& project, const Json& run, const std::string& folder)
{
    ComparisonRequest request;
    request.model = project.setting("model");
    request.promptStyle = run.at("prompt_style");
    request.before = run.at("start") == 0 ? "base" : project.adapterFolder(run.at("start"));
    request.after = folder + "/adapter";
    request.in = folderOf(project) + "/compare-in.jsonl";
    request.out = folder + "/compare.jsonl";
    request.detection = contract::fromJson<contract::Detection>(run.at("detection"), runPath(project));
    request.maxNewTokens = run.at("max_new_tokens");
    return request;
}

void readOutcome(const std::string& folder, Baseline& row)
{
    const Json report = readJsonFile(folder + "/report.json");
    row.steps = report.value("steps_done", 0);
    row.seconds = report.value("seconds", 0.0);
    const RoundEvidence evidence = evidenceIn(folder);
    row.summary = evidence.summary.value_or(contract::CompareSummary());
    if (!evidence.answers.empty()) {
        const auto changed = std::count_if(evidence.answers.begin(), evidence.answers.end(),
                                           [](const auto& line) { return line.before.output != line.after.output; });
        row.changed = static_cast<double>(changed) / static_cast<double>(evidence.answers.size());
    }
}

}  // namespace

const std::vector<std::string>& baselineObjectives()
{
    static const std::vector<std::string> kObjectives = {
        kCut, "sft", "dpo", "hindsight", "forward-prediction", "ilf", "self-distillation", "unlikelihood"};
    return kObjectives;
}

std::string baselineNames()
{
    std::string names;
    for (const auto& objective : baselineObjectives()) {
        names += (names.empty() ? "" : ", ") + objective;
    }
    return names;
}

std::vector<std::string> baselinesNamed(const std::string& list)
{
    if (list.empty()) {
        return baselineObjectives();
    }
    std::vector<std::string> named;
    for (std::size_t begin = 0; begin <= list.size();) {
        const std::size_t end = std::min(list.find(',', begin), list.size());
        named.push_back(list.substr(begin, end - begin));
        begin = end + 1;
        const auto& known = baselineObjectives();
        if (std::find(known.begin(), known.end(), named.back()) == known.end()) {
            throw Failure(FailureKind::Usage, "There is no baseline '" + named.back() + "'; known: " + baselineNames());
        }
    }
    return named;
}

void prepareBaselines(Project& project, const BaselineWish& wish)
{
    Json run;
    if (fs::exists(runPath(project)) && !wish.anew) {
        run = readRun(project);
        refuseAnother(project, run, wish);
    } else {
        run = newRun(project, wish);
    }
    Json objectives = run.at("objectives");
    objectives.push_back(kCut);
    for (const auto& objective : wish.objectives) {
        objectives.push_back(objective);
    }
    run["objectives"] = namesIn(objectives);
    run["failed"] = Json::object();
    writeRun(project, run);
}

std::optional<BaselineJob> nextBaselineJob(const Project& project)
{
    if (!fs::exists(runPath(project))) {
        return std::nullopt;
    }
    const Json run = readRun(project);
    auto names = namesIn(run.at("objectives"));
    names.erase(std::remove_if(names.begin(), names.end(),
                               [&](const auto& name) { return run.at("impossible").contains(name); }),
                names.end());
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::string folder = folderOf(project) + "/" + names[i];
        if (run.at("failed").contains(names[i]) || (isTrained(folder) && isCompared(folder))) {
            continue;
        }
        if (names[i] != kCut && run.at("failed").contains(kCut)) {
            return std::nullopt;  // how many steps it takes is not known
        }
        BaselineJob job;
        job.objective = names[i];
        job.compares = isTrained(folder);
        job.number = static_cast<int>(i) + 1;
        job.count = static_cast<int>(names.size());
        job.folder = folder;
        if (job.compares) {
            job.arguments = compareArguments(comparisonOf(project, run, folder));
        } else {
            writeObjective(project, run, names[i]);
            job.arguments = {"round", folder};
        }
        return job;
    }
    return std::nullopt;
}

void failBaseline(const Project& project, const BaselineJob& job, const std::string& reason)
{
    Json run = readRun(project);
    run["failed"][job.objective] = reason;
    writeRun(project, run);
}

BaselineTable readBaselines(const Project& project)
{
    BaselineTable table;
    table.prepared = fs::exists(runPath(project));
    const Material now = materialNow(project);
    Json run = {{"objectives", Json::array()}, {"failed", Json::object()}, {"impossible", impossible(now)}};
    if (table.prepared) {
        run = readRun(project);
        table.start = run.at("start");
        table.preset = run.at("preset");
        table.outdated = run.at("examples") != now.hash;
    }
    const auto wanted = namesIn(run.at("objectives"));
    for (const auto& objective : baselineObjectives()) {
        const std::string folder = folderOf(project) + "/" + objective;
        Baseline row;
        row.objective = objective;
        row.wanted = std::find(wanted.begin(), wanted.end(), objective) != wanted.end();
        if (isTrained(folder) && isCompared(folder)) {
            row.state = Baseline::State::Done;
            readOutcome(folder, row);
        } else if (run.at("impossible").contains(objective)) {
            row.state = Baseline::State::Impossible;
            row.reason = run.at("impossible").at(objective);
        } else if (run.at("failed").contains(objective)) {
            row.state = Baseline::State::Failed;
            row.reason = run.at("failed").at(objective);
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

}  // namespace stet::workflow
