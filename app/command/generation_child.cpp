#include "app/command/generation_child.h"

#include "app/command/trainer_process.h"
#include "base/failure.h"
#include "base/files.h"
#include "base/json.h"
#include "base/private_folder.h"

#include <csignal>

namespace stet::app {

namespace {

std::vector<std::string> workerArguments(const ChildGeneration& generation, const std::string& in)
{
    const auto& sampling = generation.sampling;
    const auto number = [](double value) { return Json(value).dump(); };
    std::vector<std::string> arguments = {"generate",
                                          "--model",
                                          generation.model,
                                          "--in",
                                          in,
                                          "--out",
                                          "-",
                                          "--as-done",
                                          "--prompt-style",
                                          generation.promptStyle,
                                          "--max-new-tokens",
                                          std::to_string(sampling.maxNewTokens),
                                          "--temperature",
                                          number(sampling.temperature),
                                          "--top-p",
                                          number(sampling.topP),
                                          "--batch",
                                          std::to_string(sampling.batch),
                                          "--seed",
                                          std::to_string(sampling.seed)};
    if (!generation.adapter.empty()) {
        arguments.insert(arguments.end(), {"--adapter", generation.adapter});
    }
    return arguments;
}

void requireDone(const TrainerEnd& end, const std::function<std::string()>& soFar)
{
    if (end.signal != 0) {
        throw Failure(FailureKind::Interrupted,
                      "The worker was killed by signal " + std::to_string(end.signal) +
                          (end.signal == SIGKILL ? ", possibly because memory ran out" : "") + "; " + soFar() +
                          ", run the same command to go on");
    }
    if (end.code == static_cast<int>(FailureKind::Interrupted)) {
        throw Failure(FailureKind::Interrupted, soFar() + "; run the same command to go on");
    }
    if (end.code != 0) {
        throw Failure(workerFailure(end.code), soFar() + "; see above for what went wrong with the next");
    }
}

}  // namespace

void generateInChild(const ChildGeneration& generation,
                     const std::function<void(const contract::GeneratedLine& line)>& onLine,
                     const std::function<std::string()>& soFar)
{
    const PrivateFolder folder;
    const std::string in = folder.path() + "/instructions.jsonl";
    publishFile(in, [&](const Append& append) {
        for (const auto& one : generation.examples) {
            append(toLine(contract::toJson(one)) + "\n");
        }
    });
    const TrainerEnd end = runTrainer(workerArguments(generation, in), [&](const std::string& line) {
        onLine(contract::fromJson<contract::GeneratedLine>(parseJson(line, "the worker's response"), "generate"));
    });
    requireDone(end, soFar);
}

}  // namespace stet::app
