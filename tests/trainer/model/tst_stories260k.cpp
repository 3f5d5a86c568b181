// A really trained model: logits and greedy ids as its makers' program gives them (facts in ../shared/data/README.md).
#include "tests/support/paths.h"
#include "trainer/files/weight_layout.h"
#include "trainer/model/generate.h"
#include "trainer/score/response_log_probs.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <QtTest>

using namespace stet;

class Stories260KTest : public QObject {
    Q_OBJECT

    files::ModelFolder m_folder;
    std::unique_ptr<model::Decoder> m_decoder;

private Q_SLOTS:
    void initTestCase()
    {
        model::loadAccelerator();
        if (test::sharedData().empty()) {
            QSKIP("../shared/data is absent");
        }
        m_folder = files::openModelFolder(test::sharedData() + "/models/stories260K");
        m_decoder = model::Decoder::load(m_folder, model::resolveCompute({"cpu", "float32", 2}, "float32"));
    }

    void sizesAreRead()
    {
        QCOMPARE(m_decoder->parameterCount(), std::int64_t(260032));
        QCOMPARE(files::linearModules(m_decoder->config()).size(), std::size_t(35));
    }

    void logitsAfterTheBeginningAreTheKnownOnes()
    {
        const c10::InferenceMode inference;
        const at::Tensor hidden = m_decoder->hiddenStates(at::full({1, 1}, 1, at::kLong), {});
        const at::Tensor logits = m_decoder->logits(hidden.flatten(0, 1))[0];
        const double expected[] = {-6.22291, 8.40434, -6.22374, -6.22254, -6.22195, -6.22288};
        for (int i = 0; i < 6; ++i) {
            QVERIFY(std::fabs(logits[i].item<double>() - expected[i]) < 1e-4);
        }
    }

    void greedyIdsAreTheKnownOnes()
    {
        const std::vector<std::int64_t> expected = {403, 407, 261, 378, 432, 383, 286, 261, 376, 298, 315, 421,
                                                    395, 317, 426, 338, 401, 396, 267, 337, 410, 408, 419, 292};
        model::GenerateOptions options;
        options.maxNewTokens = static_cast<int>(expected.size());
        const auto results = model::generate(*m_decoder, {}, {{"a", {1}}}, m_folder.stopIds, options);
        QCOMPARE(results.front().ids, expected);
        QVERIFY(results.front().stoppedByLength);
    }

    // Alone and in a batch of unlike lengths: the same ids, greedy and sampled.
    void aResultDoesNotDependOnItsBatch()
    {
        std::vector<model::GenerateItem> items;
        for (int i = 0; i < 7; ++i) {
            model::GenerateItem item{"item " + std::to_string(i), {1, 403, 407, 261, 378, 432, 383, 286}};
            item.prompt.resize(static_cast<std::size_t>(1 + i));
            items.push_back(item);
        }
        for (const double temperature : {0.0, 1.0}) {
            model::GenerateOptions options;
            options.maxNewTokens = 64;
            options.temperature = temperature;
            options.topP = 0.95;
            options.seed = 7;
            options.batch = 7;
            const auto together = model::generate(*m_decoder, {}, items, m_folder.stopIds, options);
            options.batch = 1;
            const auto alone = model::generate(*m_decoder, {}, items, m_folder.stopIds, options);
            for (std::size_t i = 0; i < items.size(); ++i) {
                QCOMPARE(together[i].ids, alone[i].ids);
            }
        }
    }

    // The padded batch gives every sequence's own numbers, and a cache gives the forward's.
    void logProbsDoNotDependOnPadding()
    {
        const c10::InferenceMode inference;
        const std::vector<score::Sequence> sequences = {
            {{1, 403, 407}, {261, 378, 432, 383}}, {{1}, {403, 407, 261, 378, 432, 383, 286}}, {{}, {1, 403, 407}}};
        const auto together = score::responseLogProbs(*m_decoder, {}, sequences);
        QCOMPARE(together[2].size(0), std::int64_t(2));
        for (std::size_t i = 0; i < sequences.size(); ++i) {
            const auto alone = score::responseLogProbs(*m_decoder, {}, {sequences[i]});
            QVERIFY(at::allclose(together[i], alone.front(), 1e-5, 1e-6));
        }
        const auto tokens = score::responseTopTokens(*m_decoder, {}, std::vector{sequences[1]}, 5).front();
        for (std::size_t i = 0; i < tokens.logProbs.size(); ++i) {
            QVERIFY(std::fabs(tokens.logProbs[i] - together[1][static_cast<std::int64_t>(i)].item<double>()) < 1e-5);
            QCOMPARE(tokens.ranks[i] == 1, tokens.top[i].front().first == sequences[1].response[i]);
        }
    }

    void aCancelledForwardStopsBetweenLayers()
    {
        int asked = 0;
        const auto cancel = [&] { return ++asked > 2; };
        bool thrown = false;
        try {
            m_decoder->hiddenStates(at::full({1, 4}, 1, at::kLong), {}, nullptr, cancel);
        } catch (const model::Cancelled&) {
            thrown = true;
        }
        QVERIFY(thrown);
        QCOMPARE(asked, 3);
    }
};

QTEST_APPLESS_MAIN(Stories260KTest)
#include "tst_stories260k.moc"
