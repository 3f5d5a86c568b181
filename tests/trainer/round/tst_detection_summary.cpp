// What a round is said to push down before it starts is what the heat-map shows: every number is counted here from
// the scorer, which paints it.
#include "base/files.h"
#include "tests/support/paths.h"
#include "trainer/detect/others.h"
#include "trainer/round/round.h"
#include "trainer/score/scorer.h"

#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

using namespace stet;
namespace fs = std::filesystem;

namespace {

std::string smallModel()
{
    return test::goldenDir() + "/cut/model";
}

struct Expected {
    std::int64_t criticised = 0;
    std::int64_t tokens = 0;
    std::int64_t flagged = 0;
    std::map<std::string, std::int64_t> texts;
    Json nothing = Json::array();
    Json nearlyAll = Json::array();
};

}  // namespace

class DetectionSummaryTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;

    std::string folder(const Json& settings) const
    {
        const std::string path = m_dir.path().toStdString();
        fs::copy_file(test::goldenDir() + "/cut/examples.jsonl", path + "/examples.jsonl",
                      fs::copy_options::overwrite_existing);
        Json json = settings;
        json["model"] = smallModel();
        json["positive_ratio"] = -1;
        publishFile(path + "/round.json", json.dump());
        return path;
    }

    static Expected byTheScorer(Contrast contrast, double lambda)
    {
        const auto folder = files::openModelFolder(smallModel());
        const auto decoder = model::Decoder::load(folder, model::resolveCompute({"cpu", "float32", 0}, {}));
        const text::ExampleEncoder encoder(text::Tokenizer::load(smallModel()),
                                           text::PromptStyle::resolve("auto", folder), folder);
        score::Scorer scorer(*decoder, encoder);
        score::ScoreOptions options;
        options.detection.contrast = contrast;
        options.detection.lambda = lambda;
        options.detection.marks = MarksUse::Ignore;
        Expected expected;
        for (const auto& example : files::readExamples(test::goldenDir() + "/cut/examples.jsonl", true).examples) {
            if (!example.judgment) {
                continue;
            }
            const auto scores = scorer.score(example, options, {}, "", {});
            std::int64_t flagged = 0;
            const auto& mask = scores.detection.pushed;
            for (std::size_t i = 0; i < mask.size(); ++i) {
                flagged += mask[i];
                expected.texts[encoder.tokenizer().tokenText(scores.ids[i])] += mask[i];
            }
            const auto count = static_cast<std::int64_t>(mask.size());
            const Json id = idOf(example);
            ++expected.criticised;
            expected.tokens += count;
            expected.flagged += flagged;
            if (flagged == 0) {
                expected.nothing.push_back(id);
            } else if (5 * flagged > 4 * count) {
                expected.nearlyAll.push_back(id);
            }
        }
        return expected;
    }

private Q_SLOTS:
    void itCountsWhatTheHeatMapShows_data()
    {
        QTest::addColumn<QString>("preset");
        QTest::addColumn<QString>("contrast");
        QTest::addColumn<double>("lambda");
        QTest::newRow("stable") << QStringLiteral("stable") << QStringLiteral("D1") << 1.1;
        QTest::newRow("flags of every step") << QStringLiteral("cut-code") << QStringLiteral("D1") << 1.5;
        QTest::newRow("article") << QStringLiteral("cut-paper") << QStringLiteral("D2") << 1.1;
        QTest::newRow("high threshold") << QStringLiteral("stable") << QStringLiteral("D3") << 8.0;
    }

    void itCountsWhatTheHeatMapShows()
    {
        QFETCH(QString, preset);
        QFETCH(QString, contrast);
        QFETCH(double, lambda);
        const std::string path = folder({{"preset", preset.toStdString()},
                                         {"contrast", contrast.toStdString()},
                                         {"lambda", lambda},
                                         {"marks", "ignore"}});
        const Json summary = toJson(round::previewDetection(path, {}, {}));
        const Expected expected = byTheScorer(*contrastFromName(contrast.toStdString()), lambda);
        QVERIFY(expected.flagged > 0);
        QCOMPARE(summary.at("criticised").get<std::int64_t>(), expected.criticised);
        QCOMPARE(summary.at("tokens").get<std::int64_t>(), expected.tokens);
        QCOMPARE(summary.at("flagged").get<std::int64_t>(), expected.flagged);
        QCOMPARE(summary.at("nothing").dump(), expected.nothing.dump());
        QCOMPARE(summary.at("nearly_all").dump(), expected.nearlyAll.dump());
        const Json& frequent = summary.at("frequent");
        QVERIFY(!frequent.empty());
        QVERIFY(frequent.size() <= 10);
        std::int64_t before = expected.flagged;
        for (const Json& token : frequent) {
            const auto count = token.at("count").get<std::int64_t>();
            QVERIFY(count <= before);
            QCOMPARE(count, expected.texts.at(token.at("text").get<std::string>()));
            before = count;
        }
    }

    void itWritesNothing()
    {
        const std::string path = folder({{"preset", "stable"}});
        (void)round::previewDetection(path, {}, {});
        QCOMPARE(std::distance(fs::directory_iterator(path), fs::directory_iterator()), 2);
    }

    void theAnnotatorsMarksCount()
    {
        const auto flagged = [this](const char* marks) {
            return toJson(round::previewDetection(folder({{"preset", "stable"}, {"marks", marks}}), {}, {}))
                .at("flagged")
                .get<std::int64_t>();
        };
        QVERIFY(flagged("only") > 0);
        QVERIFY(flagged("only") < flagged("ignore"));
        QVERIFY(flagged("union") != flagged("ignore"));
    }

    void itStopsBetweenTwoMicroBatches()
    {
        round::RoundHooks hooks;
        int calls = 0;
        hooks.betweenMicroBatches = [&] {
            ++calls;
            throw model::Cancelled();
        };
        const std::string path = folder({{"preset", "stable"}, {"micro_batch_tokens", 100}});
        QVERIFY_EXCEPTION_THROWN((void)round::previewDetection(path, {}, hooks), model::Cancelled);
        QCOMPARE(calls, 1);
    }

    void aRateOfFalseAlarmsIsKept()
    {
        double before = 1e9;
        for (const double rate : {0.02, 0.2}) {
            const Json summary = toJson(round::previewDetection(
                folder({{"preset", "stable"}, {"contrast", "D6"}, {"false_alarm_rate", rate}}), {}, {}));
            QVERIFY(summary.at("false_alarm_share").get<double>() <= rate);
            QVERIFY(summary.at("lambda").get<double>() < before);
            before = summary.at("lambda").get<double>();
        }
    }

    // What is said of each judgment adds up to what is said of all.
    void whatIsAJudgmentsOwnIsToldBeforehand()
    {
        const Json settings = {{"preset", "stable"}, {"contrast", "D6"}, {"false_alarm_rate", 0.2}};
        const Json summary = toJson(round::previewDetection(folder(settings), {}, {}));
        QCOMPARE(summary.at("judgments").size(), summary.at("criticised").get<std::size_t>());
        std::int64_t flagged = 0;
        std::set<double> shares;
        for (const Json& judged : summary.at("judgments")) {
            const auto count = judged.at("flagged").get<std::int64_t>();
            const double mass = judged.at("mass").get<double>();
            QVERIFY(mass >= 0 && mass <= static_cast<double>(count));
            QCOMPARE(judged.contains("own_share"), mass > 0);
            if (mass > 0) {
                shares.insert(judged.at("own_share").get<double>());
            }
            flagged += count;
        }
        QCOMPARE(flagged, summary.at("flagged").get<std::int64_t>());
        QVERIFY(*shares.begin() >= 0 && *shares.rbegin() <= 1);
        QVERIFY(shares.size() > 2);
        const Json alone = toJson(round::previewDetection(folder({{"preset", "stable"}}), {}, {}));
        QVERIFY(!alone.at("judgments").at(0).contains("own_share"));  // nobody else's was read
    }

    // The share is the mass that stays dark under both others, by the scorer's own numbers.
    void theShareIsThatOfTheScorer()
    {
        const std::string path =
            folder({{"preset", "stable"}, {"contrast", "D1"}, {"false_alarm_rate", 0.3}, {"marks", "ignore"}});
        const Json summary = toJson(round::previewDetection(path, {}, {}));
        const auto model = files::openModelFolder(smallModel());
        const auto decoder = model::Decoder::load(model, model::resolveCompute({"cpu", "float32", 0}, {}));
        const text::ExampleEncoder encoder(text::Tokenizer::load(smallModel()),
                                           text::PromptStyle::resolve("auto", model), model);
        score::Scorer scorer(*decoder, encoder);
        score::ScoreOptions options;
        options.detection.contrast = Contrast::D1;
        options.detection.lambda = summary.at("lambda").get<double>();
        options.detection.marks = MarksUse::Ignore;
        const auto examples = files::readExamples(path + "/examples.jsonl", true).examples;
        const auto others = detect::otherJudgments(examples, 42);
        std::size_t judged = 0;
        for (std::size_t i = 0; i < examples.size(); ++i) {
            if (!examples[i].judgment) {
                continue;
            }
            const Json& said = summary.at("judgments").at(judged++);
            QCOMPARE(said.at("id"), idOf(examples[i]));
            const auto own = scorer.score(examples[i], options, {}, "", {});
            const auto& plain = own.contexts.at(text::Context::Plain).logProbs;
            std::vector<double> dark(plain.size(), 0);
            for (std::size_t k = 0; k < 2; ++k) {
                files::Example other = examples[i];
                other.judgment = others.of(examples[i].line, examples[i].judgment, 2).at(k);
                const auto flags = scorer.score(other, options, {}, "", {}).detection.flagged;
                for (std::size_t t = 0; t < flags.size(); ++t) {
                    dark[t] += flags[t] != 0 ? 0 : 0.5;
                }
            }
            double mass = 0;
            double ownMass = 0;
            for (std::size_t t = 0; t < plain.size(); ++t) {
                if (own.detection.flagged[t] != 0) {
                    mass += std::exp(plain[t]);
                    ownMass += std::exp(plain[t]) * dark[t];
                }
            }
            QVERIFY(std::abs(said.at("mass").get<double>() - mass) < 1e-4);
            if (mass > 0) {
                QVERIFY(std::abs(said.at("own_share").get<double>() - ownMass / mass) < 1e-3);
            }
        }
        QVERIFY(judged > 3);
    }

    // Judged by nothing but words that are anybody's, a response is said to be so.
    void whatFlagsLessThanOtherJudgmentsIsNamed()
    {
        const Json summary = toJson(round::previewDetection(
            folder({{"preset", "stable"}, {"contrast", "D6"}, {"marks", "ignore"}, {"false_alarm_rate", 0.5}}), {},
            {}));
        const auto& unspecific = summary.at("unspecific");
        QVERIFY(summary.at("false_alarm_share").get<double>() > 0);
        QVERIFY(unspecific.size() + summary.at("nothing").size() < summary.at("criticised").get<std::size_t>());
        for (const Json& id : unspecific) {
            QVERIFY(std::find(summary.at("nothing").begin(), summary.at("nothing").end(), id) ==
                    summary.at("nothing").end());
        }
        const Json without = toJson(round::previewDetection(folder({{"preset", "stable"}}), {}, {}));
        QVERIFY(!without.contains("unspecific") && !without.contains("false_alarm_share"));
    }

    void anObjectiveWithoutFlagsHasNone()
    {
        const Json summary = toJson(round::previewDetection(folder({{"objective", "hindsight"}}), {}, {}));
        QCOMPARE(summary.at("tokens").get<int>(), 0);
        QCOMPARE(summary.at("flagged").get<int>(), 0);
        QVERIFY(summary.at("nothing").empty());
    }
};

QTEST_APPLESS_MAIN(DetectionSummaryTest)
#include "tst_detection_summary.moc"
