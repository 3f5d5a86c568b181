// The permutation control: share of false alarms and the λ for a wanted rate, against plain counting.
#include "trainer/detect/false_alarms.h"
#include "trainer/detect/others.h"

#include <QtTest>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

using namespace stet;
using detect::FalseAlarms;

namespace {

double counted(Contrast contrast, const std::vector<double>& ratios, double lambda)
{
    int count = 0;
    for (const double ratio : ratios) {
        count += flagged(contrast, ratio, lambda) ? 1 : 0;
    }
    return double(count) / double(ratios.size());
}

}  // namespace

class FalseAlarmsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // e^20 is far beyond what settings take: no λ of theirs keeps the rate.
    void noLambdaIsProposedThatSettingsWouldRefuse()
    {
        FalseAlarms alarms(Contrast::D1);
        alarms.add({20, 20, 20});
        QVERIFY(std::isnan(alarms.lambdaFor(0)));
        QCOMPARE(alarms.lambdaFor(1), 1.0);
    }

    void theProposedLambdaIsTheSmallestThatKeepsTheRate_data()
    {
        QTest::addColumn<int>("contrast");
        QTest::addColumn<double>("rate");
        for (const Contrast contrast : {Contrast::D1, Contrast::D3, Contrast::D4}) {
            for (const double rate : {0.0, 0.01, 0.05, 0.3, 0.9}) {
                QTest::addRow("contrast %d, rate %g", int(contrast) + 1, rate) << int(contrast) << rate;
            }
        }
    }

    void theProposedLambdaIsTheSmallestThatKeepsTheRate()
    {
        QFETCH(int, contrast);
        QFETCH(double, rate);
        const auto kind = Contrast(contrast);
        std::mt19937 random(7);
        std::normal_distribution<double> normal(0, 0.7);
        FalseAlarms alarms(kind);
        std::vector<double> all;
        for (int response = 0; response < 30; ++response) {
            std::vector<double> ratios;
            for (int token = 0; token < 17; ++token) {
                ratios.push_back(normal(random));
            }
            alarms.add(ratios);
            all.insert(all.end(), ratios.begin(), ratios.end());
        }
        QCOMPARE(alarms.tokens(), std::int64_t(all.size()));
        for (const double lambda : {1.0, 1.1, 2.0}) {
            QCOMPARE(alarms.share(lambda), counted(kind, all, lambda));
        }
        const double proposed = alarms.lambdaFor(rate);
        QVERIFY(proposed >= 1);
        QVERIFY(counted(kind, all, proposed) <= rate);
        if (proposed > 1) {
            QVERIFY(counted(kind, all, proposed - 2e-4) > rate || counted(kind, all, 1) <= rate);
        }
    }

    // What the own judgment lights up as well is none.
    void aTokenThatTheOwnJudgmentFlagsIsNoFalseAlarm()
    {
        FalseAlarms alarms(Contrast::D1);
        const auto ln = [](double x) { return std::log(x); };
        alarms.add({ln(3), ln(3), ln(1.5), ln(0.5)}, {ln(4), ln(2), ln(1), ln(9)});
        QCOMPARE(alarms.share(1.2), 0.25);  // the third
        QCOMPARE(alarms.share(1.5), 0.0);
        QCOMPARE(alarms.share(2.5), 0.25);  // the second: its own is dark by now
        QCOMPARE(alarms.lambdaFor(0.25), 1.0);
        QVERIFY(std::fabs(alarms.lambdaFor(0) - 1.5) < 2e-4);
        QVERIFY(std::fabs(alarms.lambdaFor(0, 2) - 3) < 2e-4);
    }

    void theSmallestLambdaIsFoundAmongManyPairs()
    {
        std::mt19937 random(11);
        std::normal_distribution<double> normal(0, 0.6);
        FalseAlarms alarms(Contrast::D6);
        for (int response = 0; response < 20; ++response) {
            std::vector<double> under(40);
            std::vector<double> own(40);
            for (std::size_t i = 0; i < under.size(); ++i) {
                const double common = normal(random);
                under[i] = common + normal(random);
                own[i] = common + normal(random);
            }
            alarms.add(under, own);
        }
        for (const double rate : {0.01, 0.05, 0.15}) {
            double slow = 1.1;
            while (alarms.share(slow) > rate) {
                slow += 1e-4;
            }
            const double found = alarms.lambdaFor(rate, 1.1);
            QVERIFY(alarms.share(found) <= rate);
            QVERIFY2(std::fabs(found - slow) < 3e-4, qPrintable(QStringLiteral("%1 %2").arg(found).arg(slow)));
        }
    }

    void equalRatiosAreAllLetInOrAllKeptOut()
    {
        FalseAlarms alarms(Contrast::D1);
        alarms.add(std::vector<double>(100, std::log(2.0)));
        QVERIFY(alarms.lambdaFor(0.05) >= 2);
        QVERIFY(alarms.lambdaFor(0.05) < 2.0003);
        QCOMPARE(alarms.share(alarms.lambdaFor(0.05)), 0.0);
        QCOMPARE(alarms.lambdaFor(1), 1.0);
    }

    void othersJudgmentsAreTheSameForTheSameSeed()
    {
        std::vector<files::Example> examples(9);
        for (int line = 0; line < 9; ++line) {
            auto& example = examples[static_cast<std::size_t>(line)];
            example.line = line;
            if (line % 3 != 0) {
                example.judgment = line == 8 ? "Judgment 1" : "Judgment " + std::to_string(line);
            }
        }
        const auto of = [&](std::uint64_t seed, std::size_t count) {
            return detect::otherJudgments(examples, seed).of(examples[1].line, examples[1].judgment, count);
        };
        const auto taken = of(42, 3);
        QCOMPARE(taken.size(), std::size_t(3));
        QCOMPARE(of(42, 3), taken);
        // Never its own text, none twice: four of six judgments, two being its own words.
        const auto all = of(42, 100);
        QCOMPARE(std::set<std::string>(all.begin(), all.end()).size(), all.size());
        QCOMPARE(all.size(), std::size_t(4));
        QVERIFY(std::find(all.begin(), all.end(), "Judgment 1") == all.end());
        QVERIFY(of(7, 3) != taken || of(8, 3) != taken);
        QVERIFY(detect::otherJudgments({}, 1).of(1, "Judgment 1", 3).empty());
    }

    void whatIsNoNumberIsPassedOver()
    {
        FalseAlarms alarms(Contrast::D5);
        QVERIFY(std::isnan(alarms.share(1.1)));
        QVERIFY(std::isnan(alarms.lambdaFor(0.05)));
        alarms.add({std::nan(""), -1, 3});
        QCOMPARE(alarms.tokens(), std::int64_t(2));
        QCOMPARE(alarms.share(1.1), 0.5);
    }
};

QTEST_APPLESS_MAIN(FalseAlarmsTest)
#include "tst_false_alarms.moc"
