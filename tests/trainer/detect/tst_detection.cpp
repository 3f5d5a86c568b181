// From log-probabilities to flags: every contrast by its formula, the annotator's marks in each of their uses, and the
// settings that presets stand for.
#include "base/failure.h"
#include "trainer/detect/detection.h"
#include "trainer/detect/words.h"

#include <QtTest>

#include <cmath>

using namespace stet;
using detect::ContrastInput;
using text::Context;

namespace {

std::vector<double> logOf(const std::vector<double>& p)
{
    std::vector<double> values;
    for (const double one : p) {
        values.push_back(std::log(one));
    }
    return values;
}

QString textOf(const std::vector<char>& mask)
{
    QString text;
    for (const char one : mask) {
        text += QLatin1Char(one != 0 ? '1' : '0');
    }
    return text;
}

ContrastInput input()
{
    return {{{Context::Plain, logOf({.1, .2, .4})},
             {Context::Judged, logOf({.3, .2, .1})},
             {Context::Praised, logOf({.1, .1, .2})},
             {Context::Correction, logOf({.05, .3, .4})}},
            {logOf({.2, .2, .2}), logOf({.1, .4, .2})}};
}

}  // namespace

class DetectionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyContrastIsItsFormula_data()
    {
        QTest::addColumn<int>("contrast");
        QTest::addColumn<double>("first");
        const auto odds = [](double p) { return std::log(p / (1 - p)); };
        QTest::newRow("D1") << int(Contrast::D1) << std::log(.3 / .1);
        QTest::newRow("D2") << int(Contrast::D2) << std::log(.3 / .1);
        QTest::newRow("D3") << int(Contrast::D3) << odds(.3) - odds(.1);
        QTest::newRow("D4") << int(Contrast::D4) << std::log(.05 / .1);
        QTest::newRow("D6") << int(Contrast::D6) << std::log(.3 / .1);
        QTest::newRow("D5") << int(Contrast::D5) << std::log(.3) - (std::log(.2) + std::log(.1)) / 2;
    }

    void everyContrastIsItsFormula()
    {
        QFETCH(int, contrast);
        QFETCH(double, first);
        const auto ratios = detect::logRatios(static_cast<Contrast>(contrast), input());
        QCOMPARE(ratios.size(), std::size_t(3));
        QVERIFY2(std::fabs(ratios[0] - first) < 1e-12, qPrintable(QString::number(ratios[0], 'g', 17)));
    }

    // Beyond plain and praised, a word as a whole; punctuation and white space with a quarter.
    void wordsLightUpAsAWhole()
    {
        ContrastInput input{{{Context::Plain, logOf({.1, .1, .1, .1, .4})},
                             {Context::Praised, logOf({.2, .1, .1, .1, .4})},
                             {Context::Judged, logOf({.4, .1, .3, .9, .1})}},
                            {logOf({.1, .8, .1, .1, .1}), logOf({.2, .1, .1, .3, .4})},
                            {0, 0, 1, kNoWord, kNoWord}};
        const auto ratios = detect::logRatios(Contrast::D6, input);
        const std::vector<double> expected = {std::log(2), std::log(2), std::log(3), std::log(9) / 4, std::log(.25)};
        for (std::size_t i = 0; i < expected.size(); ++i) {
            QVERIFY2(std::fabs(ratios[i] - expected[i]) < 1e-12, QByteArray::number(qulonglong(i)));
        }
        // Each other in the own's place.
        const auto under = detect::logRatiosUnderOthers(Contrast::D6, input);
        QCOMPARE(under.size(), std::size_t(2));
        QVERIFY(std::fabs(under[0][0] - std::log(8)) < 1e-12);
        QVERIFY(std::fabs(under[1][3] - std::log(3) / 4) < 1e-12);
        // Where a contrast is measured against others, each against the rest.
        const auto against = detect::logRatiosUnderOthers(Contrast::D5, input);
        QCOMPARE(against.size(), std::size_t(2));
        QVERIFY(std::fabs(against[0][1] - std::log(8)) < 1e-12);
        input.others.pop_back();
        QVERIFY(detect::logRatiosUnderOthers(Contrast::D5, input).empty());
        QCOMPARE(detect::logRatiosUnderOthers(Contrast::D6, input).size(), std::size_t(1));
    }

    void aContrastNamesWhatItReads()
    {
        QCOMPARE(detect::contextsOf(Contrast::D1), (std::vector{Context::Plain, Context::Judged}));
        QCOMPARE(detect::contextsOf(Contrast::D2), (std::vector{Context::Plain, Context::Judged, Context::Praised}));
        QCOMPARE(detect::contextsOf(Contrast::D4), (std::vector{Context::Plain, Context::Judged, Context::Correction}));
        for (const Contrast contrast :
             {Contrast::D1, Contrast::D2, Contrast::D3, Contrast::D4, Contrast::D5, Contrast::D6}) {
            QCOMPARE(detect::othersOf(contrast) > 0, comparesWithOthers(contrast));
        }
    }

    void marksAreObeyedAsTheSettingsSay_data()
    {
        QTest::addColumn<QString>("use");
        QTest::addColumn<QString>("penalised");
        // The rule flags tokens 0 and 1; the annotator flags 2 and clears 1.
        QTest::newRow("union") << "union"
                               << "1010";
        QTest::newRow("only") << "only"
                              << "0010";
        QTest::newRow("ignore") << "ignore"
                                << "1100";
    }

    void marksAreObeyedAsTheSettingsSay()
    {
        QFETCH(QString, use);
        QFETCH(QString, penalised);
        detect::DetectionSettings settings;
        settings.marks = *marksUseFromName(use.toStdString());
        const auto detection = detect::detect(
            settings, {0, -1, 1, 0},
            {{{Context::Plain, logOf({.1, .1, .1, .1})}, {Context::Judged, logOf({.3, .3, .1, .1})}}, {}});
        QCOMPARE(textOf(detection.flagged), QStringLiteral("1100"));
        QCOMPARE(textOf(detection.penalised), penalised);
    }

    void aPresetIsWhatARoundTakesIt_data()
    {
        QTest::addColumn<QString>("preset");
        for (const char* preset : {"stable", "cut-code", "cut-paper"}) {
            QTest::newRow(preset) << QString::fromLatin1(preset);
        }
    }

    void aPresetIsWhatARoundTakesIt()
    {
        QFETCH(QString, preset);
        const Json json = {{"model", "m"}, {"preset", preset.toStdString()}};
        const auto round = detect::detectionOf(files::parseRoundSettings(json, "/tmp"));
        const auto score = detect::readDetection(json, "score/run");
        QCOMPARE(score.contrast, round.contrast);
        QCOMPARE(score.lambda, round.lambda);
        QCOMPARE(score.truncate, round.truncate);
        QCOMPARE(score.maxLength, round.maxLength);
        QCOMPARE(score.marks, round.marks);
    }

    void withoutAPresetItIsTheDefaultsOfScore()
    {
        const auto settings = detect::readDetection(Json::object(), "score/run");
        QCOMPARE(settings.contrast, Contrast::D1);
        QCOMPARE(settings.lambda, kDefaultLambda);
        QCOMPARE(settings.truncate, text::Truncate::Tail);
        QCOMPARE(settings.maxLength, std::int64_t(2048));
        QCOMPARE(settings.push, Push::All);
        QCOMPARE(detect::readDetection({{"preset", "ftpo"}}, "score/run").push, Push::Beginnings);
    }

    void whatStandsBesideThePresetWins()
    {
        const auto settings = detect::readDetection({{"preset", "cut-paper"},
                                                     {"contrast", "D3"},
                                                     {"lambda", 1.5},
                                                     {"truncate", "tail"},
                                                     {"max_length", 99},
                                                     {"marks_use", "only"},
                                                     {"push", "beginnings"}},
                                                    "score/run");
        QCOMPARE(settings.contrast, Contrast::D3);
        QCOMPARE(settings.lambda, 1.5);
        QCOMPARE(settings.truncate, text::Truncate::Tail);
        QCOMPARE(settings.maxLength, std::int64_t(99));
        QCOMPARE(settings.marks, MarksUse::Only);
        QCOMPARE(settings.push, Push::Beginnings);
    }

    void aWordThatIsUnknownIsNamedWithTheKnownOnes()
    {
        for (const char* field : {"preset", "contrast", "truncate", "marks_use", "push"}) {
            try {
                (void)detect::readDetection({{field, "neither"}}, "score/run");
                QFAIL(field);
            } catch (const Failure& failure) {
                const std::string said = failure.what();
                QVERIFY2(said.find(field) != std::string::npos && said.find("known: ") != std::string::npos,
                         said.c_str());
            }
        }
    }
};

QTEST_APPLESS_MAIN(DetectionTest)
#include "tst_detection.moc"
