// What the heat-map says: strength, flags, marks, cells, runs, and that every colour can be read.
#include "tests/ui/samples.h"
#include "ui/common/theme.h"
#include "ui/score/heat_map_model.h"

#include <QtTest>

#include <cmath>
#include <limits>

using namespace stet;
using namespace stet::ui;

class TestHeatMapModel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void strengthHasTheFixedScale_data()
    {
        QTest::addColumn<double>("ratio");
        QTest::addColumn<double>("strength");
        QTest::newRow("1.05") << 1.05 << 0.10;
        QTest::newRow("1.1") << 1.1 << 0.16;
        QTest::newRow("1.2") << 1.2 << 0.25;
        QTest::newRow("2") << 2.0 << 0.49;
        QTest::newRow("10") << 10.0 << 0.75;
        QTest::newRow("100") << 100.0 << 0.91;
        QTest::newRow("1000") << 1000.0 << 1.00;
    }

    void strengthHasTheFixedScale()
    {
        QFETCH(double, ratio);
        QFETCH(double, strength);
        QVERIFY(std::abs(strengthOf(std::log(ratio)) - strength) < 0.0051);
        QCOMPARE(strengthOf(-std::log(ratio)), strengthOf(std::log(ratio)));
        // The formula itself, written out.
        const double bits = std::log2(ratio);
        const double exact = std::min(1.0, std::log(1 + bits / 0.1375) / std::log(1 + 10 / 0.1375));
        QVERIFY(std::abs(strengthOf(std::log(ratio)) - exact) < 1e-12);
        if (ratio < 1000) {
            QVERIFY(std::abs(logRatioOf(strengthOf(std::log(ratio))) - std::log(ratio)) < 1e-9);
        }
    }

    void strengthIsBounded()
    {
        QCOMPARE(strengthOf(0), 0.0);
        QCOMPARE(strengthOf(std::log(1e9)), 1.0);
        QCOMPARE(strengthOf(std::numeric_limits<double>::infinity()), 1.0);
        QCOMPARE(strengthOf(std::numeric_limits<double>::quiet_NaN()), 0.0);
    }

    void everyFillKeepsItsContrast_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }

    void everyFillKeepsItsContrast()
    {
        QFETCH(bool, dark);
        const Colours& colours = dark ? darkColours() : lightColours();
        double leastText = 21;
        double leastMark = 21;
        for (const QColor& full : {colours.orange, colours.blue}) {
            for (int i = 0; i <= 200; ++i) {
                const QColor fill = mixed(colours.background, full, i / 200.0);
                leastText = std::min(leastText, contrastRatio(colours.text, fill));
                leastMark = std::min(leastMark, contrastRatio(colours.flagMark, fill));
            }
        }
        QVERIFY2(leastText >= (dark ? 5.4 : 7.6) - 0.05, qPrintable(QString::number(leastText)));
        QVERIFY2(leastMark >= 4, qPrintable(QString::number(leastMark)));
        QVERIFY(contrastRatio(colours.dimText, colours.background) >= 4.5);
        QVERIFY(contrastRatio(colours.accentText, colours.accent) >= 4.5);
        for (const QColor& words : {colours.dimText, colours.good, colours.warning, colours.problem, colours.accent}) {
            QVERIFY(contrastRatio(words, colours.window) >= 4.5);
        }
    }

    void inGreyTheFillStillDiffersFromRatioTwo()
    {
        for (const Colours* colours : {&lightColours(), &darkColours()}) {
            for (const QColor& full : {colours->orange, colours->blue}) {
                const QColor fill = mixed(colours->background, full, strengthOf(std::log(2)));
                QVERIFY(std::abs(qGray(fill.rgb()) - qGray(colours->background.rgb())) >= 12);
            }
        }
    }

    void flagsFollowTheRuleAndLambda()
    {
        HeatMapModel model;
        model.setLength(6);
        model.setScores(test::scoresFor({1, 2, 3, 4, 5, 6}, {1.05, 1.15, 2.0, 0.5, 1.1, 40}));
        model.setLambda(1.1);
        QCOMPARE(model.tokenCount(), 6);
        QCOMPARE(model.flaggedCount(), 3);  // strictly more than 1.1
        model.setLambda(1.0);
        QCOMPARE(model.flaggedCount(), 5);
        model.setLambda(30);
        QCOMPARE(model.flaggedCount(), 1);
        model.setLambda(50);
        QCOMPARE(model.flaggedCount(), 0);
    }

    void correctionContrastFlagsLowRatios()
    {
        auto scores = test::scoresFor({1, 2}, {3.0, 0.3});
        scores.contrast = Contrast::D4;
        HeatMapModel model;
        model.setLength(2);
        model.setScores(scores);
        QVERIFY(!model.cells()[0].flagged);
        QVERIFY(model.cells()[1].flagged);
        QVERIFY(!model.cells()[0].cannotBeFlagged);  // said only of D1
    }

    void aMissingNumberIsNeitherFlaggedNorPainted()
    {
        auto scores = test::scoresFor({1, 2}, {3.0, 3.0});
        scores.logRatio[1] = std::numeric_limits<double>::quiet_NaN();
        HeatMapModel model;
        model.setLength(2);
        model.setScores(scores);
        QVERIFY(!model.cells()[1].scored);
        QVERIFY(!model.cells()[1].flagged);
        QVERIFY(!model.fillOf(model.cells()[1], lightColours()).isValid());
    }

    void tokensThatCannotBeFlaggedAndTinyOnesAreTold()
    {
        auto scores = test::scoresFor({1, 2, 3}, {1.0, 1.0, 30.0});
        scores.plain = {std::log(0.95), std::log(0.5), std::log(1e-5)};
        scores.judged = {std::log(0.95), std::log(0.5), std::log(3e-4)};
        HeatMapModel model;
        model.setLength(3);
        model.setScores(scores);
        model.setLambda(1.1);
        QVERIFY(model.cells()[0].cannotBeFlagged);
        QVERIFY(!model.cells()[1].cannotBeFlagged);
        QVERIFY(!model.cells()[0].dim);
        QVERIFY(model.cells()[2].dim);
        model.setLambda(1.04);
        QVERIFY(!model.cells()[0].cannotBeFlagged);
    }

    void bytesOfOneCharacterAreOneCell()
    {
        annotate::TokenScores scores = test::scoresFor({1, 2, 2, 2, 2, 3}, {1.0, 1.0, 1.0, 1.0, 1.0, 1.0});
        scores.begins = {0, 1, 1, 1, 1, 2};
        scores.logRatio = {0, 0.01, std::log(4), -0.2, 0.3, 0};
        HeatMapModel model;
        model.setLength(3);
        model.setScores(scores);
        model.setLambda(1.2);
        QCOMPARE(model.cells().size(), 3U);
        const HeatCell& llama = model.cells()[1];
        QCOMPARE(llama.begin, 1);
        QCOMPARE(llama.end, 2);
        QCOMPARE(llama.logRatio, std::log(4));
        QVERIFY(llama.flagged);
        QCOMPARE(model.flaggedCount(), 2);  // tokens, not cells
    }

    void theEndOfTheSequenceIsACellOfItsOwn()
    {
        HeatMapModel model;
        model.setLength(4);
        model.setScores(test::scoresFor({2, 4, 4}, {1.0, 1.0, 5.0}));
        QCOMPARE(model.cells().size(), 3U);
        QCOMPARE(model.cellAt(0), 0);
        QCOMPARE(model.cellAt(3), 1);
        QCOMPARE(model.cellAt(4), 2);
        QVERIFY(model.cells()[2].flagged);
    }

    void equalNeighboursPaintAsOneRun()
    {
        HeatMapModel model;
        model.setLength(5);
        model.setScores(test::scoresFor({1, 2, 3, 4, 5}, {2.0, 2.0, 1.0, 1.0, 0.5}));
        model.setLambda(1.1);
        const auto runs = model.runs(lightColours());
        QCOMPARE(runs.size(), 3U);
        QCOMPARE(runs[0].begin, 0);
        QCOMPARE(runs[0].end, 2);
        QVERIFY(runs[0].flagged);
        QVERIFY(!runs[1].fill.isValid());
        QVERIFY(runs[2].fill.blue() > runs[2].fill.red());
        QVERIFY(runs[0].fill.red() > runs[0].fill.blue());
    }

    void stalePaintIsFortyPercentAndNeverBlank()
    {
        HeatMapModel model;
        model.setLength(1);
        model.setScores(test::scoresFor({1}, {10.0}));
        const QColor fresh = model.fillOf(model.cells()[0], lightColours());
        model.setStale(true);
        const QColor stale = model.fillOf(model.cells()[0], lightColours());
        QCOMPARE(stale, mixed(lightColours().background, fresh, 0.4));
        QVERIFY(stale != lightColours().background);
    }

    void handMarksAddAndTakeAway()
    {
        HeatMapModel model;
        model.setLength(4);
        model.setScores(test::scoresFor({1, 2, 3, 4}, {3.0, 1.0, 3.0, 1.0}));
        model.setLambda(1.1);
        model.setMarks({{0, 1, annotate::MarkKind::Clear}, {1, 2, annotate::MarkKind::Flag}});
        QCOMPARE(model.flaggedCount(), 2);    // the ratio's
        QCOMPARE(model.penalisedCount(), 2);  // minus one, plus one
        QVERIFY(!model.cells()[0].penalised);
        QVERIFY(model.cells()[1].penalised);
        QCOMPARE(model.nextNotable(-1, true), 0);
        QCOMPARE(model.nextNotable(0, true), 1);
        QCOMPARE(model.nextNotable(2, true), -1);
        QCOMPARE(model.nextNotable(-1, false), 2);
    }

    void newMarksGiveWayToNoneAndSplitOldOnes()
    {
        HeatMapModel model;
        model.setLength(10);
        model.setMarks({{2, 8, annotate::MarkKind::Flag}});
        const auto cut = model.marksWith(4, 6, HandMark::None);
        QCOMPARE(cut,
                 (std::vector<annotate::Mark>{{2, 4, annotate::MarkKind::Flag}, {6, 8, annotate::MarkKind::Flag}}));
        const auto over = model.marksWith(0, 10, HandMark::Clear);
        QCOMPARE(over, (std::vector<annotate::Mark>{{0, 10, annotate::MarkKind::Clear}}));
    }

    // Of each run that lights up the first word is pushed down, and what follows shows that it is not: also while λ is
    // moved, without the model.
    void onlyTheFirstWordOfARunIsPushedDown()
    {
        HeatMapModel model;
        model.setLength(6);
        auto scores = test::scoresFor({1, 2, 3, 4, 5, 6}, {3, 3, 1.2, 1, 3, 3});
        scores.words = {0, 0, 1, 2, 3, 4};
        model.setScores(scores);
        QVERIFY(!model.pushesBeginnings());
        QCOMPARE(model.pushedCount(), 5);
        scores.push = Push::Beginnings;
        model.setScores(scores);
        QVERIFY(model.pushesBeginnings());
        QCOMPARE(model.penalisedCount(), 5);
        QCOMPARE(model.pushedTokens(), (std::vector<char>{1, 1, 0, 0, 1, 0}));
        QVERIFY(!model.cells()[1].held);
        QVERIFY(model.cells()[2].held);
        QVERIFY(!model.cells()[3].held);
        QCOMPARE(model.runs(lightColours()).size(), 5U);  // both pieces of the first word are one run
        model.setLambda(1.3);
        QCOMPARE(model.pushedTokens(), (std::vector<char>{1, 1, 0, 0, 1, 0}));
        QVERIFY(!model.cells()[2].held);
        model.setMarks({{4, 5, annotate::MarkKind::Clear}});
        QCOMPARE(model.pushedTokens(), (std::vector<char>{1, 1, 0, 0, 0, 1}));
    }

    void marksStandBeforeThereAreScores()
    {
        HeatMapModel model;
        model.setLength(5);
        model.setMarks({{1, 3, annotate::MarkKind::Flag}});
        const auto runs = model.runs(lightColours());
        QCOMPARE(runs.size(), 1U);
        QVERIFY(!runs[0].scored);
        QCOMPARE(runs[0].mark, HandMark::Flag);
        QCOMPARE(model.tokenCount(), 0);
    }
};

QTEST_APPLESS_MAIN(TestHeatMapModel)
#include "tst_heat_map_model.moc"
