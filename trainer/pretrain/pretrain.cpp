#include "trainer/pretrain/pretrain.h"

#include "base/failure.h"
#include "base/files.h"
#include "base/folder_lock.h"
#include "base/sha256.h"
#include "trainer/checkpoint/checkpoint.h"
#include "trainer/checkpoint/fingerprint.h"
#include "trainer/model/decoder.h"
#include "trainer/model/tensor_io.h"
#include "trainer/pretrain/pretrain_input.h"
#include "trainer/round/optimizer.h"
#include "trainer/round/round_log.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace stet::round {

namespace fs = std::filesystem;

namespace {

// Undefined where the checkpoint has no such weight.
at::Tensor tensorOf(const Checkpoint& checkpoint, const std::string& name)
{
    const auto weights = checkpoint.tensors.find("weights");
    if (weights == checkpoint.tensors.end()) {
        return {};
    }
    const auto it = weights->second.find(name);
    return it == weights->second.end() ? at::Tensor() : it->second;
}

// The training of one folder, a linear story: set up, resume, train, publish.
class Pretraining {
public:
    Pretraining(std::string folder, const PretrainHooks& hooks)
        : m_folder(std::move(folder))
        , m_hooks(hooks)
        , m_settings(readPretrainSettings(m_folder, hooks.onWarning))
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
        if (m_config.eosIds.front() >= m_config.vocabSize) {
            throw badInput(m_folder + "/config.json: field 'eos_token_id' is no id of its vocabulary");
        }
        const auto maxLength = std::min(m_settings.maxLength, m_config.contextLength);
        auto texts = readPretrainTexts(m_folder, *tokenizer, {m_config.eosIds.front(), maxLength});
        m_texts = std::move(texts.sequences);
        for (const auto& warning : texts.warnings) {
            warn(warning);
        }
        m_fingerprint = fingerprint();
        makeModel();
        planSteps();
    }

    void run()
    {
        std::int64_t step = resume();
        StepLog log(m_folder + "/log.jsonl", step);
        for (; step < m_schedule.steps; ++step) {
            log.append(trainStep(step));
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
    void makeModel()
    {
        m_decoder = model::Decoder::create(m_config, m_compute, m_settings.seed);
        m_weights = m_decoder->weights();
        std::vector<at::Tensor> parameters;
        for (auto& [name, weight] : m_weights) {
            weight.requires_grad_(true);
            parameters.push_back(weight);
        }
        m_optimizer = std::make_unique<AdamW>(parameters, m_settings.adamw);
    }

    void planSteps()
    {
        const auto count = static_cast<std::int64_t>(m_texts.size());
        m_batchesPerEpoch = (count + m_settings.batchSize - 1) / m_settings.batchSize;
        const double whole = m_settings.epochs * static_cast<double>(m_batchesPerEpoch);
        m_schedule.steps = m_settings.steps.value_or(std::max<std::int64_t>(1, static_cast<std::int64_t>(whole)));
        m_schedule.learningRate = m_settings.learningRate;
        m_schedule.minRatio = m_settings.minRatio;
        m_schedule.warmupSteps = m_settings.warmupSteps;
    }

    const std::vector<std::size_t>& batchOf(std::int64_t step)
    {
        const std::int64_t epoch = step / m_batchesPerEpoch;
        if (epoch != m_epoch) {
            m_batches = pretrainBatches(m_texts, {m_settings.seed, m_settings.batchSize}, epoch);
            m_epoch = epoch;
        }
        return m_batches[static_cast<std::size_t>(step % m_batchesPerEpoch)];
    }

    void warn(const std::string& text) const
    {
        if (m_hooks.onWarning) {
            m_hooks.onWarning(text);
        }
    }

    std::int64_t resume()
    {
        std::vector<std::string> warnings;
        const auto checkpoint = loadNewestCheckpoint(m_folder, warnings);
        for (const auto& warning : warnings) {
            warn(warning);
        }
        if (!checkpoint) {
            return 0;
        }
        if (checkpoint->state.value("fingerprint", "") != m_fingerprint) {
            throw badInput(m_folder +
                           " has a checkpoint of another config.json, other settings or texts; put them back, or "
                           "remove the folders checkpoint-… to begin anew");
        }
        const at::NoGradGuard noGrad;
        for (auto& [name, weight] : m_weights) {
            const at::Tensor saved = tensorOf(*checkpoint, name);
            if (!saved.defined() || saved.sizes() != weight.sizes()) {
                throw badInput(m_folder + " has a checkpoint of another config.json; put that back, or remove the " +
                               "folders checkpoint-… to begin anew");
            }
            weight.copy_(saved);
        }
        m_optimizer->restore(checkpoint->tensors.at("optimizer"), checkpoint->step);
        return checkpoint->step;
    }

    Json trainStep(std::int64_t step)
    {
        const Stopwatch watch;
        std::vector<score::Sequence> sequences;
        for (const auto index : batchOf(step)) {
            sequences.push_back(m_texts[index]);
        }
        m_optimizer->zeroGrad();
        const at::Tensor logProbs = at::cat(score::responseLogProbs(*m_decoder, {}, sequences));
        const at::Tensor loss = -logProbs.mean();
        loss.backward();
        PretrainStep done;
        done.loss = loss.item<double>();
        done.gradNorm = m_optimizer->clipGradNorm(m_settings.maxGradNorm);
        if (!std::isfinite(done.loss) || !std::isfinite(done.gradNorm)) {
            throw badInput("The loss at step " + std::to_string(step + 1) +
                           " is not a number; lower lr in pretrain.json");
        }
        done.learningRate = m_schedule.at(step);
        m_optimizer->step(done.learningRate);
        done.step = step + 1;
        done.steps = m_schedule.steps;
        done.tokens = logProbs.numel();
        done.seconds = watch.seconds();
        if (m_hooks.onStep) {
            m_hooks.onStep(done);
        }
        return {{"step", done.step},       {"loss", done.loss},     {"grad_norm", done.gradNorm},
                {"lr", done.learningRate}, {"tokens", done.tokens}, {"seconds", done.seconds}};
    }

    // Taken once, before anybody changes a file. What the weights come from: settings (but those that only say how it
    // is run), and the texts' token ids.
    std::string fingerprint() const
    {
        Json settings = readJsonFile(m_folder + "/pretrain.json");
        for (const char* free : {"device", "threads", "checkpoint_every_steps"}) {
            settings.erase(free);
        }
        const std::string config = readJsonFile(m_folder + "/config.json").dump();
        return toHex(sha256(settings.dump() + config + hashOfSequences(m_texts)));
    }

    void save(std::int64_t step) const
    {
        Checkpoint checkpoint;
        checkpoint.step = step;
        checkpoint.tensors = {{"weights", m_weights}, {"optimizer", m_optimizer->state()}};
        checkpoint.state = {{"step", step}, {"fingerprint", m_fingerprint}};
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
    PretrainSettings m_settings;
    files::ModelConfig m_config;
    model::Compute m_compute;
    std::vector<score::Sequence> m_texts;
    std::string m_fingerprint;
    std::unique_ptr<model::Decoder> m_decoder;
    std::map<std::string, at::Tensor> m_weights;
    std::unique_ptr<AdamW> m_optimizer;
    Schedule m_schedule;
    std::int64_t m_batchesPerEpoch = 1;
    std::int64_t m_epoch = -1;
    std::vector<std::vector<std::size_t>> m_batches;  // of that epoch
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
    const FolderLock lock(folder);
    refuseUnlessLocked(lock, folder);
    Pretraining(folder, hooks).run();
}

}  // namespace stet::round
