// What generation promises beside Transformers' greedy ids (tst_transformers_goldens): the sampled distribution,
// results that depend on neither batch nor order, the context's end, stop ids, the stream, and a stop between tokens.
#include "base/failure.h"
#include "tests/support/device.h"
#include "tests/support/paths.h"
#include "trainer/model/generate.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <QtTest>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace stet;
using model::GenerateItem;
using model::GenerateOptions;

namespace {

std::unique_ptr<model::Decoder> load(const std::string& name)
{
    return model::Decoder::load(files::openModelFolder(test::goldenDir() + "/transformers/" + name), test::compute());
}

std::vector<std::int64_t> promptOf(const model::Decoder& decoder, std::int64_t length, std::int64_t seed)
{
    std::vector<std::int64_t> ids;
    for (std::int64_t i = 0; i < length; ++i) {
        ids.push_back((seed * 31 + i * 17 + 3) % decoder.config().vocabSize);
    }
    return ids;
}

// Of different lengths, so that a batch is padded.
std::vector<GenerateItem> someItems(const model::Decoder& decoder)
{
    std::vector<GenerateItem> items;
    for (std::int64_t i = 0; i < 8; ++i) {
        items.push_back({"item " + std::to_string(i), promptOf(decoder, 3 + i * 5 % 11, i)});
    }
    return items;
}

// Log-probabilities of the next token by a forward without cache.
at::Tensor nextLogits(const model::Decoder& decoder, const std::vector<std::int64_t>& ids)
{
    const c10::InferenceMode inference;
    const at::Tensor hidden = decoder.hiddenStates(at::tensor(ids).unsqueeze(0).to(decoder.compute().device), {});
    return decoder.logits(hidden.select(1, -1))[0].to(c10::kCPU, c10::kDouble);
}

// Softmax with temperature, cut to the smallest set of mass ≥ topP, by the definition.
std::vector<double> expectedShares(const at::Tensor& logits, const GenerateOptions& options)
{
    const auto size = static_cast<std::size_t>(logits.numel());
    std::vector<double> shares(size);
    double sum = 0;
    for (std::size_t i = 0; i < size; ++i) {
        sum += shares[i] = std::exp(logits[static_cast<std::int64_t>(i)].item<double>() / options.temperature);
    }
    std::vector<std::size_t> order(size);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return shares[a] > shares[b]; });
    double mass = 0;
    double kept = 0;
    for (const std::size_t i : order) {
        shares[i] = mass < options.topP ? shares[i] / sum : 0;
        mass += mass < options.topP ? shares[i] : 0;
        kept += shares[i];
    }
    for (double& share : shares) {
        share /= kept;
    }
    return shares;
}

}  // namespace

class GenerateTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { STET_LOAD_DEVICE(); }

    void sampledTokensFollowTheDistribution_data()
    {
        QTest::addColumn<double>("temperature");
        QTest::addColumn<double>("topP");
        QTest::newRow("plain") << 1.0 << 1.0;
        QTest::newRow("warm") << 1.7 << 1.0;
        QTest::newRow("top-p") << 1.0 << 0.8;
        QTest::newRow("cool, top-p") << 0.6 << 0.9;
    }

    // χ² of the first tokens of many prompts that differ in their key alone.
    void sampledTokensFollowTheDistribution()
    {
        QFETCH(double, temperature);
        QFETCH(double, topP);
        constexpr int kDraws = 4000;
        const auto decoder = load("tied");
        GenerateOptions options;
        options.maxNewTokens = 1;
        options.temperature = temperature;
        options.topP = topP;
        options.seed = 7;
        options.batch = 500;
        const auto prompt = promptOf(*decoder, 4, 1);
        std::vector<GenerateItem> items;
        for (int i = 0; i < kDraws; ++i) {
            items.push_back({std::to_string(i), prompt});
        }
        const auto shares = expectedShares(nextLogits(*decoder, prompt), options);
        std::vector<int> counts(shares.size(), 0);
        for (const auto& result : model::generate(*decoder, {}, items, {}, options)) {
            ++counts.at(static_cast<std::size_t>(result.ids.at(0)));
        }
        double chiSquare = 0;
        int bins = 0;
        double rareShare = 0;
        double rareCount = 0;
        for (std::size_t i = 0; i < shares.size(); ++i) {
            const double expected = shares[i] * kDraws;
            QVERIFY2(expected > 0 || counts[i] == 0, "a token outside the nucleus was drawn");
            if (expected < 5) {
                rareShare += expected;
                rareCount += counts[i];
                continue;
            }
            chiSquare += std::pow(counts[i] - expected, 2) / expected;
            ++bins;
        }
        if (rareShare >= 5) {
            chiSquare += std::pow(rareCount - rareShare, 2) / rareShare;
            ++bins;
        }
        const double freedom = bins - 1;
        qInfo("chi-square %.1f with %d degrees of freedom", chiSquare, bins - 1);
        QVERIFY(bins >= 5);
        // Three standard deviations; the seed is fixed, so that the answer is, too.
        QVERIFY(chiSquare < freedom + 3 * std::sqrt(2 * freedom));
        QVERIFY(chiSquare > freedom - 3 * std::sqrt(2 * freedom));
    }

    void neitherBatchNorOrderChangesAResult_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name :
             {"grouped-untied", "mistral", "gemma2", "qwen3-window", "phi3-longrope", "dynamic-rope"}) {
            QTest::newRow(name) << QString::fromLatin1(name);
        }
    }

    void neitherBatchNorOrderChangesAResult()
    {
        QFETCH(QString, name);
        const auto decoder = load(name.toStdString());
        auto items = someItems(*decoder);
        for (const double temperature : {0.0, 1.0}) {
            GenerateOptions options;
            options.maxNewTokens = 24;
            options.temperature = temperature;
            options.topP = 0.95;
            options.batch = 1;
            const auto alone = model::generate(*decoder, {}, items, {}, options);
            for (const int batch : {3, 8}) {
                options.batch = batch;
                const auto together = model::generate(*decoder, {}, items, {}, options);
                for (std::size_t i = 0; i < items.size(); ++i) {
                    QCOMPARE(together[i].ids, alone[i].ids);
                }
            }
            auto backwards = items;
            std::reverse(backwards.begin(), backwards.end());
            const auto reversed = model::generate(*decoder, {}, backwards, {}, options);
            for (std::size_t i = 0; i < items.size(); ++i) {
                QCOMPARE(reversed[items.size() - 1 - i].ids, alone[i].ids);
            }
        }
    }

    void aSeedGivesTheSameAgainAndAnotherSeedAnother()
    {
        const auto decoder = load("tied");
        const auto items = someItems(*decoder);
        GenerateOptions options;
        options.maxNewTokens = 12;
        options.temperature = 1;
        options.seed = 1;
        const auto first = model::generate(*decoder, {}, items, {}, options);
        const auto again = model::generate(*decoder, {}, items, {}, options);
        options.seed = 2;
        const auto other = model::generate(*decoder, {}, items, {}, options);
        int different = 0;
        for (std::size_t i = 0; i < items.size(); ++i) {
            QCOMPARE(again[i].ids, first[i].ids);
            different += other[i].ids == first[i].ids ? 0 : 1;
        }
        QVERIFY(different >= 7);
    }

    // However cold: never a division by next to nothing that loses the distribution.
    void theColdestSampleIsTheGreedyOne()
    {
        const auto decoder = load("tied");
        const auto items = someItems(*decoder);
        GenerateOptions options;
        options.maxNewTokens = 6;
        const auto greedy = model::generate(*decoder, {}, items, {}, options);
        for (const double temperature : {1e-5, 1e-320}) {
            options.temperature = temperature;
            const auto cold = model::generate(*decoder, {}, items, {}, options);
            for (std::size_t i = 0; i < items.size(); ++i) {
                QCOMPARE(cold[i].ids, greedy[i].ids);
            }
        }
    }

    // The last token the context holds is still the model's own choice; then it ends, by length.
    void theContextIsUsedToItsEnd()
    {
        const auto decoder = load("grouped-untied");
        const auto context = decoder->config().contextLength;
        const std::vector<GenerateItem> items = {{"long", promptOf(*decoder, context - 3, 1)},
                                                 {"short", promptOf(*decoder, 5, 2)}};
        GenerateOptions options;
        options.maxNewTokens = 8;
        const auto results = model::generate(*decoder, {}, items, {}, options);
        QCOMPARE(results[0].ids.size(), std::size_t(3));
        QVERIFY(results[0].stoppedByLength);
        QCOMPARE(results[1].ids.size(), std::size_t(8));
        for (std::size_t i = 0; i < items.size(); ++i) {
            auto ids = items[i].prompt;
            for (const auto id : results[i].ids) {
                QCOMPARE(id, nextLogits(*decoder, ids).argmax().item<std::int64_t>());
                ids.push_back(id);
            }
        }
    }

    void aPromptThatFillsTheContextIsRefusedByName()
    {
        const auto decoder = load("grouped-untied");
        const std::vector<GenerateItem> items = {{"full", promptOf(*decoder, decoder->config().contextLength, 1)}};
        try {
            model::generate(*decoder, {}, items, {}, {});
            QFAIL("it was taken");
        } catch (const Failure& failure) {
            QCOMPARE(failure.kind(), FailureKind::BadInput);
            QVERIFY(std::string(failure.what()).find("'full'") != std::string::npos);
        }
    }

    void aStopIdEndsItsRowAlone()
    {
        const auto decoder = load("grouped-untied");
        const auto items = someItems(*decoder);
        GenerateOptions options;
        options.maxNewTokens = 20;
        const auto whole = model::generate(*decoder, {}, items, {}, options);
        const std::int64_t stop = whole[2].ids.at(9);
        const auto stopped = model::generate(*decoder, {}, items, {stop}, options);
        int ended = 0;
        for (std::size_t i = 0; i < items.size(); ++i) {
            const auto at = std::find(whole[i].ids.begin(), whole[i].ids.end(), stop);
            QCOMPARE(stopped[i].ids, std::vector<std::int64_t>(whole[i].ids.begin(), at));
            QCOMPARE(stopped[i].stoppedByLength, at == whole[i].ids.end());
            ended += at == whole[i].ids.end() ? 0 : 1;
        }
        QVERIFY(ended >= 1);
    }

    // Tokens come one step of the batch after another, each row's in order; a row's end comes once, after its tokens.
    void tokensStreamInOrder()
    {
        const auto decoder = load("tied");
        const auto items = someItems(*decoder);
        GenerateOptions options;
        options.maxNewTokens = 10;
        options.batch = 3;
        std::vector<std::vector<std::int64_t>> streamed(items.size());
        std::vector<int> ends(items.size(), 0);
        model::GenerateEvents events;
        events.onToken = [&](std::size_t item, std::int64_t id) {
            QCOMPARE(ends[item], 0);
            streamed[item].push_back(id);
        };
        events.onDone = [&](std::size_t item, const model::Generated& result) {
            QCOMPARE(result.ids, streamed[item]);
            ++ends[item];
        };
        const auto results = model::generate(*decoder, {}, items, {}, options, events);
        for (std::size_t i = 0; i < items.size(); ++i) {
            QCOMPARE(results[i].ids, streamed[i]);
            QCOMPARE(ends[i], 1);
        }
    }

    void aStopIsHeardBetweenTwoTokens()
    {
        const auto decoder = load("tied");
        const auto items = someItems(*decoder);
        GenerateOptions options;
        options.maxNewTokens = 50;
        int tokens = 0;
        model::GenerateEvents events;
        events.onToken = [&](std::size_t, std::int64_t) { ++tokens; };
        events.cancelled = [&] { return tokens >= 5; };
        QVERIFY_THROWS_EXCEPTION(model::Cancelled, model::generate(*decoder, {}, items, {}, options, events));
        // The step it was in is finished, no further one begun.
        QCOMPARE(tokens, 8);
    }
};

QTEST_APPLESS_MAIN(GenerateTest)
#include "tst_generate.moc"
