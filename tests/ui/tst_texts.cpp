// Code points and UTF-16, numbers as people read them, the coach, the keys.
#include "ui/common/key_map.h"
#include "ui/common/number_text.h"
#include "ui/common/text_index.h"
#include "ui/score/coach.h"
#include "ui/score/token_card.h"

#include <QtTest>

#include <cmath>

using namespace stet;
using namespace stet::ui;

class TestTexts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void codePointsAndUtf16_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("codePoints");
        QTest::newRow("empty") << QString() << 0;
        QTest::newRow("ascii") << QStringLiteral("Sure!") << 5;
        QTest::newRow("llama") << QStringLiteral("a🦙b") << 3;
        QTest::newRow("family") << QStringLiteral("👩‍👩‍👧") << 5;
        QTest::newRow("combining") << QStringLiteral("e\u0301te\u0301") << 5;
        QTest::newRow("arabic") << QStringLiteral("صباح 🦙 الخير") << 12;
        QTest::newRow("chinese") << QStringLiteral("大家早上好") << 5;
    }

    void codePointsAndUtf16()
    {
        QFETCH(QString, text);
        QFETCH(int, codePoints);
        const TextIndex index(text.toStdString());
        QCOMPARE(index.text(), text);
        QCOMPARE(index.codePoints(), codePoints);
        const auto ucs4 = text.toUcs4();
        QCOMPARE(static_cast<int>(ucs4.size()), codePoints);
        for (int i = 0; i < codePoints; ++i) {
            const int at = index.toUtf16(i);
            const QString character = text.mid(at, index.toUtf16(i + 1) - at);
            QCOMPARE(character.toUcs4(), QList<uint>{ucs4[i]});
            for (int unit = at; unit < index.toUtf16(i + 1); ++unit) {
                QCOMPARE(index.toCodePoint(unit), i);
            }
        }
        QCOMPARE(index.toUtf16(codePoints + 7), static_cast<int>(text.size()));
        QCOMPARE(index.toUtf16(-3), 0);
    }

    void invalidUtf8IsShownNotThrown()
    {
        const TextIndex index(std::string("a\xff") + "b");
        QCOMPARE(index.text(), QStringLiteral("a\uFFFDb"));
    }

    void numbersHaveAtMostThreeDigits()
    {
        QCOMPARE(probabilityText(0.6149), QStringLiteral("0.61"));
        QCOMPARE(probabilityText(0.0042), QStringLiteral("0.004"));
        QCOMPARE(probabilityText(1e-7), QStringLiteral("<0.001"));
        QCOMPARE(probabilityText(NAN), QStringLiteral("–"));
        QCOMPARE(factorText(27.4), QStringLiteral("27"));
        QCOMPARE(factorText(1.05), QStringLiteral("1.05"));
        QCOMPARE(factorText(640), QStringLiteral("640"));
        QCOMPARE(factorText(123456), QStringLiteral("over 999"));
        QCOMPARE(timesText(1.6), QStringLiteral("×1.6"));
        QCOMPARE(timesText(0.5), QStringLiteral("÷2.0"));
        QCOMPARE(bitsText(0.67), QStringLiteral("0.67"));
        QCOMPARE(bitsText(-4.84), QStringLiteral("−4.8"));
        QCOMPARE(percentText(0.042), QStringLiteral("4\u00A0%"));
        QCOMPARE(durationText(64), QStringLiteral("1:04"));
        QCOMPARE(durationText(-1), QString());
        QCOMPARE(gigabytesText(0.4), QStringLiteral("0.4\u00A0GB"));
    }

    void wilsonInterval()
    {
        // 71 of 100: the textbook interval is 61.5 … 79.0 %.
        const Interval interval = wilson95(71, 100);
        QVERIFY(std::abs(interval.low - 0.6146) < 0.0005);
        QVERIFY(std::abs(interval.high - 0.7898) < 0.0005);
        QCOMPARE(wilson95(0, 0).high, 1.0);
        QVERIFY(wilson95(0, 10).low == 0.0);
        QVERIFY(wilson95(0, 10).high > 0.2);
    }

    void coachAdvises_data()
    {
        QTest::addColumn<QString>("judgment");
        QTest::addColumn<int>("penalised");
        QTest::addColumn<int>("kind");
        using Kind = CoachAdvice::Kind;
        QTest::newRow("nothing written") << QString() << 3 << int(Kind::None);
        QTest::newRow("fine") << QStringLiteral("Don't open with \"Sure!\".") << 3 << int(Kind::Fine);
        QTest::newRow("nothing") << QStringLiteral("Too long.") << 0 << int(Kind::MovesNothing);
        QTest::newRow("everything") << QStringLiteral("All wrong.") << 25 << int(Kind::MovesEverything);
        QTest::newRow("praise") << QStringLiteral("The response is perfect.") << 0 << int(Kind::ReadsLikePraise);
        QTest::newRow("praise zh") << QStringLiteral("很好，没有问题。") << 0 << int(Kind::ReadsLikePraise);
        QTest::newRow("perfect, but") << QStringLiteral("Perfect, but it should not open with Sure.") << 2
                                      << int(Kind::Fine);
        QTest::newRow("absent quote") << QStringLiteral("It says “Of course”.") << 2 << int(Kind::QuotesAbsent);
        QTest::newRow("correction") << QStringLiteral("The capital should be \"Paris\".") << 2 << int(Kind::Fine);
        QTest::newRow("correction behind") << QStringLiteral("Say “Hello there” instead.") << 2 << int(Kind::Fine);
        QTest::newRow("correction zh") << QStringLiteral("首都应该是“巴黎市”。") << 2 << int(Kind::Fine);
        QTest::newRow("what is missing") << QStringLiteral("It leaves out “of France”.") << 2 << int(Kind::Fine);
        QTest::newRow("does not mention") << QStringLiteral("It doesn't mention “of France”.") << 2 << int(Kind::Fine);
        QTest::newRow("should not") << QStringLiteral("It should not say “Of course”.") << 2 << int(Kind::QuotesAbsent);
        QTest::newRow("another sentence's should")
            << QStringLiteral("It should be short. It says “Of course”.") << 2 << int(Kind::QuotesAbsent);
        QTest::newRow("one quote present")
            << QStringLiteral("Write “Hello” instead of “Sure”.") << 2 << int(Kind::Fine);
    }

    void coachAdvises()
    {
        QFETCH(QString, judgment);
        QFETCH(int, penalised);
        QFETCH(int, kind);
        CoachInput input;
        input.judgment = judgment;
        input.response = QStringLiteral("Sure! Mara Velt is a baker.");
        input.tokens = 31;
        input.penalised = penalised;
        input.scored = true;
        const CoachAdvice advice = coachAdvice(input);
        QCOMPARE(int(advice.kind), kind);
        QCOMPARE(advice.offerLeaveOut, kind == int(CoachAdvice::Kind::MovesNothing));
        QCOMPARE(advice.sentence.isEmpty(), kind == int(CoachAdvice::Kind::None));
    }

    void whatIsQuotedAndAbsentHidesNothing()
    {
        const CoachInput input{
            QStringLiteral("It says “Of course”."), QStringLiteral("Sure."), 30, 2, true, false, {}, {}, {}};
        QVERIFY2(coachAdvice(input).sentence.contains(QStringLiteral("2 token")),
                 qPrintable(coachAdvice(input).sentence));
    }

    void whatIsQuotedAndDarkIsOfferedToBeMarked()
    {
        CoachInput input{
            QStringLiteral("Leave out \"Sure\"."), QStringLiteral("Sure."), 30, 2, true, false, {}, {}, {}};
        QVERIFY(!coachAdvice(input).offerMarkQuoted);
        input.unlitQuotes = 1;
        QVERIFY(coachAdvice(input).offerMarkQuoted);
        input.penalised = 0;
        QVERIFY(coachAdvice(input).offerMarkQuoted);
        input.stale = true;
        QVERIFY(!coachAdvice(input).offerMarkQuoted);
    }

    void coachIsSilentWhileScoresAreStale()
    {
        CoachInput input{QStringLiteral("Too long."), QStringLiteral("Sure."), 3, 0, true, true, {}, {}, {}};
        QCOMPARE(int(coachAdvice(input).kind), int(CoachAdvice::Kind::None));
        input.stale = false;
        input.penalised = 1;
        input.falseAlarmShare = 0.04;
        input.proposedLambda = 1.304;
        QVERIFY(coachAdvice(input).sentence.contains(QStringLiteral("4\u00A0%")));
        QVERIFY(!coachAdvice(input).sentence.contains(QStringLiteral("1.31")));
        input.falseAlarmShare = 0.12;
        QVERIFY(coachAdvice(input).proposedLambda == std::nullopt);  // nothing of this judgment would be left
        input.flaggedAtProposed = 1;
        QCOMPARE(coachAdvice(input).proposedLambda, std::optional(1.31));
    }

    // "Ugly.": 18 of 50 tokens, and other people's judgments light up more.
    void aJudgmentThatFlagsNoMoreThanAnotherWouldIsSaidTo()
    {
        CoachInput input{QStringLiteral("Ugly."), QStringLiteral("Sure."), 50, 18, true, false, {}, {}, {}};
        input.flagged = 18;
        input.falseAlarmShare = 0.4;
        input.proposedLambda = 137.04;
        const CoachAdvice advice = coachAdvice(input);
        QCOMPARE(int(advice.kind), int(CoachAdvice::Kind::NoMoreThanOthers));
        QVERIFY2(advice.sentence.contains(QStringLiteral("no more than somebody else's")), qPrintable(advice.sentence));
        QVERIFY(!advice.proposedLambda);
        // As many: a habit that responses share.
        for (const double share : {0.36, 0.1}) {
            input.falseAlarmShare = share;
            QCOMPARE(int(coachAdvice(input).kind), int(CoachAdvice::Kind::Fine));
        }
    }

    void blanksOfATokenAreVisible()
    {
        QCOMPARE(visibleToken(QStringLiteral("\n\n")), QStringLiteral("↵↵"));
        QCOMPARE(visibleToken(QStringLiteral(" ")), QStringLiteral("␣"));
        QCOMPARE(visibleToken(QStringLiteral(" word")), QStringLiteral("word"));
    }

    void keysAreUniqueAndConflictsAreRefused()
    {
        KeyMap keys;
        for (const KeyEntry& entry : keys.entries()) {
            QVERIFY2(!entry.key.isEmpty() && !entry.text.isEmpty(), qPrintable(entry.text));
            // Giving an action the key it has never conflicts with another.
            QVERIFY2(!keys.assign(entry.action, entry.key).has_value(), qPrintable(entry.text));
        }
        QCOMPARE(keys.assign(KeyAction::Skip, QKeySequence(QStringLiteral("1"))), std::optional(KeyAction::Accept));
        QCOMPARE(keys.key(KeyAction::Skip), QKeySequence(QStringLiteral("3")));
        QVERIFY(!keys.assign(KeyAction::Skip, QKeySequence(QStringLiteral("4"))).has_value());
        QCOMPARE(keys.key(KeyAction::Skip), QKeySequence(QStringLiteral("4")));
        // A key of one page may mean something else on another.
        QVERIFY(!keys.assign(KeyAction::AnswerA, QKeySequence(QStringLiteral("1"))).has_value());
    }
};

QTEST_GUILESS_MAIN(TestTexts)
#include "tst_texts.moc"
