#include "trainer/pretrain/pretrain_input.h"

#include "base/failure.h"
#include "base/json.h"
#include "base/json_lines.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "trainer/files/setting_reader.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace stet::round {

namespace {

const std::vector<std::string_view> kKnown = {"steps",        "epochs",       "batch_size",
                                              "lr",           "min_lr_ratio", "warmup_steps",
                                              "weight_decay", "betas",        "max_grad_norm",
                                              "max_length",   "seed",         "threads",
                                              "device",       "dtype_out",    "checkpoint_every_steps"};

// Is it bfloat16?
constexpr std::array<files::Named<bool>, 2> kDtypes = {{{"bfloat16", true}, {"float32", false}}};

constexpr std::size_t kMostWarnings = 100;

std::set<std::string> setOf(const std::vector<std::string>& list)
{
    return {list.begin(), list.end()};
}

using Keyed = std::pair<std::uint64_t, std::size_t>;

std::size_t lengthOf(const score::Sequence& sequence)
{
    return sequence.prompt.size() + sequence.response.size();
}

// None where the prompt leaves no room, or nothing stands before the one token.
std::optional<score::Sequence> sequenceOf(const std::string& whole, const std::string& prompt,
                                          const text::Tokenizer& tokenizer, const PretrainTextOptions& options)
{
    const auto encoding = tokenizer.encode(whole, text::Specials::Begun);
    const auto promptEnd = static_cast<int>(codePointCount(prompt));
    std::size_t first = 1;  // without a prompt, what the tokenizer adds (or the first token) is not predicted
    while (!prompt.empty() && first < encoding.ids.size() && encoding.ranges[first].end <= promptEnd) {
        ++first;
    }
    score::Sequence sequence;
    const auto split = encoding.ids.begin() + static_cast<std::ptrdiff_t>(std::min(first, encoding.ids.size()));
    sequence.prompt.assign(encoding.ids.begin(), split);
    sequence.response.assign(split, encoding.ids.end());
    sequence.response.push_back(options.endId);
    const auto room = options.maxLength - static_cast<std::int64_t>(sequence.prompt.size());
    if (room < 1 || (sequence.prompt.empty() && sequence.response.size() == 1)) {
        return std::nullopt;
    }
    sequence.response.resize(std::min(sequence.response.size(), static_cast<std::size_t>(room)));
    return sequence;
}

std::vector<Keyed> shuffled(std::size_t count, const PretrainOrder& order, std::int64_t epoch)
{
    std::vector<Keyed> keyed;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string key = std::to_string(order.seed) + ":" + std::to_string(epoch) + ":" + std::to_string(i);
        keyed.emplace_back(leadingNumber(sha256(key)), i);
    }
    std::sort(keyed.begin(), keyed.end());
    return keyed;
}

}  // namespace

PretrainSettings readPretrainSettings(const std::string& folder,
                                      const std::function<void(const std::string&)>& onWarning)
{
    const std::string path = folder + "/pretrain.json";
    const Json json = readJsonFile(path);
    if (!json.is_object()) {
        throw badInput(path + ": expected an object");
    }
    for (const auto& warning : unknownFields(json, kKnown, path)) {
        if (onWarning) {
            onWarning(warning);
        }
    }
    const files::SettingReader reader(json, path);
    PretrainSettings s;
    reader.integer("steps", s.steps, 1, files::kManySteps);
    reader.number("epochs", s.epochs, 1e-6, 1e6);
    reader.integer("batch_size", s.batchSize, 1, 65536);
    reader.number("lr", s.learningRate, 1e-12, 10);
    reader.number("min_lr_ratio", s.minRatio, 0, 1);
    reader.integer("warmup_steps", s.warmupSteps, 0, files::kManySteps);
    reader.number("weight_decay", s.adamw.weightDecay, 0, 10);
    reader.betas("betas", s.adamw.beta1, s.adamw.beta2);
    reader.number("max_grad_norm", s.maxGradNorm, 0, 1e9);
    reader.integer("max_length", s.maxLength, 2, files::kManySteps);
    reader.integer("seed", s.seed, 0, INT64_MAX);
    reader.integer("threads", s.threads, 0, 4096);
    reader.text("device", s.device);
    reader.word("dtype_out", kDtypes, s.bfloat16);
    reader.integer("checkpoint_every_steps", s.checkpointEvery, 1, files::kManySteps);
    return s;
}

PretrainTexts readPretrainTexts(const std::string& folder, const text::Tokenizer& tokenizer,
                                const PretrainTextOptions& options)
{
    const std::string path = folder + "/text.jsonl";
    PretrainTexts texts;
    std::set<std::string> warnings;
    std::int64_t leftOut = 0;
    JsonLinesReader reader(path);
    while (const auto line = reader.next()) {
        const std::string whole = requiredString(*line, "text", reader.where());
        const std::string prompt = optionalString(*line, "prompt", reader.where()).value_or("");
        if (whole.rfind(prompt, 0) != 0) {
            throw badInput(reader.where() + ": 'text' does not begin with 'prompt'");
        }
        if (warnings.size() < kMostWarnings) {
            warnings.merge(setOf(unknownFields(*line, {"text", "prompt"}, path)));
        }
        if (auto sequence = sequenceOf(whole, prompt, tokenizer, options)) {
            texts.sequences.push_back(std::move(*sequence));
        } else {
            ++leftOut;
        }
    }
    if (texts.sequences.empty()) {
        throw badInput(path + " holds no text that fits max_length");
    }
    texts.warnings.assign(warnings.begin(), warnings.end());
    if (leftOut > 0) {
        texts.warnings.push_back(path + ": " + std::to_string(leftOut) +
                                 " texts are left out: their prompt leaves no room in max_length, or they are empty");
    }
    return texts;
}

std::vector<std::vector<std::size_t>> pretrainBatches(const std::vector<score::Sequence>& texts,
                                                      const PretrainOrder& order, std::int64_t epoch)
{
    std::vector<Keyed> keyed = shuffled(texts.size(), order, epoch);
    const auto batch = static_cast<std::size_t>(order.batchSize);
    const std::size_t window = batch * 32;
    std::vector<std::pair<std::uint64_t, std::vector<std::size_t>>> batches;
    for (std::size_t begin = 0; begin < keyed.size(); begin += window) {
        const std::span<Keyed> together(keyed.data() + begin, std::min(window, keyed.size() - begin));
        std::stable_sort(together.begin(), together.end(), [&](const Keyed& a, const Keyed& b) {
            return lengthOf(texts[a.second]) < lengthOf(texts[b.second]);
        });
        for (std::size_t at = 0; at < together.size(); at += batch) {
            std::vector<std::size_t> members;
            for (const Keyed& member : together.subspan(at, std::min(batch, together.size() - at))) {
                members.push_back(member.second);
            }
            const std::string key =
                std::to_string(order.seed) + ":order:" + std::to_string(epoch) + ":" + std::to_string(batches.size());
            batches.emplace_back(leadingNumber(sha256(key)), std::move(members));
        }
    }
    std::sort(batches.begin(), batches.end());
    std::vector<std::vector<std::size_t>> ordered;
    for (auto& [key, members] : batches) {
        ordered.push_back(std::move(members));
    }
    return ordered;
}

}  // namespace stet::round
