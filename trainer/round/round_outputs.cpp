#include "trainer/round/round_outputs.h"

#include "base/failure.h"
#include "base/files.h"
#include "base/sha256.h"
#include "trainer/checkpoint/checkpoint.h"
#include "trainer/round/adapter_check.h"

#include <ctime>
#include <filesystem>

#include <sys/resource.h>

namespace stet::round {

namespace fs = std::filesystem;

namespace {

std::int64_t peakBytes()
{
    rusage usage = {};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::int64_t>(usage.ru_maxrss) * 1024;
}

}  // namespace

void removeOutputs(const std::string& folder)
{
    removeCheckpoints(folder);
    std::error_code ignored;
    for (const char* name : {"adapter", "resolved.json", "log.jsonl", "probe.json", "report.json"}) {
        fs::remove_all(folder + "/" + name, ignored);
    }
}

std::optional<Json> finishedReport(const std::string& folder)
{
    const std::string path = folder + "/report.json";
    if (!fs::exists(path) || !fs::exists(folder + "/adapter")) {
        return std::nullopt;
    }
    return readJsonFile(path);
}

std::int64_t promptTime(const std::string& folder)
{
    const std::string path = folder + "/resolved.json";
    const auto now = static_cast<std::int64_t>(std::time(nullptr));
    return fs::exists(path) ? optionalInteger(readJsonFile(path), "prompt_time", path).value_or(now) : now;
}

void publishResolved(const RoundSetup& setup, const RoundHashes& hashes)
{
    const model::Compute& compute = setup.decoder->compute();
    // With paths that mean the same from anywhere: it may be copied as another round's round.json.
    files::RoundSettings settings = setup.settings;
    const auto whole = [](const std::string& path) { return fs::absolute(path).lexically_normal().string(); };
    settings.model = whole(settings.model);
    if (!settings.parentAdapter.empty()) {
        settings.parentAdapter = whole(settings.parentAdapter);
    }
    if (settings.parentUse == files::ParentUse::Continue) {
        const files::AdapterConfig& parents = setup.adapters.trained.config;
        settings.loraRank = parents.rank;
        settings.loraAlpha = parents.alpha;
        settings.loraRankStabilised = parents.rsLora;
        settings.loraTargets = parents.targets;
    }
    Json json = files::toJson(settings);
    json["optimizer"]["lr"] = setup.schedule.learningRate;
    json["schedule"]["warmup_steps"] = setup.schedule.warmupSteps;
    json["epochs"] = setup.epochs;
    json["steps"] = setup.schedule.steps;
    json["micro_batch_tokens"] = setup.microBatchTokens;
    json["prompt_style"] = setup.promptStyle;
    json["prompt_time"] = setup.promptTime;
    json["device"] = compute.device.str();
    json["device_reason"] = compute.reason;
    json["dtype"] = compute.dtype == c10::kFloat ? "float32" : "bfloat16";
    json["threads"] = compute.threads;
    json["model_sha256"] = hashes.model;
    json["examples_sha256"] = hashes.examples;
    json["versions"] = {{"stet", STET_VERSION}, {"libtorch", "2.11.0"}, {"tokenizers", "0.22.2"}};
    publishFile(setup.folder + "/resolved.json", json.dump(2) + "\n");
}

Json publishAdapter(RoundSetup& setup, const RoundReporter& reporter)
{
    reporter.phase(Phase::Saving);
    setup.adapters.trained.requireGrad(false);
    const auto terms = setup.adapters.terms();
    const Json probe = makeProbe(*setup.decoder, {terms, nullptr}, setup.set.examples);
    const model::Adapter joined = setup.adapters.joined();
    // The adapter stands under another name until it has proved itself.
    const std::string trial = setup.folder + "/adapter.stet-tmp-trial";
    std::error_code ignored;
    fs::remove_all(trial, ignored);
    publishFolder(trial, [&](const std::string& path) { joined.save(path); });
    reporter.phase(Phase::Evaluating);
    const Json health = checkAdapter(trial, probe, {*setup.decoder, terms, setup.set.examples});
    publishFile(setup.folder + "/probe.json", probe.dump() + "\n");
    if (!health.at("passed").get<bool>()) {
        fs::remove_all(trial, ignored);
        throw badInput("The trained adapter did not pass the health gate: " + health.at("problem").get<std::string>() +
                       "; nothing was published");
    }
    // Left by a process that was killed between this rename and the report.
    fs::remove_all(setup.folder + "/adapter", ignored);
    fs::rename(trial, setup.folder + "/adapter");
    syncFolder(setup.folder);
    return health;
}

Json publishReport(const RoundSetup& setup, const TrainingEnd& end, const Json& health, const RoundReporter& reporter)
{
    contract::RoundReport done;
    done.outcome = end.stop == Stop::Keep ? Outcome::Kept : Outcome::Finished;
    done.steps = setup.schedule.steps;
    done.stepsDone = end.step;
    done.epochs = setup.epochs;
    done.totals = totalsOf(setup.set);
    done.falseAlarmRate = setup.falseAlarmRate;
    if (setup.falseAlarmRate) {
        done.lambda = setup.settings.lambda;
    }
    done.nothingFlagged = setup.emptyFlags;
    done.lastStep = lossesOf(end.lastStep);
    done.seconds = end.sinceBegin.seconds();
    done.memoryPeak.residentBytes = peakBytes();
    done.health = health;
    done.adapterSha256 = sha256OfFile(setup.folder + "/adapter/adapter_model.safetensors");
    done.warnings = reporter.warnings();
    const Json report = toJson(done);
    publishFile(setup.folder + "/report.json", report.dump(2) + "\n");
    return report;
}

}  // namespace stet::round
