// sets, generate: instructions, and the responses of a model of the project to them. The worker is run as a child; each
// response is the project's as soon as it is written.
#include "app/command/commands.h"

#include "annotate/exchange/import.h"
#include "app/command/project_access.h"
#include "app/command/trainer_process.h"
#include "base/failure.h"
#include "base/files.h"
#include "base/json.h"
#include "base/private_folder.h"
#include "contract/message.h"
#include "workflow/generation.h"

#include <csignal>
#include <filesystem>
#include <iostream>

namespace stet::app {

using namespace annotate;

namespace {

// The file's instructions as a set of its name.
std::string takeIn(Project& project, const std::string& file)
{
    ImportHooks hooks;
    hooks.set = std::filesystem::path(file).stem().string();
    if (hooks.set == kHeldOutSet || hooks.set == kControlSet) {
        throw Failure(FailureKind::Usage,
                      "Rounds are compared on the set '" + hooks.set + "'; give " + file + " another name");
    }
    const auto result = importFile(project, file, "auto", hooks);
    std::cerr << result.instructions << " instructions of " << file << " taken in as the set '" << hooks.set << "'";
    if (result.known > 0) {
        std::cerr << ", " << result.known << " were there or are held out";
    }
    std::cerr << '\n';
    return hooks.set;
}

workflow::GenerationWish wishOf(const Project& project, const Arguments& a)
{
    workflow::GenerationWish wish;
    wish.set = a.set;
    if (!a.round.empty()) {
        wish.round = a.round == "base" ? 0 : roundNumber(a.round);
    }
    wish.sampling = workflow::projectSampling(project);
    if (a.maxNewTokens > 0) {
        wish.sampling.maxNewTokens = a.maxNewTokens;
    }
    wish.sampling.temperature = a.temperature;
    wish.sampling.topP = a.topP;
    wish.sampling.seed = a.seed;
    wish.sampling.batch = a.batch;
    wish.samples = a.samples;
    if (a.fresh > 0) {
        wish.fresh = a.fresh;
    }
    return wish;
}

std::vector<std::string> workerArguments(const workflow::Generation& generation, const workflow::GenerationPart& part,
                                         const std::string& in)
{
    const auto& sampling = generation.wish.sampling;
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
                                          std::to_string(part.seed)};
    if (!generation.adapter.empty()) {
        arguments.insert(arguments.end(), {"--adapter", generation.adapter});
    }
    return arguments;
}

void requireDone(const TrainerEnd& end, int written, int missing)
{
    const std::string far = std::to_string(written) + " of " + std::to_string(missing) + " responses are written";
    if (end.signal != 0) {
        throw Failure(FailureKind::Interrupted,
                      "The worker was killed by signal " + std::to_string(end.signal) +
                          (end.signal == SIGKILL ? ", possibly because memory ran out" : "") + "; " + far +
                          ", run the same command to go on");
    }
    if (end.code == static_cast<int>(FailureKind::Interrupted)) {
        throw Failure(FailureKind::Interrupted, far + "; run the same command to go on");
    }
    if (end.code != 0) {
        throw Failure(workerFailure(end.code), far + "; see above for what went wrong with the next");
    }
}

int generate(Project& project, const workflow::Generation& generation)
{
    const PrivateFolder folder;
    const std::string in = folder.path() + "/instructions.jsonl";
    int written = 0;
    for (std::size_t i = 0; i < generation.parts.size(); ++i) {
        const auto& part = generation.parts[i];
        publishFile(in, [&](const Append& append) {
            for (const auto& one : part.instructions) {
                append(toLine(toJson(exampleOf(one))) + "\n");
            }
        });
        const TrainerEnd end = runTrainer(workerArguments(generation, part, in), [&](const std::string& line) {
            const auto response =
                contract::fromJson<contract::GeneratedLine>(parseJson(line, "the worker's response"), "generate");
            written += workflow::takeGenerated(project, generation, i, response) ? 1 : 0;
        });
        requireDone(end, written, generation.missing);
    }
    return written;
}

}  // namespace

void listSets(const Arguments& a)
{
    const auto project = Project::open(a.project);
    for (const auto& set : project->instructionSets()) {
        std::cout << toLine({{"set", set.name}, {"instructions", set.count}, {"fresh", set.fresh}}) << '\n';
    }
}

void generateResponses(const Arguments& a)
{
    const auto project = openForWriting(a.project);
    Arguments given = a;
    if (!a.file.empty() && a.file != "-") {
        given.set = takeIn(*project, a.file);
    }
    const auto generation = workflow::planGeneration(*project, wishOf(*project, given));
    if (generation.missing == 0) {
        std::cout << (generation.there == 0
                          ? "There is no instruction to answer; import some: stet import " + a.project + " FILE"
                          : "All " + std::to_string(generation.there) +
                              " responses are there already; nothing was written")
                  << '\n';
        return;
    }
    workflow::beginGeneration(*project, generation.wish);
    const int written = generate(*project, generation);
    workflow::endGeneration(*project);
    const int round = *generation.wish.round;
    std::cout << written << " responses by " << (round == 0 ? "the base model" : "round " + std::to_string(round))
              << " wait to be judged";
    if (generation.there > 0) {
        std::cout << "; " << generation.there << " were there already";
    }
    std::cout << '\n';
}

}  // namespace stet::app
