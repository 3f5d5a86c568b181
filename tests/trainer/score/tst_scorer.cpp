// Scores against Transformers (tests/golden/make_score_goldens.py): every context, every contrast, ranks, and what
// can't be scored.
#include "base/failure.h"
#include "tests/support/device.h"
#include "tests/support/paths.h"
#include "trainer/model/memory_meter.h"
#include "trainer/score/scorer.h"

#include <QtTest>

#include <cmath>

using namespace stet;
using text::Context;

namespace {

constexpr double kTolerance = 1e-4;

const Json& golden()
{
    static const Json kGolden = readJsonFile(test::goldenDir() + "/score/score.json");
    return kGolden;
}

double largestDifference(const std::vector<double>& found, const std::vector<double>& expected)
{
    double largest = found.size() == expected.size() ? 0 : 1e9;
    for (std::size_t i = 0; i < std::min(found.size(), expected.size()); ++i) {
        largest = std::max(largest, std::fabs(found[i] - expected[i]));
    }
    return largest;
}

}  // namespace

class ScorerTest : public QObject {
    Q_OBJECT

    files::ModelFolder m_folder;
    std::unique_ptr<model::Decoder> m_decoder;
    std::unique_ptr<text::ExampleEncoder> m_encoder;

    score::ScoreOptions options() const
    {
        score::ScoreOptions options;
        options.contexts = {Context::Plain, Context::Judged, Context::Praised, Context::Blank, Context::Correction};
        options.detection.lambda = golden().at("lambda").get<double>();
        options.top = golden().at("top").get<int>();
        options.otherJudgments = golden().at("others").get<std::vector<std::string>>();
        return options;
    }

    static files::Example exampleOf(const Json& one) { return files::parseExample(one.at("example"), "golden", true); }

private Q_SLOTS:
    void initTestCase()
    {
        STET_LOAD_DEVICE();
        m_folder = files::openModelFolder(test::goldenDir() + "/cut/model");
        m_decoder = model::Decoder::load(m_folder, test::compute());
        m_encoder = std::make_unique<text::ExampleEncoder>(text::Tokenizer::load(m_folder.path),
                                                           text::PromptStyle::resolve("alpaca", m_folder), m_folder);
    }

    void everyContextHasTransformersNumbers()
    {
        score::Scorer scorer(*m_decoder, *m_encoder);
        for (const Json& one : golden().at("cases")) {
            const auto example = exampleOf(one);
            const auto result = scorer.score(example, options(), {}, "");
            QCOMPARE(result.ids, one.at("ids").get<std::vector<std::int64_t>>());
            for (std::size_t i = 0; i < result.ranges.size(); ++i) {
                QCOMPARE(result.ranges[i].begin, one.at("ranges").at(i).at(0).get<int>());
                QCOMPARE(result.ranges[i].end, one.at("ranges").at(i).at(1).get<int>());
            }
            for (const auto& [context, scores] : result.contexts) {
                const std::string name(text::contextName(context));
                const auto expected = one.at("logprob").at(name).get<std::vector<double>>();
                QVERIFY2(largestDifference(scores.logProbs, expected) < kTolerance, name.c_str());
            }
            for (const Context context : {Context::Plain, Context::Judged}) {
                const std::string name(text::contextName(context));
                if (!one.at("rank").contains(name)) {
                    continue;
                }
                const auto& scores = result.contexts.at(context);
                QCOMPARE(scores.ranks, one.at("rank").at(name).get<std::vector<int>>());
                for (std::size_t i = 0; i < scores.top.size(); ++i) {
                    for (std::size_t k = 0; k < scores.top[i].size(); ++k) {
                        QCOMPARE(scores.top[i][k].first, one.at("top").at(name).at(i).at(k).get<std::int64_t>());
                    }
                }
            }
        }
    }

    void everyContrastIsTheFormulas_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name : {"D1", "D2", "D3", "D4", "D5", "D6"}) {
            QTest::newRow(name) << QString::fromLatin1(name);
        }
    }

    void everyContrastIsTheFormulas()
    {
        QFETCH(QString, name);
        score::Scorer scorer(*m_decoder, *m_encoder);
        auto wanted = options();
        wanted.detection.contrast = *contrastFromName(name.toStdString());
        int flags = 0;
        for (const Json& one : golden().at("cases")) {
            const auto result = scorer.score(exampleOf(one), wanted, {}, "");
            if (!one.contains("log_ratio")) {
                QVERIFY(result.detection.logRatios.empty());
                QVERIFY(result.detection.flagged.empty());
                continue;
            }
            const auto expected = one.at("log_ratio").at(name.toStdString()).get<std::vector<double>>();
            QVERIFY(largestDifference(result.detection.logRatios, expected) < 2 * kTolerance);
            for (std::size_t i = 0; i < expected.size(); ++i) {
                const double margin = name == QLatin1String("D4") ? -std::log(wanted.detection.lambda) - expected[i]
                                                                  : expected[i] - std::log(wanted.detection.lambda);
                if (std::fabs(margin) > 2 * kTolerance) {
                    QCOMPARE(result.detection.flagged[i] != 0, margin > 0);
                }
                flags += result.detection.flagged[i] != 0 ? 1 : 0;
            }
        }
        QVERIFY(flags > 0);
    }

    void anEditedJudgmentReusesTheOtherContexts()
    {
        score::Scorer scorer(*m_decoder, *m_encoder);
        files::Example example = exampleOf(golden().at("cases").at(0));
        const score::ScoreOptions wanted;
        int passes = 0;  // layers of them
        const auto count = [&] {
            ++passes;
            return false;
        };
        const auto memoryOf = [&] {
            const model::MemoryMeter meter(m_decoder->compute().device);
            (void)scorer.score(example, wanted, {}, "", count);
            return meter.peak();
        };
        const auto both = memoryOf();
        const int once = passes;
        QCOMPARE(once, static_cast<int>(m_decoder->config().layers));  // both contexts in one
        (void)memoryOf();
        QCOMPARE(passes, once);  // nothing is read again
        example.judgment = "Something else is wrong.";
        const auto one = memoryOf();
        QCOMPARE(passes, 2 * once);
        if (test::device() == "cpu") {
            QVERIFY2(one < both * 3 / 4, qPrintable(QStringLiteral("%1 of %2 bytes").arg(one).arg(both)));
        }
        const auto edited = scorer.score(example, wanted, {}, "");
        // And what is kept is right: a scorer without memory says the same.
        score::Scorer fresh(*m_decoder, *m_encoder);
        const auto anew = fresh.score(example, wanted, {}, "");
        QVERIFY(largestDifference(edited.detection.logRatios, anew.detection.logRatios) < kTolerance);
        QCOMPARE(edited.detection.flagged, anew.detection.flagged);
    }

    void theLineHasTheFieldsOfTheDocumentation()
    {
        score::Scorer scorer(*m_decoder, *m_encoder);
        files::Example example = exampleOf(golden().at("cases").at(0));
        score::ScoreOptions wanted;
        Json line = toJson(score::scoreLine(example, scorer.score(example, wanted, {}, ""), *m_encoder));
        for (const char* field :
             {"id", "prompt_style", "tokens", "logprob", "log_ratio", "flagged", "lambda", "contrast", "truncated"}) {
            QVERIFY2(line.contains(field), field);
        }
        QVERIFY(!line.contains("top"));
        QVERIFY(!line.contains("rank"));
        example.judgment.reset();
        line = toJson(score::scoreLine(example, scorer.score(example, wanted, {}, ""), *m_encoder));
        QVERIFY(line.at("logprob").at("judged").is_null());
        QVERIFY(line.at("log_ratio").is_null());
        QVERIFY(line.at("flagged").is_null());
    }

    void whatLeavesTooFewTokensIsNamedAndNotScored()
    {
        score::Scorer scorer(*m_decoder, *m_encoder);
        files::Example example = exampleOf(golden().at("cases").at(0));
        score::ScoreOptions wanted;
        wanted.detection.maxLength = 60;
        const auto reason = scorer.whyLeftOut(example, wanted);
        QVERIFY(reason.has_value());
        QVERIFY2(reason->find("'" + example.id + "' can't be scored") != std::string::npos, reason->c_str());
        QVERIFY2(reason->find("shorten it") != std::string::npos, reason->c_str());
        QVERIFY_EXCEPTION_THROWN((void)scorer.score(example, wanted, {}, ""), Failure);
        wanted.detection.maxLength = 2048;
        QVERIFY(!scorer.whyLeftOut(example, wanted));
    }

    void contrastD5NeedsOtherJudgments()
    {
        score::Scorer scorer(*m_decoder, *m_encoder);
        score::ScoreOptions wanted;
        wanted.detection.contrast = Contrast::D5;
        try {
            (void)scorer.score(exampleOf(golden().at("cases").at(0)), wanted, {}, "");
            QFAIL("scored");
        } catch (const Failure& failure) {
            QCOMPARE(failure.kind(), FailureKind::Usage);
        }
    }

    void cancellingThrowsAndKeepsTheScorerUsable()
    {
        score::Scorer scorer(*m_decoder, *m_encoder);
        const files::Example example = exampleOf(golden().at("cases").at(0));
        QVERIFY_EXCEPTION_THROWN((void)scorer.score(example, {}, {}, "", [] { return true; }), model::Cancelled);
        QCOMPARE(scorer.score(example, {}, {}, "").ids.size(), golden().at("cases").at(0).at("ids").size());
    }
};

QTEST_APPLESS_MAIN(ScorerTest)
#include "tst_scorer.moc"
