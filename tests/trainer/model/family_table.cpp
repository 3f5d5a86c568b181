// Prints docs/method.md's table: every golden model against Transformers' logits in float32, and how far bfloat16 (and
// a GPU, where there is one) is from float32 on the CPU: log-probabilities and flagged tokens.
// `packaging/family-table.sh` runs it.
#include "tests/support/paths.h"
#include "trainer/model/decoder.h"
#include "trainer/model/tensor_io.h"
#include "trainer/score/precision.h"
#include "trainer/score/response_log_probs.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

using namespace stet;

namespace {

constexpr std::int64_t kPrompt = 20;
constexpr double kLambda = 1.1;

struct Scores {
    std::vector<double> plain;
    std::vector<double> other;
    std::vector<char> flagged;
    at::Tensor logits;
};

std::vector<std::int64_t> part(const at::Tensor& row, std::int64_t begin, std::int64_t end)
{
    const auto* ids = row.const_data_ptr<std::int64_t>();
    return {ids + begin, ids + end};
}

std::vector<double> numbers(const at::Tensor& tensor)
{
    const at::Tensor wide = tensor.to(c10::kCPU, c10::kDouble).contiguous();
    return {wide.const_data_ptr<double>(), wide.const_data_ptr<double>() + wide.numel()};
}

// One response after two prompts: a contrast of random tokens flags about half of them.
Scores scoresOf(const files::ModelFolder& folder, const at::Tensor& ids, const char* device, const char* dtype)
{
    const auto decoder = model::Decoder::load(folder, model::resolveCompute({device, dtype, 1}, "float32"));
    const at::Tensor first = ids[0].contiguous();
    const at::Tensor second = ids[1].contiguous();
    const auto response = part(first, kPrompt, first.numel());
    const auto both = score::responseLogProbs(
        *decoder, {}, {{part(first, 0, kPrompt), response}, {part(second, 0, kPrompt), response}});
    Scores scores{numbers(both[0]), numbers(both[1]), {}, {}};
    for (std::size_t i = 0; i < scores.plain.size(); ++i) {
        scores.flagged.push_back(scores.other[i] - scores.plain[i] > std::log(kLambda) ? 1 : 0);
    }
    const at::Tensor on = ids.to(decoder->compute().device);
    scores.logits = decoder->logits(decoder->hiddenStates(on, {}).flatten(0, 1)).to(c10::kCPU);
    return scores;
}

using Variant = std::pair<const char*, const char*>;

// Float32 on the CPU is the first and what the others are compared with.
std::vector<Variant> variants()
{
    std::vector<Variant> all = {{"cpu", "float32"}, {"cpu", "bfloat16"}};
    if (model::loadAccelerator().usable) {
        all.insert(all.end(), {{"cuda", "float32"}, {"cuda", "bfloat16"}});
    }
    return all;
}

void printHead()
{
    std::string line = "| model | architecture |";
    std::string rule = "|---|---|";
    for (const auto& [device, dtype] : variants()) {
        const std::string name = std::string(device) + " " + dtype;
        line += " " + name + ": logits |";
        rule += "---|";
        if (name != "cpu float32") {
            line += " log-probabilities, mean | largest | flags |";
            rule += "---|---|---|";
        }
    }
    std::printf("%s\n%s\n", line.c_str(), rule.c_str());
}

void printRow(const std::string& name)
{
    const auto folder = files::openModelFolder(test::goldenDir() + "/transformers/" + name);
    const auto golden = model::readTensors(test::goldenDir() + "/transformers/" + name + ".safetensors");
    const at::Tensor expected = golden.at("logits").flatten(0, 1);
    std::printf("| %s | %s |", name.c_str(), folder.config.architecture.c_str());
    std::optional<Scores> reference;
    for (const auto& [device, dtype] : variants()) {
        const Scores scores = scoresOf(folder, golden.at("ids"), device, dtype);
        std::printf(" %.1e |", (scores.logits - expected).abs().max().item<double>());
        if (!reference) {
            reference = scores;
            continue;
        }
        score::PrecisionDifference difference;
        difference.addLogProbs(reference->plain, scores.plain);
        difference.addLogProbs(reference->other, scores.other);
        difference.addFlags(reference->flagged, scores.flagged);
        std::printf(" %.1e | %.1e | %.2f |", difference.mean(), difference.largest(), difference.jaccard());
    }
    std::puts("");
}

}  // namespace

int main()
{
    model::loadAccelerator();
    const c10::InferenceMode inference;
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(test::goldenDir() + "/transformers")) {
        if (entry.is_directory()) {
            names.push_back(entry.path().filename().string());
        }
    }
    std::sort(names.begin(), names.end());
    printHead();
    for (const auto& name : names) {
        printRow(name);
    }
    return 0;
}
