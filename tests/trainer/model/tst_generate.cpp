// What generation promises beside Transformers' greedy ids (tst_transformers_goldens) and the sampled distribution
// (tst_sampling): results that depend on neither batch nor order, the context's end, stop ids, the stream, and a stop
// between tokens.
#include "base/failure.h"
#include "tests/trainer/model/prompts.h"

#include <QtTest>

#include <algorithm>

using namespace stet;
using namespace stet::test;
using model::GenerateItem;
using model::GenerateOptions;

class GenerateTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { STET_LOAD_DEVICE(); }

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
        const auto decoder = goldenDecoder(name.toStdString());
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

    // The last token the context holds is still the model's own choice; then it ends, by length.
    void theContextIsUsedToItsEnd()
    {
        const auto decoder = goldenDecoder("grouped-untied");
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
        const auto decoder = goldenDecoder("grouped-untied");
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
        const auto decoder = goldenDecoder("grouped-untied");
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
        const auto decoder = goldenDecoder("tied");
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
        const auto decoder = goldenDecoder("tied");
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
