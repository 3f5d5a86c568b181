#include "trainer/bench/bench_measures.h"

#include "base/failure.h"
#include "contract/message.h"
#include "trainer/files/weight_layout.h"
#include "trainer/bench/bench_workload.h"
#include "trainer/bench/child_worker.h"
#include "trainer/model/generate.h"
#include "trainer/round/round_step.h"
#include "trainer/score/scorer.h"
#include "trainer/serve/signals.h"

#include <ATen/ATen.h>
#include <benchmark/benchmark.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <chrono>
#include <exception>

namespace stet::bench {

namespace {

constexpr int kBatch = 8;
constexpr int kDecodedTokens = 32;
constexpr std::int64_t kGemm = 1024;
constexpr std::int64_t kCopied = std::int64_t{1} << 24;

// Keeps each repetition's time; prints nothing.
class Collector : public benchmark::BenchmarkReporter {
public:
    explicit Collector(std::map<std::string, Measure>& measures) : m_measures(measures) { }

    bool ReportContext(const Context&) override { return true; }
    void ReportRuns(const std::vector<Run>& runs) override
    {
        for (const auto& run : runs) {
            if (run.run_type == Run::RT_Iteration && !run.error_occurred) {
                m_measures[run.run_name.function_name].seconds.push_back(
                    run.GetAdjustedRealTime() / benchmark::GetTimeUnitMultiplier(run.time_unit));
            }
        }
    }

private:
    std::map<std::string, Measure>& m_measures;
};

class Bench {
public:
    Bench(const serve::LoadedModel& model, const BenchPlan& plan)
        : m_model(model)
        , m_plan(plan)
        , m_answer(benchExample(model.encoder(), plan.answerTokens, plan.seed))
        , m_batch(benchBatch(model.encoder(), kBatch, plan.seed + 1000))
        , m_adapter(model::Adapter::create(model.decoder(), adapterConfig(), plan.seed))
        , m_scorer(model.decoder(), model.encoder())
    {
        m_adapter.requireGrad(true);
    }

    std::map<std::string, Measure> run()
    {
        addCompute();
        addScoring();
        addDecoding();
        addWorker();
        std::vector<std::string> words = {"bench", "--benchmark_enable_random_interleaving=true",
                                          "--benchmark_repetitions=" + std::to_string(m_plan.repetitions),
                                          "--benchmark_min_time=0.1"};
        std::vector<char*> arguments;
        std::transform(words.begin(), words.end(), std::back_inserter(arguments), [](auto& w) { return w.data(); });
        int count = static_cast<int>(arguments.size());
        benchmark::Initialize(&count, arguments.data());
        Collector collector(m_measures);
        benchmark::RunSpecifiedBenchmarks(&collector);
        benchmark::ClearRegisteredBenchmarks();
        if (m_thrown) {
            std::rethrow_exception(m_thrown);
        }
        return m_measures;
    }

private:
    // work: of one iteration.
    using Action = std::function<void(benchmark::State&)>;

    // As a round of the default preset trains it.
    files::AdapterConfig adapterConfig() const
    {
        files::AdapterConfig config;
        config.rank = m_settings.loraRank;
        config.alpha = m_settings.loraAlpha;
        config.targets = files::resolvedTargets(m_settings, m_model.folder().config);
        return config;
    }

    // work: of one iteration.
    benchmark::internal::Benchmark* add(const std::string& name, double work, Action action)
    {
        m_measures[name].work = work;
        const auto loop = [this, action = std::move(action)](benchmark::State& state) {
            for (auto _ : state) {
                once(action, state);
            }
        };
        return benchmark::RegisterBenchmark(name.c_str(), loop)->UseRealTime();
    }

    // Nothing may be thrown through the library: kept, and thrown by run().
    void once(const Action& action, benchmark::State& state)
    {
        if (m_thrown) {
            state.SkipWithError("stopped");
            return;
        }
        try {
            if (serve::interrupted()) {
                throw model::Cancelled();
            }
            action(state);
        } catch (...) {
            m_thrown = std::current_exception();
            state.SkipWithError("stopped");
        }
    }

    model::BatchShape shapeOf(bool judgedToo) const
    {
        model::BatchShape shape;
        for (const auto& example : m_batch) {
            for (std::size_t i = 0; i < (judgedToo ? example.readings.size() : 1); ++i) {
                shape.add(example.readings[i].sequence);
            }
        }
        return shape;
    }

    // Two operations per weight of the layers for every token, and per weight of the head for every token predicted.
    double forwardFlop(const model::BatchShape& shape) const
    {
        const auto& config = m_model.decoder().config();
        double layers = 0;
        for (const auto& [name, module] : files::linearModules(config)) {
            layers += static_cast<double>(module.in * module.out);
        }
        const auto head = static_cast<double>(config.vocabSize * config.hiddenSize);
        return 2 * layers * static_cast<double>(shape.tokens) + 2 * head * static_cast<double>(shape.scored);
    }

    // The ceiling of this machine in this run, one plain forward, one training step on the same examples.
    void addCompute()
    {
        const auto type = m_model.decoder().compute().dtype;
        const auto options = at::TensorOptions().dtype(type).device(m_model.decoder().compute().device);
        // Random numbers: zeros multiply faster.
        const at::Tensor left = at::randn({kGemm, kGemm}, options);
        const at::Tensor right = at::randn({kGemm, kGemm}, options);
        add("gemm", 2.0 * kGemm * kGemm * kGemm, [left, right](benchmark::State&) {
            const c10::InferenceMode inference;
            synchronised(at::mm(left, right).sum());
        });
        const at::Tensor numbers = at::randn({kCopied}, options);
        const at::Tensor target = at::empty_like(numbers);
        add("copy", 2.0 * static_cast<double>(numbers.nbytes()), [numbers, target](benchmark::State&) {
            const c10::InferenceMode inference;
            target.copy_(numbers);
            synchronised(target.narrow(0, 0, 1).sum());
        });
        std::vector<score::Sequence> sequences;
        for (const auto& example : m_batch) {
            sequences.push_back(example.readings.front().sequence);
        }
        m_measures["forward"].leastFlop = forwardFlop(shapeOf(false));
        add("forward", static_cast<double>(shapeOf(false).tokens), [this, sequences](benchmark::State&) {
            const c10::InferenceMode inference;
            const auto logProbs =
                score::responseLogProbs(m_model.decoder(), {{&m_adapter}, nullptr}, sequences, serve::interrupted);
            synchronised(at::cat(logProbs).sum());
        });
        // As many again for the gradients of the inputs: the base needs none of its own.
        m_measures["training"].leastFlop = 2 * forwardFlop(shapeOf(true));
        add("training", static_cast<double>(shapeOf(true).tokens), [this](benchmark::State&) {
            std::vector<const round::TrainingExample*> batch;
            for (const auto& example : m_batch) {
                batch.push_back(&example);
            }
            for (auto& parameter : m_adapter.parameters()) {
                parameter.mutable_grad().reset();
            }
            round::accumulateStep({m_model.decoder(), *m_objective, m_settings, {&m_adapter}, 4096, 0, {}}, batch, 0);
        });
    }

    // Both contexts from nothing, and what an edited judgment costs once the plain context is kept.
    void addScoring()
    {
        const auto tokens = static_cast<double>(responseTokens(m_model.encoder(), m_answer));
        add("score_cold", tokens, [this](benchmark::State&) {
            score::Scorer scorer(m_model.decoder(), m_model.encoder());
            scorer.score(edited(), {}, {}, {}, serve::interrupted);
        });
        m_scorer.score(m_answer, {}, {}, {}, serve::interrupted);
        add("score_cached", tokens,
            [this](benchmark::State&) { m_scorer.score(edited(), {}, {}, {}, serve::interrupted); });
    }

    void addDecoding()
    {
        for (const int batch : {1, kBatch}) {
            std::vector<model::GenerateItem> items;
            for (int i = 0; i < batch; ++i) {
                const auto& source = m_batch[static_cast<std::size_t>(i)].source;
                items.push_back({source.id, m_model.encoder().promptIds(text::Context::Plain, source)});
            }
            model::GenerateOptions options;
            options.maxNewTokens = kDecodedTokens;
            options.batch = batch;
            add("decode_" + std::to_string(batch), batch * kDecodedTokens, [this, items, options](benchmark::State&) {
                model::GenerateEvents events;
                events.cancelled = serve::interrupted;
                model::generate(m_model.decoder(), {}, items, {}, options, events);  // no stop id: all are as long
            });
        }
    }

    // As the window does it: process start to the first numbers, and an edit's way there and back.
    void addWorker()
    {
        const Json load = {{"model", m_plan.model},
                           {"device", m_plan.compute.device},
                           {"dtype", m_plan.compute.dtype},
                           {"threads", m_plan.compute.threads},
                           {"prompt_style", m_plan.promptStyle}};
        add("start_to_first_score", 1, [this, load](benchmark::State& state) {
            auto worker = std::make_unique<ChildWorker>();
            worker->ask(contract::method::kLoad, load);
            worker->ask(contract::method::kScore, asParams(m_answer));
            state.PauseTiming();  // its end is not its start
            worker.reset();
            state.ResumeTiming();
        })->Iterations(1);
        m_worker = std::make_unique<ChildWorker>();
        m_worker->ask(contract::method::kLoad, load);
        m_worker->ask(contract::method::kScore, asParams(m_answer));
        add("live_rescore", static_cast<double>(responseTokens(m_model.encoder(), m_answer)),
            [this](benchmark::State&) { m_worker->ask(contract::method::kScore, asParams(edited())); });
    }

    static void synchronised(const at::Tensor& tensor) { benchmark::DoNotOptimize(tensor.item<double>()); }

    // A judgment not seen before, of the same length.
    files::Example edited()
    {
        files::Example example = m_answer;
        std::string number = std::to_string(m_edits++);
        example.judgment =
            *example.judgment + " " + std::string(8 - std::min<std::size_t>(8, number.size()), '0') + number;
        return example;
    }

    static Json asParams(const files::Example& example)
    {
        return {{"id", example.id},
                {"instruction", example.instruction},
                {"output", *example.output},
                {"judgment", *example.judgment}};
    }

    const serve::LoadedModel& m_model;
    const BenchPlan& m_plan;
    files::RoundSettings m_settings;
    std::unique_ptr<round::Objective> m_objective = round::makeObjective(m_settings);
    files::Example m_answer;
    std::vector<round::TrainingExample> m_batch;
    model::Adapter m_adapter;
    score::Scorer m_scorer;
    std::unique_ptr<ChildWorker> m_worker;
    std::map<std::string, Measure> m_measures;
    std::exception_ptr m_thrown;
    std::uint64_t m_edits = 0;
};

}  // namespace

double Measure::median() const
{
    std::vector<double> sorted = seconds;
    std::sort(sorted.begin(), sorted.end());
    const std::size_t n = sorted.size();
    return n == 0 ? std::nan("") : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
}

std::map<std::string, Measure> measureAll(const serve::LoadedModel& model, const BenchPlan& plan)
{
    return Bench(model, plan).run();
}

}  // namespace stet::bench
