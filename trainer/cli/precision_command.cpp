// What a dtype or a device changes: the same file scored in float32 on the CPU and in the others, token by token.
#include "trainer/score/precision.h"

#include "base/failure.h"
#include "trainer/score/scorer.h"
#include "trainer/cli/command_line.h"
#include "trainer/cli/command_model.h"

#include <iostream>

namespace stet::cli {

namespace {

struct PrecisionArguments {
    CommonOptions common;
    std::string promptStyle = "auto";
    score::ScoreOptions score;
};

struct Variant {
    std::string device;
    std::string dtype;
};

std::vector<score::ScoreResult> scoresOf(const PrecisionArguments& arguments, const Variant& variant,
                                         const std::vector<files::Example>& examples)
{
    CommonOptions common = arguments.common;
    common.compute.device = variant.device;
    common.compute.dtype = variant.dtype;
    // Only one model at a time: its scores stay, it goes.
    serve::LoadedModel model = loadForCommand(common, arguments.promptStyle);
    const auto adapters = model.adapters(common.adapter);
    score::Scorer scorer(model.decoder(), model.encoder());
    Progress progress(variant.device + " " + variant.dtype, common);
    std::vector<score::ScoreResult> results;
    for (const auto& example : examples) {
        if (!scorer.whyLeftOut(example, arguments.score)) {
            results.push_back(scorer.score(example, arguments.score, adapters, "", interrupted));
        }
        progress.update(example.line + 1, static_cast<std::int64_t>(examples.size()));
    }
    return results;
}

score::PrecisionDifference difference(const std::vector<score::ScoreResult>& reference,
                                      const std::vector<score::ScoreResult>& other)
{
    score::PrecisionDifference difference;
    for (std::size_t i = 0; i < reference.size(); ++i) {
        for (const auto& [context, scores] : reference[i].contexts) {
            difference.addLogProbs(scores.logProbs, other[i].contexts.at(context).logProbs);
        }
        difference.addFlags(reference[i].detection.flagged, other[i].detection.flagged);
    }
    return difference;
}

void run(const PrecisionArguments& arguments)
{
    const auto file = readSome(arguments.common.in, true);
    std::vector<Variant> variants = {{"cpu", "bfloat16"}};
    if (model::loadAccelerator().usable) {
        variants.push_back({"cuda", "float32"});
        variants.push_back({"cuda", "bfloat16"});
    }
    Results results(arguments.common.out, arguments.common.in);
    const auto reference = scoresOf(arguments, {"cpu", "float32"}, file.examples);
    for (const auto& variant : variants) {
        Json line = {{"device", variant.device},
                     {"dtype", variant.dtype},
                     {"unit", variant.device == "cpu" ? model::cpuBfloat16Unit() : ""},
                     {"responses", reference.size()}};
        line.update(difference(reference, scoresOf(arguments, variant, file.examples)).toJson());
        results.line(line);
    }
    results.finish();
}

}  // namespace

void addPrecision(CLI::App& program, Action& action)
{
    auto arguments = std::make_shared<PrecisionArguments>();
    CLI::App* command = program.add_subcommand("precision", "How far bfloat16, and a GPU, are from float32 on the CPU");
    command->add_option("--model", arguments->common.model, "Hugging Face folder or GGUF file")->required();
    addThreadsOption(*command, arguments->common);
    addAdapterOption(*command, arguments->common);
    addInOut(*command, arguments->common);
    addProgressOption(*command, arguments->common);
    command->add_option("--lambda", arguments->score.detection.lambda, "flagged: log-ratio > ln lambda")
        ->capture_default_str()
        ->check(from(1.0, 1e6));
    addPromptStyle(*command, arguments->promptStyle);
    command->callback([arguments, &action] { action = [arguments] { run(*arguments); }; });
}

}  // namespace stet::cli
