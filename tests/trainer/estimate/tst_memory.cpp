// Memory estimated from the headers against what the allocator counts, at sizes where tensors dominate and small
// constants don't.
#include "base/failure.h"
#include "base/json.h"
#include "tests/support/device.h"
#include "trainer/bench/memory_benchmark.h"
#include "trainer/estimate/memory.h"
#include "trainer/model/memory_meter.h"

#include <ATen/ATen.h>

#include <QtTest>

using namespace stet;

namespace {

// As far as an estimate may be off.
constexpr double kLeast = 0.85;
constexpr double kMost = 1.15;

Json llama()
{
    return {{"architectures", {"LlamaForCausalLM"}},
            {"hidden_size", 192},
            {"intermediate_size", 512},
            {"num_hidden_layers", 3},
            {"num_attention_heads", 6},
            {"num_key_value_heads", 2},
            {"vocab_size", 4000},
            {"max_position_embeddings", 2048},
            {"rms_norm_eps", 1e-5},
            {"hidden_act", "silu"},
            {"tie_word_embeddings", false}};
}

Json gemma2()
{
    return {{"architectures", {"Gemma2ForCausalLM"}},
            {"hidden_size", 128},
            {"intermediate_size", 512},
            {"num_hidden_layers", 2},
            {"num_attention_heads", 4},
            {"num_key_value_heads", 2},
            {"head_dim", 32},
            {"vocab_size", 4000},
            {"max_position_embeddings", 2048},
            {"rms_norm_eps", 1e-6},
            {"hidden_activation", "gelu_pytorch_tanh"},
            {"sliding_window", 64},
            {"query_pre_attn_scalar", 32},
            {"attn_logit_softcapping", 50.0},
            {"final_logit_softcapping", 30.0}};
}

Json phi3()
{
    return {{"architectures", {"Phi3ForCausalLM"}},
            {"hidden_size", 192},
            {"intermediate_size", 512},
            {"num_hidden_layers", 3},
            {"num_attention_heads", 6},
            {"num_key_value_heads", 6},
            {"vocab_size", 4000},
            {"max_position_embeddings", 2048},
            {"original_max_position_embeddings", 2048},
            {"rms_norm_eps", 1e-5},
            {"hidden_act", "silu"}};
}

void within(const char* what, const bench::MemoryBenchmark& trial)
{
    qInfo("%s: estimated %.3f of the measured %.2f MB", what, trial.ratio(), static_cast<double>(trial.measured) / 1e6);
    QVERIFY2(trial.ratio() > kLeast && trial.ratio() < kMost, what);
}

}  // namespace

class MemoryTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { STET_LOAD_DEVICE(); }

    void theMeterCountsWhatIsHeldAndItsPeak()
    {
        const model::MemoryMeter meter(c10::kCPU);
        QCOMPARE(meter.peak(), std::uint64_t(0));
        const at::Tensor kept = at::zeros({1000});
        {
            const at::Tensor passing = at::zeros({3000});
        }
        QCOMPARE(meter.held(), std::uint64_t(4000));
        QCOMPARE(meter.peak(), std::uint64_t(16000));
    }

    void theEstimateIsWithinFifteenPercent_data()
    {
        QTest::addColumn<QString>("family");
        QTest::addColumn<QString>("dtype");
        for (const char* family : {"llama", "gemma2", "phi3"}) {
            for (const char* dtype : {"float32", "bfloat16"}) {
                QTest::addRow("%s %s", family, dtype) << QString::fromLatin1(family) << QString::fromLatin1(dtype);
            }
        }
    }

    void theEstimateIsWithinFifteenPercent()
    {
        QFETCH(QString, family);
        QFETCH(QString, dtype);
        const Json json = family == QStringLiteral("llama") ? llama()
            : family == QStringLiteral("gemma2")            ? gemma2()
                                                            : phi3();
        const auto config = files::parseModelConfig(json, family.toStdString());
        const auto compute = test::compute(dtype.toStdString());
        const model::MemoryMeter meter(compute.device);
        const auto decoder = model::Decoder::create(config, compute, 1);
        within("weights", {model::weightsMemory(config, compute.dtype), meter.held()});
        for (const auto& [prompt, response] : {std::pair{32, 160}, std::pair{224, 32}}) {
            within("score", bench::benchmarkScoring(*decoder, {1, prompt, response}));
            within("training, MLP", bench::benchmarkTraining(*decoder, {3, prompt, response}));
            within("training, every layer, dropout",
                   bench::benchmarkTraining(*decoder, {2, prompt, response, 16, false, 0.1}));
            within("cut",
                   bench::benchmarkTraining(*decoder, {2, prompt, response, 16, true, 0, files::Objective::Cut}));
            within("self-distillation",
                   bench::benchmarkTraining(*decoder,
                                            {2, prompt, response, 16, true, 0, files::Objective::SelfDistillation}));
            within("ftpo",
                   bench::benchmarkTraining(*decoder, {2, prompt, response, 16, true, 0, files::Objective::Ftpo}));
        }
    }

    // More of anything never takes less.
    void theEstimateGrowsWithTheWork()
    {
        const auto config = files::parseModelConfig(llama(), "llama");
        const auto score = [&](std::int64_t length, std::int64_t scored) {
            return round::scoreMemory(config, test::compute(), {1, length, length, scored});
        };
        QVERIFY(score(100, 10) < score(1000, 10));
        QVERIFY(score(1000, 10) < score(1000, 1000));
        const auto impression = round::estimateMemory(config, test::compute("bfloat16"));
        QVERIFY(impression.weights < impression.score);
        QVERIFY(impression.weights < impression.round);
        QVERIFY(round::estimateMemory(config, test::compute(), 4096).round >
                round::estimateMemory(config, test::compute(), 1024).round);
    }
};

QTEST_APPLESS_MAIN(MemoryTest)
#include "tst_memory.moc"
