#include "trainer/verify/verify.h"

#include "base/failure.h"
#include "base/model_path.h"
#include "base/sha256.h"
#include "trainer/checkpoint/fingerprint.h"
#include "trainer/dataset/training_set.h"
#include "trainer/files/lora_tensors.h"
#include "trainer/files/round_settings.h"
#include "trainer/model/tensor_io.h"
#include "trainer/model/weights/weight_source.h"
#include "trainer/round/adapter_check.h"
#include "trainer/round/round_outputs.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <filesystem>

namespace stet::round {

namespace fs = std::filesystem;

namespace {

bool finite(const at::Tensor& tensor)
{
    return at::isfinite(tensor).all().item<bool>();
}

// Its weights one tensor at a time: a large model must not be in memory twice. And that it can be spoken to: its
// tokenizer, vocabulary, end of sequence and chat template, as every command that uses it needs them.
void checkModel(const std::string& folder, Json& report)
{
    const auto model = files::openModelFolder(folder);
    const text::ExampleEncoder encoder(text::Tokenizer::load(folder), text::PromptStyle::resolve("auto", model), model);
    report["prompt_style"] = encoder.style().name();
    const auto weights = model::openWeights(model);
    for (const auto& [name, info] : weights->tensors()) {
        if (!finite(weights->read(name))) {
            report["problems"].push_back("tensor '" + name + "' holds numbers that are not finite");
        }
    }
    report["tensors"] = weights->tensors().size();
}

// Pairs A [rank, in], B [out, rank] and nothing else, each finite. Which model they belong to is not asked. Only
// tensors of a pair are read: of a file that says anything else its header is enough.
void checkAdapterFolder(const std::string& folder, Json& report)
{
    files::readAdapterConfig(folder);
    const std::string path = folder + "/adapter_model.safetensors";
    const auto tensors = files::readSafetensorsHeader(path).tensors;
    const auto problem = [&](const std::string& name, const std::string& what) {
        report["problems"].push_back("tensor '" + name + "' " + what);
    };
    const auto checkPair = [&](const std::string& name, const files::TensorEntry& a) {
        const auto b = tensors.find(files::loraTensorName(*files::loraModule(name, 'A'), 'B'));
        if (b == tensors.end() || a.shape.size() != 2 || b->second.shape.size() != 2 ||
            a.shape[0] != b->second.shape[1]) {
            problem(name, "has no B that fits it");
            return;
        }
        for (const auto& [each, entry] : {std::pair(name, a), std::pair(b->first, b->second)}) {
            if (!finite(model::readTensor(path, entry, c10::kFloat, c10::kCPU))) {
                problem(each, "holds numbers that are not finite");
            }
        }
    };
    for (const auto& [name, entry] : tensors) {
        if (files::loraModule(name, 'A')) {
            checkPair(name, entry);
        } else if (const auto module = files::loraModule(name, 'B');
                   !module || !tensors.contains(files::loraTensorName(*module, 'A'))) {
            problem(name, "is no part of a LoRA pair");
        }
    }
    if (tensors.empty()) {
        report["problems"].push_back(path + " holds no tensor");
    }
    report["tensors"] = tensors.size();
}

// Of rounds that wrote it down.
void checkAdapterHash(const std::string& folder, Json& report)
{
    const std::string path = folder + "/report.json";
    const auto written = optionalString(readJsonFile(path), "adapter_sha256", path);
    const std::string weights = folder + "/adapter/adapter_model.safetensors";
    if (written && sha256OfFile(weights) != *written) {
        report["problems"].push_back(weights + " is not the file the round wrote");
    }
}

// What resolved.json says of the round when it began.
struct Begun {
    std::string examplesHash;
    std::string modelHash;
    std::string dtype;
};

Begun readBegun(const std::string& folder)
{
    const std::string path = folder + "/resolved.json";
    const Json resolved = readJsonFile(path);
    if (!resolved.is_object()) {
        throw badInput(path + ": expected an object");
    }
    return {requiredString(resolved, "examples_sha256", path), requiredString(resolved, "model_sha256", path),
            requiredString(resolved, "dtype", path)};
}

// The hashes the files had when the round began, against today's.
void checkHashes(const std::string& folder, const Begun& begun, const files::ModelFolder& model, Json& report)
{
    const std::string path = folder + "/examples.jsonl";
    if (sha256OfFile(path) != begun.examplesHash) {
        report["problems"].push_back(path + " is not the file the round was trained on");
    }
    if (hashOfModel(model) != begun.modelHash) {
        report["problems"].push_back(model.path + " is not the model the round was trained on");
    }
}

void checkProbe(const std::string& folder, const files::RoundSettings& settings, const files::ModelFolder& modelFolder,
                const model::ComputeOptions& options, Json& report)
{
    const text::ExampleEncoder encoder(text::Tokenizer::load(settings.model),
                                       text::PromptStyle::resolve(settings.promptStyle, modelFolder), modelFolder,
                                       promptTime(folder));
    const auto set = makeTrainingSet(folder + "/examples.jsonl", settings, *makeObjective(settings), encoder);
    const auto compute = model::resolveCompute(options, modelFolder.config.dtype);
    const auto decoder = model::Decoder::load(modelFolder, compute);
    const auto adapter = model::Adapter::load(folder + "/adapter", *decoder);
    const double difference =
        probeDifference(readJsonFile(folder + "/probe.json"), makeProbe(*decoder, {{&adapter}, nullptr}, set.examples));
    report["probe_difference"] = difference;
    if (!(difference <= (compute.dtype == c10::kFloat ? kProbeTolerance : 0.25))) {
        report["problems"].push_back("the adapter gives other log-probabilities than probe.json holds");
    }
}

void checkRound(const std::string& folder, const model::ComputeOptions& options, Json& report)
{
    if (!fs::exists(folder + "/report.json")) {
        report["problems"].push_back("the round is not finished: run `stet-trainer round " + folder + "`");
        return;
    }
    const Begun begun = readBegun(folder);
    const auto settings = files::readRoundSettings(folder);
    const auto modelFolder = files::openModelFolder(settings.model);
    checkHashes(folder, begun, modelFolder, report);
    checkAdapterFolder(folder + "/adapter", report);
    checkAdapterHash(folder, report);
    model::ComputeOptions as = options;
    as.dtype = options.dtype == "auto" ? begun.dtype : options.dtype;
    checkProbe(folder, settings, modelFolder, as, report);
}

}  // namespace

VerifyResult verifyFolder(const std::string& folder, const model::ComputeOptions& options)
{
    const at::NoGradGuard noGrad;
    const bool isRound = fs::exists(folder + "/round.json");
    const bool isAdapter = !isRound && fs::exists(folder + "/adapter_config.json");
    if (!isRound && !isAdapter && !isModelPath(folder)) {
        throw badInput(
            folder +
            " is neither a model (config.json, or a GGUF file), an adapter (adapter_config.json) nor a round "
            "(round.json) folder");
    }
    VerifyResult result;
    result.report = {{"folder", folder},
                     {"kind",
                      isRound         ? "round"
                          : isAdapter ? "adapter"
                                      : "model"},
                     {"sound", false},
                     {"problems", Json::array()}};
    try {
        if (isRound) {
            checkRound(folder, options, result.report);
        } else if (isAdapter) {
            checkAdapterFolder(folder, result.report);
        } else {
            checkModel(folder, result.report);
        }
    } catch (const Failure& failure) {
        if (failure.kind() != FailureKind::BadInput && failure.kind() != FailureKind::ModelRefused) {
            throw;
        }
        result.report["problems"].push_back(failure.what());
    }
    result.sound = result.report["problems"].empty();
    result.report["sound"] = result.sound;
    return result;
}

}  // namespace stet::round
