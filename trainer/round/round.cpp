#include "trainer/round/round.h"

#include "base/failure.h"
#include "base/files.h"
#include "base/sha256.h"
#include "trainer/files/weight_layout.h"
#include "trainer/round/adamw.h"
#include "trainer/round/checkpoint.h"
#include "trainer/round/health_gate.h"
#include "trainer/round/memory_check.h"
#include "trainer/round/prepared.h"
#include "trainer/round/probe.h"
#include "trainer/round/round_lock.h"
#include "trainer/round/round_step.h"
#include "trainer/round/schedule.h"
#include "trainer/round/selection.h"
#include "trainer/round/step_log.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <limits>

#include <sys/resource.h>

namespace stet::round {

namespace fs = std::filesystem;

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point begin)
{
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

void removeOutputs(const std::string& folder)
{
    removeCheckpoints(folder);
    std::error_code ignored;
    for (const char* name : {"adapter", "resolved.json", "log.jsonl", "probe.json", "report.json"}) {
        fs::remove_all(folder + "/" + name, ignored);
    }
}

struct StepAbandoned {
    Stop stop = Stop::Pause;
};

class Round {
public:
    Round(std::string folder, const RoundOptions& options, const RoundHooks& hooks)
        : m_folder(std::move(folder)), m_options(options), m_hooks(hooks)
    {
    }

    RoundResult run()
    {
        phase("checking");
        m_settings = files::readRoundSettings(m_folder);
        if (!m_options.dryRun) {
            m_lock.emplace(m_folder);
            removeLeftovers(m_folder);
            if (m_options.restart) {
                removeOutputs(m_folder);
            } else if (const auto finished = alreadyFinished()) {
                return *finished;
            }
        }
        setUp();
        if (m_options.dryRun) {
            return dryRun();
        }
        const std::int64_t first = resume();
        publishFile(m_folder + "/resolved.json", resolved().dump(2) + "\n");
        return finish(train(first));
    }

private:
    void phase(const std::string& name) const
    {
        if (m_hooks.onPhase) {
            m_hooks.onPhase(name);
        }
    }

    void warn(const std::string& text)
    {
        if (std::find(m_warnings.begin(), m_warnings.end(), text) != m_warnings.end()) {
            return;
        }
        m_warnings.push_back(text);
        if (m_hooks.onWarning) {
            m_hooks.onWarning(text);
        }
    }

    std::optional<RoundResult> alreadyFinished() const
    {
        const std::string path = m_folder + "/report.json";
        if (!fs::exists(path) || !fs::exists(m_folder + "/adapter")) {
            return std::nullopt;
        }
        return RoundResult{Outcome::AlreadyFinished, readJsonFile(path)};
    }

    void setUp()
    {
        m_modelFolder = files::openModelFolder(m_settings.model);
        m_settings.loraTargets = files::resolvedTargets(m_settings, m_modelFolder.config);
        m_promptTime = promptTime(m_folder);
        const auto tokenizer = text::Tokenizer::load(m_settings.model);
        const auto style = text::PromptStyle::resolve(m_settings.promptStyle, m_modelFolder);
        m_encoder = std::make_unique<text::ExampleEncoder>(tokenizer, style, m_modelFolder, m_promptTime);
        m_set = makeTrainingSet(m_folder + "/examples.jsonl", m_settings, *m_encoder);
        for (const auto& warning : m_settings.warnings) {
            warn(warning);
        }
        for (const auto& warning : m_set.warnings) {
            warn(warning);
        }
        phase("loading");
        loadModel();
        makeAdapter();
        const auto count = static_cast<std::int64_t>(m_set.examples.size());
        m_epochs = files::resolvedEpochs(m_settings, count);
        m_stepsPerEpoch = (count + m_settings.batchSize - 1) / m_settings.batchSize;
        m_schedule.steps = m_epochs * m_stepsPerEpoch;
        m_schedule.learningRate = files::resolvedLearningRate(m_settings, m_modelFolder.config.hiddenSize);
        m_schedule.warmupSteps = files::resolvedWarmup(m_settings, m_schedule.steps);
        m_schedule.warmupFromZero = m_settings.warmupFromZero;
        m_schedule.kind = m_settings.schedule;
        m_microBatchTokens = m_settings.microBatchTokens.value_or(
            automaticMicroBatch(m_decoder->compute(), m_decoder->parameterCount()));
        m_optimizer = std::make_unique<AdamW>(
            m_adapter.parameters(),
            AdamWSettings{m_settings.beta1, m_settings.beta2, m_settings.eps, m_settings.weightDecay});
    }

    void loadModel()
    {
        std::error_code ignored;
        if (m_options.decoder != nullptr && fs::equivalent(m_options.decoderModel, m_settings.model, ignored)) {
            m_decoder = m_options.decoder;
            refuseTooLittleMemory(m_modelFolder.config, roundMemory(m_decoder->compute(), false));
            return;
        }
        const auto compute = model::resolveCompute({m_settings.device, m_settings.dtype, m_settings.threads},
                                                   m_modelFolder.config.dtype);
        refuseTooLittleMemory(m_modelFolder.config, roundMemory(compute, true));
        m_ownDecoder = model::Decoder::load(m_modelFolder, compute);
        m_decoder = m_ownDecoder.get();
    }

    RoundMemory roundMemory(const model::Compute& compute, bool withWeights) const
    {
        RoundMemory memory{compute,     microBatchTokens(compute), 1, m_settings.batchSize,
                           withWeights, m_options.freeMemory};
        for (const auto* examples : {&m_set.examples, &m_set.anchors}) {
            for (const auto& example : *examples) {
                memory.longest = std::max(memory.longest, example.cost);
            }
        }
        memory.wholeVocabulary = m_settings.anchor.kind == files::AnchorKind::Kl ||
            m_settings.objective == files::Objective::SelfDistillation;
        return memory;
    }

    std::int64_t microBatchTokens(const model::Compute& compute) const
    {
        return m_settings.microBatchTokens.value_or(
            automaticMicroBatch(compute, files::parameterCount(m_modelFolder.config)));
    }

    void makeAdapter()
    {
        if (m_settings.parentUse == files::ParentUse::Continue) {
            m_adapter = model::Adapter::load(m_settings.parentAdapter, *m_decoder);
            refuseConflict(m_adapter.config);
            m_dropout = m_settings.loraDropout;
        } else {
            files::AdapterConfig config;
            config.rank = m_settings.loraRank;
            config.alpha = m_settings.loraAlpha;
            config.dropout = m_settings.loraDropout;
            config.rsLora = m_settings.loraRankStabilised;
            config.targets = *m_settings.loraTargets;
            config.baseModel = fs::path(m_settings.model).filename().string();
            m_adapter = model::Adapter::create(*m_decoder, config, m_settings.seed);
            m_dropout = m_settings.loraDropout;
            if (m_settings.parentUse == files::ParentUse::Merge) {
                m_parent = model::Adapter::load(m_settings.parentAdapter, *m_decoder);
                m_terms.push_back(&*m_parent);
            }
        }
        m_before = m_terms;
        if (m_settings.parentUse == files::ParentUse::Continue && m_settings.anchor.kind == files::AnchorKind::Kl) {
            m_start = model::Adapter::load(m_settings.parentAdapter, *m_decoder);
            m_before = {&*m_start};
        }
        m_adapter.requireGrad(true);
        m_terms.push_back(&m_adapter);
    }

    // "continue" takes rank, alpha and targets from the parent; `lora` may repeat them, not contradict.
    void refuseConflict(const files::AdapterConfig& parent) const
    {
        for (const auto& field : m_settings.loraFields) {
            const bool same = field == "r" ? m_settings.loraRank == parent.rank
                : field == "alpha"         ? m_settings.loraAlpha == parent.alpha
                : field == "rslora"        ? m_settings.loraRankStabilised == parent.rsLora
                                           : *m_settings.loraTargets == parent.targets;
            if (!same) {
                throw badInput(m_folder + "/round.json: field 'lora." + field + "' differs from the parent's in " +
                               m_settings.parentAdapter +
                               "; with parent.how \"continue\" the parent's holds: remove the field");
            }
        }
    }

    StepContext stepContext() const
    {
        return {*m_decoder, m_settings,    m_terms, m_microBatchTokens, m_dropout, [this] { betweenMicroBatches(); },
                m_before,   &m_set.anchors};
    }

    // A step of a large model takes long: a stop that keeps nothing of it doesn't wait for its end. The round is then
    // where it was before the step, and a resumed one does it again.
    void betweenMicroBatches() const
    {
        if (m_hooks.betweenMicroBatches) {
            m_hooks.betweenMicroBatches();
        }
        const Stop stop = m_training ? stopRequested() : Stop::None;
        if (stop == Stop::Pause || stop == Stop::Discard) {
            throw StepAbandoned{stop};
        }
    }

    std::vector<const TrainingExample*> batchOf(std::int64_t step)
    {
        const std::int64_t epoch = step / m_stepsPerEpoch;
        if (epoch != m_orderEpoch) {
            std::vector<int> lines;
            for (const auto& example : m_set.examples) {
                lines.push_back(example.source.line);
            }
            m_order = epochOrder(lines, m_settings.seed, epoch, m_settings.shuffle);
            m_orderEpoch = epoch;
        }
        const auto begin = static_cast<std::size_t>(step % m_stepsPerEpoch * m_settings.batchSize);
        const std::size_t end = std::min(m_order.size(), begin + static_cast<std::size_t>(m_settings.batchSize));
        std::vector<const TrainingExample*> batch;
        for (std::size_t i = begin; i < end; ++i) {
            batch.push_back(&m_set.examples[m_order[i]]);
        }
        return batch;
    }

    RoundResult dryRun()
    {
        const auto longest = std::max_element(m_set.examples.begin(), m_set.examples.end(),
                                              [](const auto& a, const auto& b) { return a.cost < b.cost; });
        std::vector<TrainingExample> one = {*longest};
        prepareExamples(stepContext(), one, {});
        const StepResult result = accumulateStep(stepContext(), {&one.front()}, 0);
        Json report = {
            {"outcome", "dry run"}, {"totals", countsOf(m_set)}, {"steps", m_schedule.steps}, {"loss", result.loss}};
        report["warnings"] = m_warnings;
        return {Outcome::DryRun, report};
    }

    // Back to where the newest intact checkpoint was; 0 without one.
    std::int64_t resume()
    {
        fingerprint();  // of the data as read, before anybody changes the file
        std::vector<std::string> damaged;
        const auto checkpoint = loadNewestCheckpoint(m_folder, damaged);
        for (const auto& text : damaged) {
            warn(text);
        }
        if (!checkpoint) {
            if (needsPreparing(m_settings, m_set.examples)) {
                phase("scoring");
                prepareExamples(stepContext(), m_set.examples, {});
            }
            return 0;
        }
        if (checkpoint->state.value("fingerprint", "") != fingerprint()) {
            throw badInput(
                m_folder +
                " has a checkpoint of other settings, data or model; put them back, or start over with --restart");
        }
        if (checkpoint->state.value("threads", 0) != m_decoder->compute().threads) {
            warn("The round is resumed with another number of threads: its bytes will differ from an uninterrupted "
                 "run's");
        }
        const at::NoGradGuard noGrad;
        for (auto& [module, pair] : m_adapter.modules) {
            pair.a.copy_(checkpoint->tensors.at("adapter").at(module + ".a"));
            pair.b.copy_(checkpoint->tensors.at("adapter").at(module + ".b"));
        }
        m_optimizer->restore(checkpoint->tensors.at("optimizer"), checkpoint->step);
        restorePrepared(m_set.examples, checkpoint->state);
        return checkpoint->step;
    }

    // What a checkpoint belongs to: settings, examples, model. Hashing a large model takes a while: once.
    const std::string& fingerprint()
    {
        if (m_fingerprint.empty()) {
            m_fingerprint = freshFingerprint();
        }
        return m_fingerprint;
    }

    std::string freshFingerprint()
    {
        Json settings = files::toJson(m_settings);
        for (const char* free : {"model", "device", "threads", "checkpoint_every_steps", "keep_checkpoints"}) {
            settings.erase(free);
        }
        return toHex(sha256(settings.dump() + dataHash() + modelHash() + parentHash()));
    }

    std::string parentHash() const
    {
        return m_settings.parentUse == files::ParentUse::None
            ? std::string()
            : sha256OfFile(m_settings.parentAdapter + "/adapter_model.safetensors");
    }

    std::string dataHash() const { return sha256OfFile(m_folder + "/examples.jsonl"); }

    const std::string& modelHash()
    {
        if (m_modelHash.empty()) {
            std::string all;
            for (const auto& file : m_modelFolder.weightFiles) {
                all += sha256OfFile(file);
            }
            m_modelHash = toHex(sha256(all));
        }
        return m_modelHash;
    }

    Json resolved()
    {
        Json json = files::toJson(m_settings);
        json["optimizer"]["lr"] = m_schedule.learningRate;
        json["schedule"]["warmup_steps"] = m_schedule.warmupSteps;
        json["epochs"] = m_epochs;
        json["steps"] = m_schedule.steps;
        json["micro_batch_tokens"] = m_microBatchTokens;
        json["prompt_style"] = m_encoder->style().name();
        json["prompt_time"] = m_promptTime;
        json["device"] = m_decoder->compute().device.str();
        json["device_reason"] = m_decoder->compute().reason;
        json["dtype"] = m_decoder->compute().dtype == c10::kFloat ? "float32" : "bfloat16";
        json["threads"] = m_decoder->compute().threads;
        json["model_sha256"] = modelHash();
        json["examples_sha256"] = dataHash();
        json["versions"] = {{"stet", STET_VERSION}, {"libtorch", "2.11.0"}, {"tokenizers", "0.22.2"}};
        return json;
    }

    void save(std::int64_t step)
    {
        Checkpoint checkpoint;
        checkpoint.step = step;
        for (const auto& [module, pair] : m_adapter.modules) {
            checkpoint.tensors["adapter"][module + ".a"] = pair.a;
            checkpoint.tensors["adapter"][module + ".b"] = pair.b;
        }
        checkpoint.tensors["optimizer"] = m_optimizer->state();
        checkpoint.state = preparedState(m_set.examples);
        checkpoint.state["fingerprint"] = fingerprint();
        checkpoint.state["threads"] = m_decoder->compute().threads;
        saveCheckpoint(m_folder, checkpoint, m_settings.keepCheckpoints);
    }

    Stop stopRequested() const { return m_hooks.stopRequested ? m_hooks.stopRequested() : Stop::None; }

    // Trains from update `first` on. Returns why it ended: None when all steps are done.
    Stop train(std::int64_t first)
    {
        phase("training");
        StepLog log(m_folder + "/log.jsonl", first);
        m_begin = Clock::now();
        m_firstStep = first;
        m_training = true;
        for (m_step = first; m_step < m_schedule.steps;) {
            Stop stop = Stop::None;
            try {
                log.append(oneStep());
                stop = stopRequested();
            } catch (const StepAbandoned& abandoned) {
                stop = abandoned.stop;
            }
            const bool wanted = m_hooks.saveRequested && m_hooks.saveRequested();
            const bool due = m_step % m_settings.checkpointEverySteps == 0 && m_step < m_schedule.steps;
            if (stop == Stop::Pause || wanted || due) {
                save(m_step);
            }
            if (stop != Stop::None) {
                return stop;
            }
        }
        return Stop::None;
    }

    Json oneStep()
    {
        const auto begin = Clock::now();
        const auto batch = batchOf(m_step);
        m_optimizer->zeroGrad();
        const StepResult result = accumulateStep(stepContext(), batch, m_step);
        const double norm = m_optimizer->clipGradNorm(m_settings.maxGradNorm);
        if (!std::isfinite(result.loss) || !std::isfinite(norm)) {
            throw badInput("The loss at step " + std::to_string(m_step + 1) +
                           " is not a number: the learning rate is too high or the model's weights are damaged. Lower "
                           "optimizer.lr in round.json; nothing was published");
        }
        const double rate = m_schedule.at(m_step);
        m_optimizer->step(rate);
        ++m_step;
        m_emptyFlags += m_step <= m_firstStep + m_stepsPerEpoch ? result.emptyFlags : 0;
        m_lastStep = result;
        Json ids = Json::array();
        for (const auto* example : batch) {
            ids.push_back(example->source.idIsNumber ? Json::parse(example->source.id) : Json(example->source.id));
        }
        Json line = toJson(result);
        line.update({{"step", m_step},
                     {"grad_norm", norm},
                     {"lr", rate},
                     {"tokens", result.tokens},
                     {"seconds", secondsSince(begin)},
                     {"examples", ids}});
        if (m_hooks.onStep) {
            const auto done = m_step - m_firstStep;
            const double left = done < 2
                ? -1
                : secondsSince(m_begin) / static_cast<double>(done) * static_cast<double>(m_schedule.steps - m_step);
            m_hooks.onStep({m_step, m_schedule.steps, left, line});
        }
        return line;
    }

    RoundResult finish(Stop stop)
    {
        if (stop == Stop::Pause) {
            return {Outcome::Paused, {{"outcome", "paused"}, {"step", m_step}, {"steps", m_schedule.steps}}};
        }
        if (stop == Stop::Discard) {
            removeOutputs(m_folder);
            return {Outcome::Discarded, {{"outcome", "discarded"}, {"step", m_step}}};
        }
        phase("saving");
        m_adapter.requireGrad(false);
        const Json probe = makeProbe(*m_decoder, {m_terms, nullptr}, m_set.examples);
        const model::Adapter joined = m_parent ? model::concatenate({&*m_parent, &m_adapter}) : m_adapter;
        // The adapter stands under another name until it has proved itself.
        const std::string trial = m_folder + "/adapter.stet-tmp-trial";
        std::error_code ignored;
        fs::remove_all(trial, ignored);
        publishFolder(trial, [&](const std::string& path) { joined.save(path); });
        phase("evaluating");
        const Json health = checkHealth(trial, probe, {*m_decoder, m_terms, m_set.examples});
        publishFile(m_folder + "/probe.json", probe.dump() + "\n");
        if (!health.at("passed").get<bool>()) {
            fs::remove_all(trial, ignored);
            throw badInput("The trained adapter did not pass the health gate: " +
                           health.at("problem").get<std::string>() + "; nothing was published");
        }
        // Left by a process that was killed between this rename and the report.
        fs::remove_all(m_folder + "/adapter", ignored);
        fs::rename(trial, m_folder + "/adapter");
        syncFolder(m_folder);
        const Json report = reportOf(stop, health);
        publishFile(m_folder + "/report.json", report.dump(2) + "\n");
        removeCheckpoints(m_folder);
        return {stop == Stop::Keep ? Outcome::Kept : Outcome::Finished, report};
    }

    Json reportOf(Stop stop, const Json& health) const
    {
        rusage usage = {};
        getrusage(RUSAGE_SELF, &usage);
        return {{"outcome", stop == Stop::Keep ? "kept" : "finished"},
                {"steps", m_schedule.steps},
                {"steps_done", m_step},
                {"epochs", m_epochs},
                {"totals", countsOf(m_set)},
                {"nothing_flagged", m_emptyFlags},
                {"last_step", toJson(m_lastStep)},
                {"seconds", secondsSince(m_begin)},
                {"memory_peak", {{"resident_bytes", static_cast<std::int64_t>(usage.ru_maxrss) * 1024}}},
                {"health", health},
                {"warnings", m_warnings}};
    }

    std::string m_folder;
    const RoundOptions& m_options;
    const RoundHooks& m_hooks;
    std::optional<RoundLock> m_lock;
    files::RoundSettings m_settings;
    std::int64_t m_promptTime = 0;
    bool m_training = false;
    files::ModelFolder m_modelFolder;
    std::unique_ptr<text::ExampleEncoder> m_encoder;
    TrainingSet m_set;
    std::unique_ptr<model::Decoder> m_ownDecoder;
    const model::Decoder* m_decoder = nullptr;
    std::optional<model::Adapter> m_parent;
    model::Adapter m_adapter;
    std::optional<model::Adapter> m_start;  // "continue" with an anchor: the adapter as it was given
    std::vector<const model::Adapter*> m_terms;
    std::vector<const model::Adapter*> m_before;  // the model the round begins with
    std::unique_ptr<AdamW> m_optimizer;
    Schedule m_schedule;
    double m_dropout = 0;
    std::int64_t m_epochs = 1;
    std::int64_t m_stepsPerEpoch = 1;
    std::int64_t m_microBatchTokens = 1024;
    std::int64_t m_step = 0;
    std::int64_t m_firstStep = 0;
    std::int64_t m_orderEpoch = -1;
    std::vector<std::size_t> m_order;
    StepResult m_lastStep;
    int m_emptyFlags = 0;
    Clock::time_point m_begin = Clock::now();
    std::string m_fingerprint;
    std::string m_modelHash;
    std::vector<std::string> m_warnings;
};

}  // namespace

std::string outcomeName(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Finished:
        return "finished";
    case Outcome::AlreadyFinished:
        return "already finished";
    case Outcome::Kept:
        return "kept";
    case Outcome::Paused:
        return "paused";
    case Outcome::Discarded:
        return "discarded";
    case Outcome::DryRun:
        return "dry run";
    }
    return {};
}

RoundResult runRound(const std::string& folder, const RoundOptions& options, const RoundHooks& hooks)
{
    if (!fs::is_directory(folder)) {
        throw badInput("There is no round folder at " + folder + "; check the path");
    }
    return Round(folder, options, hooks).run();
}

std::int64_t promptTime(const std::string& folder)
{
    const std::string path = folder + "/resolved.json";
    const auto now = static_cast<std::int64_t>(std::time(nullptr));
    return fs::exists(path) ? optionalInteger(readJsonFile(path), "prompt_time", path).value_or(now) : now;
}

}  // namespace stet::round
