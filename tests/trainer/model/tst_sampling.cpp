// Sampling: the distribution it promises, by seed, and its cold end.
#include "tests/trainer/model/prompts.h"

#include <QtTest>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace stet;
using namespace stet::test;
using model::GenerateItem;
using model::GenerateOptions;

namespace {

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

class SamplingTest : public QObject {
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
        const auto decoder = goldenDecoder("tied");
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

    void aSeedGivesTheSameAgainAndAnotherSeedAnother()
    {
        const auto decoder = goldenDecoder("tied");
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
        const auto decoder = goldenDecoder("tied");
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
};

QTEST_APPLESS_MAIN(SamplingTest)
#include "tst_sampling.moc"
