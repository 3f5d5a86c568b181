#include "workflow/comparison.h"

#include "base/failure.h"
#include "base/json_lines.h"
#include "contract/compare.h"
#include "workflow/round_watch.h"

#include <filesystem>
#include <map>

namespace stet::workflow {

using annotate::Project;
using annotate::RoundRecord;
using annotate::RoundState;

namespace {

// Held-out instructions with their input, by the id they have in the worker's file.
std::map<std::string, std::string> heldOutInstructions(const Project& project)
{
    std::map<std::string, std::string> instructions;
    for (const auto& one : project.instructions("heldout")) {
        instructions[Json::parse(one.externalId).dump()] =
            one.input.empty() ? one.instruction : one.instruction + "\n" + one.input;
    }
    return instructions;
}

// The tokens that are followed are those the round detects.
void addDetection(std::vector<std::string>& arguments, const contract::Detection& detection)
{
    static const std::map<std::string, std::string> kOptions = {
        {"preset", "--preset"},         {"contrast", "--contrast"}, {"lambda", "--lambda"}, {"truncate", "--truncate"},
        {"max_length", "--max-length"}, {"marks_use", "--marks"},   {"push", "--push"}};
    const Json fields = toJson(detection);  // outlives the loop over its items
    for (const auto& [field, value] : fields.items()) {
        arguments.push_back(kOptions.at(field));
        arguments.push_back(value.is_string() ? value.get<std::string>() : value.dump());
    }
}

}  // namespace

ComparisonRequest planComparison(Project& project, int round, bool again)
{
    const RoundRecord record = project.round(round);
    if (record.state != RoundState::Finished) {
        throw badInput("Round " + std::to_string(round) +
                       " is not finished, so there is nothing to compare; give a finished one, or run: stet round " +
                       project.folder());
    }
    const std::string folder = project.roundFolder(round);
    ComparisonRequest request;
    request.round = round;
    request.model = project.setting("model");
    request.promptStyle = project.promptStyle(record.preset);
    request.before = record.parent == 0 ? "base" : project.adapterFolder(record.parent);
    request.after = project.adapterFolder(round);
    request.in = folder + "/compare-in.jsonl";
    request.out = folder + "/compare.jsonl";
    request.detection = project.detection(record.preset);
    request.maxNewTokens = project.maxNewTokens();
    request.done = !again && !record.summaryJson.empty() && std::filesystem::exists(request.out);
    if (!request.done) {
        project.writeCompareInput(request.in);
    }
    return request;
}

std::vector<std::string> compareArguments(const ComparisonRequest& request)
{
    std::vector<std::string> arguments = {"compare",
                                          "--model",
                                          request.model,
                                          "--before",
                                          request.before,
                                          "--after",
                                          request.after,
                                          "--in",
                                          request.in,
                                          "--out",
                                          request.out,
                                          "--prompt-style",
                                          request.promptStyle,
                                          "--max-new-tokens",
                                          std::to_string(request.maxNewTokens)};
    addDetection(arguments, request.detection);
    return arguments;
}

Comparison readComparison(const Project& project, int round)
{
    Comparison comparison;
    comparison.round = round;
    comparison.watchOpening = project.setting("watch_opening");
    comparison.choices = project.choices(round);
    const auto instructions = heldOutInstructions(project);
    JsonLinesReader reader(project.roundFolder(round) + "/compare.jsonl");
    for (auto line = reader.next(); line; line = reader.next()) {
        if (line->contains("summary")) {
            comparison.summary = line->at("summary");
            continue;
        }
        const auto compared = contract::fromJson<contract::ComparedLine>(*line, reader.where());
        if (compared.before.output && compared.after.output) {
            const std::string id = compared.id.dump();
            const auto known = instructions.find(id);
            comparison.items.push_back({id, known == instructions.end() ? std::string() : known->second,
                                        *compared.before.output, *compared.after.output});
        }
    }
    return comparison;
}

std::vector<annotate::RoundAlert> recordComparison(Project& project, const Comparison& comparison)
{
    if (project.readOnly() || comparison.summary.is_null()) {
        return {};
    }
    RoundRecord record = project.round(comparison.round);
    record.summaryJson = toLine(comparison.summary);
    project.updateRound(record);
    return watchRound(project, comparison.round);
}

}  // namespace stet::workflow
