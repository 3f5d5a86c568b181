#include "base/flag_rule.h"

#include <QtTest>

#include <cmath>

using namespace stet;

class FlagRuleTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // docs/method.md, the article's Figure 2: p_j, p and which tokens are flagged.
    void theArticlesFigureIsFlaggedAsPrinted()
    {
        const double judged[] = {.82, .94, .76, .99, .02, .89};
        const double plain[] = {.03, .94, .93, .99, .03, .85};
        const auto flaggedAt = [&](double lambda) {
            std::string flags;
            for (int i = 0; i < 6; ++i) {
                flags += flagged(Contrast::D1, std::log(judged[i]) - std::log(plain[i]), lambda) ? '1' : '0';
            }
            return flags;
        };
        QCOMPARE(flaggedAt(1.1), std::string("100000"));
        QCOMPARE(flaggedAt(1.2), std::string("100000"));
        QCOMPARE(flaggedAt(1.04), std::string("100001"));
    }

    void theThresholdItselfIsNotFlagged()
    {
        QVERIFY(!flagged(Contrast::D1, std::log(1.1), 1.1));
        QVERIFY(flagged(Contrast::D1, std::nextafter(std::log(1.1), 1.0), 1.1));
        QVERIFY(!flagged(Contrast::D4, -std::log(1.1), 1.1));
    }

    void correctionContrastHasTheOppositeSign()
    {
        QVERIFY(flagged(Contrast::D4, -0.5, 1.1));
        QVERIFY(!flagged(Contrast::D4, 0.5, 1.1));
    }

    void aNumberThatIsNoneIsNeverFlagged()
    {
        for (const Contrast contrast : {Contrast::D1, Contrast::D2, Contrast::D3, Contrast::D4, Contrast::D5}) {
            QVERIFY(!flagged(contrast, std::nan(""), 1.1));
            QCOMPARE(contrastFromName(contrastName(contrast)), std::optional(contrast));
        }
        QVERIFY(!contrastFromName("D7"));
    }

    void aMarkCoversWhatItOverlaps()
    {
        QVERIFY(markCovers(1, 3, 2, 5));
        QVERIFY(!markCovers(1, 2, 2, 5));
        QVERIFY(!markCovers(5, 9, 2, 5));
        QVERIFY(markCovers(7, 7, 7, 7));
        QVERIFY(markCovers(6, 8, 7, 7));
        QVERIFY(!markCovers(6, 7, 7, 7));
    }

    void marksAddAndTakeAway()
    {
        for (const bool found : {false, true}) {
            QCOMPARE(penalised(MarksUse::Union, 0, found), found);
            QVERIFY(penalised(MarksUse::Union, 1, found));
            QVERIFY(!penalised(MarksUse::Union, -1, found));
            QCOMPARE(penalised(MarksUse::Only, 0, found), false);
            QCOMPARE(penalised(MarksUse::Ignore, 1, found), found);
            QCOMPARE(penalised(MarksUse::Ignore, -1, found), found);
        }
        for (const auto use : {MarksUse::Union, MarksUse::Only, MarksUse::Ignore}) {
            QCOMPARE(marksUseFromName(marksUseName(use)), std::optional(use));
        }
    }

    void aRunBeginsWithItsFirstWord()
    {
        // "a", "ap" "ple", ",", "pie", ".", "ta" "rt"
        const std::vector<int> words = {0, 1, 1, -1, 2, -1, 3, 3};
        const auto beginnings = [&](std::vector<char> penalised) { return pushed(Push::Beginnings, penalised, words); };
        QCOMPARE(beginnings({1, 1, 1, 1, 1, 0, 0, 0}), (std::vector<char>{1, 0, 0, 0, 0, 0, 0, 0}));
        QCOMPARE(beginnings({0, 1, 1, 1, 1, 0, 1, 1}), (std::vector<char>{0, 1, 1, 0, 0, 0, 1, 1}));
        QCOMPARE(beginnings({0, 0, 1, 1, 0, 1, 1, 0}), (std::vector<char>{0, 0, 1, 0, 0, 1, 0, 0}));  // no word: itself
        QCOMPARE(beginnings({0, 0, 0, 0, 0, 0, 0, 0}), (std::vector<char>(8, 0)));
        QCOMPARE(pushed(Push::Beginnings, {1, 1, 0}, {}), (std::vector<char>{1, 0, 0}));
        QCOMPARE(pushed(Push::All, {1, 1, 0}, words), (std::vector<char>{1, 1, 0}));
        for (const auto push : {Push::All, Push::Beginnings}) {
            QCOMPARE(pushFromName(pushName(push)), std::optional(push));
        }
        QVERIFY(!pushFromName("some"));
    }

    // A flagged token has plain p < 1/λ, because no probability exceeds 1.
    void whatCanNeverBeFlaggedIsNeverFlagged()
    {
        for (double plain = 0.01; plain < 1; plain += 0.01) {
            if (canNeverBeFlagged(std::log(plain), 1.1)) {
                QVERIFY(!flagged(Contrast::D1, 0.0 - std::log(plain), 1.1 * (1 + 1e-12)));
            } else {
                QVERIFY(flagged(Contrast::D1, 0.0 - std::log(plain), 1.1));
            }
        }
    }
};

QTEST_APPLESS_MAIN(FlagRuleTest)
#include "tst_flag_rule.moc"
