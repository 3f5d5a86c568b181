#include "workflow/round_evidence.h"

#include "base/failure.h"
#include "base/files.h"
#include "base/json.h"
#include "base/json_lines.h"

#include <algorithm>
#include <filesystem>
#include <functional>

namespace stet::workflow {

namespace fs = std::filesystem;

namespace {

// What can't be read tells nothing: the round has been recorded, and is not to fail for it now.
void readIfThere(const std::string& path, const std::function<void(const std::string&)>& read)
{
    if (!fs::exists(path)) {
        return;
    }
    try {
        read(path);
    } catch (const Failure&) {
    } catch (const Json::exception&) {
    }
}

int newestCheckpoint(const std::string& folder)
{
    const std::string prefix = "checkpoint-";
    int newest = 0;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        const std::string name = entry.path().filename().string();
        if (name.rfind(prefix, 0) == 0 && fs::exists(entry.path() / "manifest.json")) {
            newest = std::max(newest, std::atoi(name.c_str() + prefix.size()));
        }
    }
    return newest;
}

}  // namespace

std::vector<contract::Step> loggedSteps(const std::string& roundFolder)
{
    std::vector<contract::Step> steps;
    readIfThere(roundFolder + "/log.jsonl", [&](const std::string& path) {
        JsonLinesReader reader(path);
        for (auto line = reader.next(); line; line = reader.next()) {
            steps.push_back(contract::fromJson<contract::Step>(*line, reader.where()));
        }
    });
    return steps;
}

RoundEvidence evidenceIn(const std::string& roundFolder)
{
    RoundEvidence evidence;
    evidence.steps = loggedSteps(roundFolder);
    evidence.newestCheckpoint = newestCheckpoint(roundFolder);
    readIfThere(roundFolder + "/round.json", [&](const std::string& path) {
        const std::string objective = readJsonFile(path).value("objective", "cut");
        evidence.detects = objective == "cut" || objective == "ftpo";
    });
    readIfThere(roundFolder + "/report.json", [&](const std::string& path) {
        const Json report = readJsonFile(path);
        evidence.epochs = std::max<std::int64_t>(1, report.value("epochs", std::int64_t{1}));
        evidence.finishedAt = report.value("steps_done", 0);
    });
    readIfThere(roundFolder + "/plan.json", [&](const std::string& path) {
        evidence.plannedFlaggedShare = optionalNumber(readJsonFile(path), "flagged_share", path);
    });
    readIfThere(roundFolder + "/compare.jsonl", [&](const std::string& path) {
        JsonLinesReader reader(path);
        for (auto line = reader.next(); line; line = reader.next()) {
            if (line->contains("summary")) {
                evidence.summary = contract::fromJson<contract::CompareSummary>(line->at("summary"), reader.where());
                continue;
            }
            auto compared = contract::fromJson<contract::ComparedLine>(*line, reader.where());
            if (compared.before.output && compared.after.output) {
                evidence.answers.push_back(std::move(compared));
            }
        }
    });
    return evidence;
}

void writePlannedShare(const std::string& roundFolder, double flaggedShare)
{
    publishFile(roundFolder + "/plan.json", Json{{"flagged_share", flaggedShare}}.dump() + "\n");
}

}  // namespace stet::workflow
