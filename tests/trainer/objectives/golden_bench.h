// What the tests against PyTorch's rounds share: a round folder that continues the goldens' start adapter, and
// everything a step needs, as the round puts it together.
#pragma once

#include "base/files.h"
#include "tests/support/device.h"
#include "tests/support/paths.h"
#include "trainer/dataset/reference_pass.h"
#include "trainer/dataset/training_set.h"
#include "trainer/model/tensor_io.h"
#include "trainer/round/round.h"
#include "trainer/round/round_step.h"

#include <ATen/ATen.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace stet::test {

// tests/golden/cut holds the tiny model and the adapter to start from.
inline std::string cutGoldens()
{
    return goldenDir() + "/cut";
}

inline void makeGoldenRound(const std::string& folder, const std::string& examples, Json settings)
{
    std::filesystem::create_directories(folder);
    std::filesystem::copy_file(examples, folder + "/examples.jsonl");
    settings["model"] = cutGoldens() + "/model";
    settings["device"] = device();
    settings["parent"] = {{"adapter", cutGoldens() + "/start"}, {"how", "continue"}};
    publishFile(folder + "/round.json", settings.dump(1));
}

// lora_alpha / r of the adapter that golden rounds go on with. A round writes it into B (lora_alpha = r).
inline double goldenScale()
{
    const Json config = readJsonFile(cutGoldens() + "/start/adapter_config.json");
    return config.at("lora_alpha").get<double>() / config.at("r").get<double>();
}

// The device apart has no name in settings: the round takes a decoder that is there.
inline round::RoundResult runGoldenRound(const std::string& folder, const round::RoundHooks& hooks = {})
{
    round::RoundOptions options;
    std::unique_ptr<model::Decoder> decoder;
    if (apart()) {
        const auto settings = files::readRoundSettings(folder);
        decoder = model::Decoder::load(files::openModelFolder(settings.model),
                                       compute(settings.dtype == "auto" ? "float32" : settings.dtype));
        options.decoder = decoder.get();
        options.decoderModel = settings.model;
    }
    return round::runRound(folder, options, hooks);
}

inline std::vector<Json> linesOf(const std::string& path)
{
    std::vector<Json> lines;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        lines.push_back(Json::parse(line));
    }
    return lines;
}

inline double number(const Json& json, const std::string& field)
{
    const auto it = json.find(field);
    return it == json.end() || it->is_null() ? std::nan("") : it->get<double>();
}

// What may lie between the computed and the golden number, where on the CPU the share `onCpu` may, at least of 1.
inline double allowedFor(double expected, double onCpu)
{
    return tolerance(onCpu) * std::max(1.0, std::fabs(expected));
}

// allowed: on the CPU.
inline bool close(double actual, double expected, double allowed)
{
    return (std::isnan(actual) && std::isnan(expected)) ||
        std::fabs(actual - expected) <= allowedFor(expected, allowed);
}

struct GoldenBench {
    files::RoundSettings settings;
    std::unique_ptr<round::Objective> objective;
    files::ModelFolder folder;
    std::unique_ptr<model::Decoder> decoder;
    model::Adapter adapter;
    model::Adapter before;  // the start adapter, which stays as it is
    round::TrainingSet set;

    explicit GoldenBench(const std::string& roundFolder, const std::string& dtype = "float32")
        : settings(files::readRoundSettings(roundFolder))
        , objective(round::makeObjective(settings))
        , folder(files::openModelFolder(settings.model))
        , decoder(model::Decoder::load(folder, compute(dtype)))
        , adapter(model::Adapter::load(settings.parentAdapter, *decoder))
        , before(model::Adapter::load(settings.parentAdapter, *decoder))
    {
        const text::ExampleEncoder encoder(text::Tokenizer::load(settings.model),
                                           text::PromptStyle::resolve("auto", folder), folder);
        set = round::makeTrainingSet(roundFolder + "/examples.jsonl", settings, *objective, encoder);
        adapter.requireGrad(true);
        round::referencePass(context(), set.examples);
    }

    round::StepContext context(std::int64_t microBatchTokens = 100000) const
    {
        return {*decoder, *objective, settings, {&adapter}, microBatchTokens, nullptr, {}, {&before}, &set.anchors};
    }

    // By the line's number in the file, from 0; null when it doesn't train.
    const round::TrainingExample* at(int line) const
    {
        for (const auto& example : set.examples) {
            if (example.source.line == line) {
                return &example;
            }
        }
        return nullptr;
    }

    std::vector<const round::TrainingExample*> batch(const Json& lines) const
    {
        std::vector<const round::TrainingExample*> all;
        for (const auto& line : lines) {
            all.push_back(at(line.get<int>()));
        }
        return all;
    }
};

}  // namespace stet::test
