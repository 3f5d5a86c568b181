// sets, generate: instructions, and the responses of a model of the project to them. The worker is run as a child; each
// response is the project's as soon as it is written.
#include "app/command/commands.h"

#include "annotate/exchange/import.h"
#include "app/command/generation_child.h"
#include "app/command/project_access.h"
#include "base/failure.h"
#include "base/json.h"
#include "workflow/generation.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <iterator>

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

int generate(Project& project, const workflow::Generation& generation)
{
    int written = 0;
    const auto soFar = [&] {
        return std::to_string(written) + " of " + std::to_string(generation.missing) + " responses are written";
    };
    for (std::size_t i = 0; i < generation.parts.size(); ++i) {
        const auto& part = generation.parts[i];
        ChildGeneration child{
            generation.model, generation.adapter, generation.promptStyle, generation.wish.sampling, {}};
        child.sampling.seed = part.seed;
        std::transform(part.instructions.begin(), part.instructions.end(), std::back_inserter(child.examples),
                       [](const Instruction& one) { return exampleOf(one); });
        generateInChild(
            child,
            [&](const contract::GeneratedLine& line) {
                written += workflow::takeGenerated(project, generation, i, line) ? 1 : 0;
            },
            soFar);
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
