#include "trainer/round/pretrain.h"

#include "base/failure.h"
#include "base/files.h"
#include "base/json_lines.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "trainer/model/decoder.h"
#include "trainer/model/tensor_io.h"
#include "trainer/round/adamw.h"
#include "trainer/round/checkpoint.h"
#include "trainer/round/schedule.h"
#include "trainer/round/step_log.h"
#include "trainer/score/response_log_probs.h"
#include "trainer/text/tokenizer.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <numeric>

namespace stet::round {

namespace fs = std::filesystem;

namespace {

struct Settings {
    std::optional<std::int64_t> steps;
    double epochs = 1;
    std::int64_t batchSize = 64;
    double learningRate = 3e-3;
    double minRatio = 0.1;
    std::int64_t warmupSteps = 100;
    AdamWSettings adamw{0.9, 0.95, 1e-8, 0.1};
    double maxGradNorm = 1;
    std::int64_t maxLength = 256;
    std::uint64_t seed = 1;
    int threads = 0;
    std::string device = "auto";
    bool bfloat16 = true;
    std::int64_t checkpointEvery = 500;
};

const std::vector<std::string_view> kKnown = {"steps",        "epochs",       "batch_size",
                                              "lr",           "min_lr_ratio", "warmup_steps",
                                              "weight_decay", "betas",        "max_grad_norm",
                                              "max_length",   "seed",         "threads",
                                              "device",       "dtype_out",    "checkpoint_every_steps"};

Settings readSettings(const std::string& folder, const PretrainHooks& hooks)
{
    const std::string path = folder + "/pretrain.json";
    const Json json = readJsonFile(path);
    for (const auto& warning : unknownFields(json, kKnown, path)) {
        if (hooks.onWarning) {
            hooks.onWarning(warning);
        }
    }
    Settings s;
    s.steps = optionalInteger(json, "steps", path);
    s.epochs = optionalNumber(json, "epochs", path).value_or(s.epochs);
    s.batchSize = optionalInteger(json, "batch_size", path).value_or(s.batchSize);
    s.learningRate = optionalNumber(json, "lr", path).value_or(s.learningRate);
    s.minRatio = optionalNumber(json, "min_lr_ratio", path).value_or(s.minRatio);
    s.warmupSteps = optionalInteger(json, "warmup_steps", path).value_or(s.warmupSteps);
    s.adamw.weightDecay = optionalNumber(json, "weight_decay", path).value_or(s.adamw.weightDecay);
    s.maxGradNorm = optionalNumber(json, "max_grad_norm", path).value_or(s.maxGradNorm);
    s.maxLength = optionalInteger(json, "max_length", path).value_or(s.maxLength);
    s.seed = static_cast<std::uint64_t>(optionalInteger(json, "seed", path).value_or(1));
    s.threads = static_cast<int>(optionalInteger(json, "threads", path).value_or(0));
    s.device = optionalString(json, "device", path).value_or(s.device);
    s.bfloat16 = optionalString(json, "dtype_out", path).value_or("bfloat16") == "bfloat16";
    s.checkpointEvery = optionalInteger(json, "checkpoint_every_steps", path).value_or(s.checkpointEvery);
    if (const auto betas = json.find("betas"); betas != json.end() && betas->is_array() && betas->size() == 2) {
        s.adamw.beta1 = (*betas)[0].get<double>();
        s.adamw.beta2 = (*betas)[1].get<double>();
    }
    if (s.steps.value_or(1) < 1 || !(s.epochs > 0) || s.batchSize < 1 || s.maxLength < 2 || s.checkpointEvery < 1 ||
        s.warmupSteps < 0 || s.threads < 0 || !(s.learningRate > 0)) {
        throw badInput(path +
                       ": steps, epochs, batch_size, max_length, checkpoint_every_steps and lr must be positive, "
                       "warmup_steps and threads not negative");
    }
    return s;
}

// Reads and encodes every text once. Texts longer than max_length are cut at their end.
std::vector<score::Sequence> readTexts(const std::string& folder, const text::Tokenizer& tokenizer, std::int64_t endId,
                                       std::int64_t maxLength)
{
    std::vector<score::Sequence> sequences;
    JsonLinesReader reader(folder + "/text.jsonl");
    while (const auto line = reader.next()) {
        const std::string whole = requiredString(*line, "text", reader.where());
        const std::string prompt = optionalString(*line, "prompt", reader.where()).value_or("");
        if (whole.rfind(prompt, 0) != 0) {
            throw badInput(reader.where() + ": 'text' does not begin with 'prompt'");
        }
        const auto encoding = tokenizer.encode(whole, text::Specials::Added);
        const auto promptEnd = static_cast<int>(codePointCount(prompt));
        std::size_t first = 1;  // without a prompt, what the tokenizer adds (or the first token) is not predicted
        while (!prompt.empty() && first < encoding.ids.size() && encoding.ranges[first].end <= promptEnd) {
            ++first;
        }
        score::Sequence sequence;
        const auto split = encoding.ids.begin() + static_cast<std::ptrdiff_t>(std::min(first, encoding.ids.size()));
        sequence.prompt.assign(encoding.ids.begin(), split);
        sequence.response.assign(split, encoding.ids.end());
        sequence.response.push_back(endId);
        const auto room = maxLength - static_cast<std::int64_t>(sequence.prompt.size());
        if (room < 1) {
            continue;
        }
        sequence.response.resize(std::min(sequence.response.size(), static_cast<std::size_t>(room)));
        sequences.push_back(std::move(sequence));
    }
    if (sequences.empty()) {
        throw badInput(folder + "/text.jsonl holds no text that fits max_length");
    }
    return sequences;
}

std::size_t lengthOf(const score::Sequence& sequence)
{
    return sequence.prompt.size() + sequence.response.size();
}

// Batches of one epoch: shuffled by the seed, then texts of like length put together within windows, so that little is
// padding.
std::vector<std::vector<std::size_t>> epochBatches(const std::vector<score::Sequence>& sequences,
                                                   const Settings& settings, std::int64_t epoch)
{
    std::vector<std::pair<std::uint64_t, std::size_t>> keyed;
    for (std::size_t i = 0; i < sequences.size(); ++i) {
        const std::string key = std::to_string(settings.seed) + ":" + std::to_string(epoch) + ":" + std::to_string(i);
        keyed.emplace_back(leadingNumber(sha256(key)), i);
    }
    std::sort(keyed.begin(), keyed.end());
    const auto batch = static_cast<std::size_t>(settings.batchSize);
    const std::size_t window = batch * 32;
    std::vector<std::pair<std::uint64_t, std::vector<std::size_t>>> batches;
    for (std::size_t begin = 0; begin < keyed.size(); begin += window) {
        const auto first = keyed.begin() + static_cast<std::ptrdiff_t>(begin);
        const auto last = keyed.begin() + static_cast<std::ptrdiff_t>(std::min(keyed.size(), begin + window));
        std::stable_sort(first, last, [&](const auto& a, const auto& b) {
            return lengthOf(sequences[a.second]) < lengthOf(sequences[b.second]);
        });
        for (auto at = first; at < last;
             at += std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(batch), last - at)) {
            std::vector<std::size_t> members;
            for (auto i = at; i < last && members.size() < batch; ++i) {
                members.push_back(i->second);
            }
            const std::string key = std::to_string(settings.seed) + ":order:" + std::to_string(epoch) + ":" +
                std::to_string(batches.size());
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

// The training of one folder, a linear story: set up, resume, train, publish.
class Pretraining {
public:
    Pretraining(std::string folder, const PretrainHooks& hooks)
        : m_folder(std::move(folder))
        , m_hooks(hooks)
        , m_settings(readSettings(m_folder, hooks))
        , m_config(files::parseModelConfig(readJsonFile(m_folder + "/config.json"), m_folder + "/config.json"))
        , m_compute(model::resolveCompute({m_settings.device, "float32", m_settings.threads}, ""))
    {
        const auto tokenizer = text::Tokenizer::load(m_folder);
        if (tokenizer->vocabSize() > m_config.vocabSize) {
            throw badInput(m_folder + ": tokenizer.json has more tokens than config.json's vocab_size");
        }
        if (m_config.eosIds.empty()) {
            throw badInput(m_folder + "/config.json: field 'eos_token_id' is missing");
        }
        const auto maxLength = std::min(m_settings.maxLength, m_config.contextLength);
        m_sequences = readTexts(m_folder, *tokenizer, m_config.eosIds.front(), maxLength);
        m_decoder = model::Decoder::create(m_config, m_compute, m_settings.seed);
        m_weights = m_decoder->weights();
        std::vector<at::Tensor> parameters;
        for (auto& [name, weight] : m_weights) {
            weight.requires_grad_(true);
            parameters.push_back(weight);
        }
        m_optimizer = std::make_unique<AdamW>(parameters, m_settings.adamw);
        const auto count = static_cast<std::int64_t>(m_sequences.size());
        const double perEpoch = static_cast<double>((count + m_settings.batchSize - 1) / m_settings.batchSize);
        m_schedule.steps = m_settings.steps.value_or(static_cast<std::int64_t>(m_settings.epochs * perEpoch));
        m_schedule.learningRate = m_settings.learningRate;
        m_schedule.minRatio = m_settings.minRatio;
        m_schedule.warmupSteps = m_settings.warmupSteps;
    }

    void run()
    {
        std::int64_t step = resume();
        std::int64_t epoch = -1;
        std::vector<std::vector<std::size_t>> batches;
        StepLog log(m_folder + "/log.jsonl", step);
        for (; step < m_schedule.steps; ++step) {
            const auto perEpoch = static_cast<std::int64_t>(batches.size());
            if (epoch < 0 || step / perEpoch != epoch) {
                epoch = epoch < 0 ? firstEpochOf(step, batches) : step / perEpoch;
                batches = epochBatches(m_sequences, m_settings, epoch);
            }
            const auto& batch = batches[static_cast<std::size_t>(step % static_cast<std::int64_t>(batches.size()))];
            log.append(trainStep(step, batch));
            const bool stop = m_hooks.stopRequested && m_hooks.stopRequested();
            if (stop || (step + 1) % m_settings.checkpointEvery == 0) {
                save(step + 1);
            }
            if (stop) {
                throw Failure(FailureKind::Interrupted,
                              "Stopped at step " + std::to_string(step + 1) + " of " +
                                  std::to_string(m_schedule.steps) + "; run the same command to go on");
            }
        }
        publish();
    }

private:
    std::int64_t firstEpochOf(std::int64_t step, std::vector<std::vector<std::size_t>>& batches)
    {
        batches = epochBatches(m_sequences, m_settings, 0);
        return step / static_cast<std::int64_t>(batches.size());
    }

    std::int64_t resume()
    {
        std::vector<std::string> warnings;
        const auto checkpoint = loadNewestCheckpoint(m_folder, warnings);
        for (const auto& warning : warnings) {
            if (m_hooks.onWarning) {
                m_hooks.onWarning(warning);
            }
        }
        if (!checkpoint) {
            return 0;
        }
        const at::NoGradGuard noGrad;
        for (auto& [name, weight] : m_weights) {
            weight.copy_(checkpoint->tensors.at("weights").at(name));
        }
        m_optimizer->restore(checkpoint->tensors.at("optimizer"), checkpoint->step);
        return checkpoint->step;
    }

    Json trainStep(std::int64_t step, const std::vector<std::size_t>& batch)
    {
        const auto begin = std::chrono::steady_clock::now();
        std::vector<score::Sequence> sequences;
        for (const auto index : batch) {
            sequences.push_back(m_sequences[index]);
        }
        m_optimizer->zeroGrad();
        const at::Tensor logProbs = at::cat(score::responseLogProbs(*m_decoder, {}, sequences));
        const at::Tensor loss = -logProbs.mean();
        loss.backward();
        PretrainStep done;
        done.loss = loss.item<double>();
        if (!std::isfinite(done.loss)) {
            throw badInput("The loss at step " + std::to_string(step + 1) +
                           " is not a number; lower lr in pretrain.json");
        }
        done.gradNorm = m_optimizer->clipGradNorm(m_settings.maxGradNorm);
        done.learningRate = m_schedule.at(step);
        m_optimizer->step(done.learningRate);
        done.step = step + 1;
        done.steps = m_schedule.steps;
        done.tokens = logProbs.numel();
        done.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        if (m_hooks.onStep) {
            m_hooks.onStep(done);
        }
        return {{"step", done.step},       {"loss", done.loss},     {"grad_norm", done.gradNorm},
                {"lr", done.learningRate}, {"tokens", done.tokens}, {"seconds", done.seconds}};
    }

    void save(std::int64_t step) const
    {
        Checkpoint checkpoint;
        checkpoint.step = step;
        checkpoint.tensors = {{"weights", m_weights}, {"optimizer", m_optimizer->state()}};
        checkpoint.state = {{"step", step}};
        saveCheckpoint(m_folder, checkpoint, 2);
    }

    void publish() const
    {
        std::map<std::string, at::Tensor> tensors;
        for (const auto& [name, weight] : m_weights) {
            tensors[name] = m_settings.bfloat16 ? weight.detach().to(c10::kBFloat16) : weight.detach();
        }
        publishFolder(
            m_folder + "/model",
            [&](const std::string& path) {
                model::writeTensors(path + "/model.safetensors", tensors, {{"format", "pt"}});
                Json config = readJsonFile(m_folder + "/config.json");
                config["dtype"] = m_settings.bfloat16 ? "bfloat16" : "float32";
                publishFile(path + "/config.json", config.dump(2) + "\n");
                for (const char* name : {"tokenizer.json", "tokenizer_config.json", "generation_config.json"}) {
                    if (fs::exists(m_folder + "/" + name)) {
                        fs::copy_file(m_folder + "/" + name, path + "/" + name);
                    }
                }
            },
            true);
        removeCheckpoints(m_folder);
    }

    std::string m_folder;
    const PretrainHooks& m_hooks;
    Settings m_settings;
    files::ModelConfig m_config;
    model::Compute m_compute;
    std::vector<score::Sequence> m_sequences;
    std::unique_ptr<model::Decoder> m_decoder;
    std::map<std::string, at::Tensor> m_weights;
    std::unique_ptr<AdamW> m_optimizer;
    Schedule m_schedule;
};

}  // namespace

void runPretrain(const std::string& folder, const PretrainHooks& hooks)
{
    if (fs::exists(folder + "/model")) {
        if (hooks.onWarning) {
            hooks.onWarning(folder + " is finished already: its model/ is there; delete it to train again");
        }
        return;
    }
    Pretraining(folder, hooks).run();
}

}  // namespace stet::round
