// Writing a judgment: every key of the box, what is submitted and for which response.
#include "tests/ui/open_annotate_page.h"
#include "ui/common/theme.h"

#include <QInputMethodEvent>
#include <QLabel>
#include <QSignalSpy>

using namespace stet;
using namespace stet::ui;
using namespace stet::test;
using annotate::ResponseId;
using annotate::Verdict;

class AnnotateJudgingTest : public QObject {
    Q_OBJECT

    std::unique_ptr<AnnotatePage> m_page;

    JudgmentEdit* edit() { return m_page->findChild<JudgmentEdit*>(); }
    HeatMapView* heatMap() { return m_page->findChild<HeatMapView*>(); }
    bool says(const QString& words) const
    {
        for (const QLabel* label : m_page->findChildren<QLabel*>()) {
            if (label->isVisible() && label->text().contains(words)) {
                return true;
            }
        }
        return false;
    }

private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeChoice::Light); }

    void init() { m_page = openAnnotatePage(); }

    void writingIsCriticisingAndSubmitCarriesTheId()
    {
        QSignalSpy edited(m_page.get(), &AnnotatePage::judgmentEdited);
        QSignalSpy submitted(m_page.get(), &AnnotatePage::submitted);
        m_page->focusJudgment();
        QTest::keyClicks(edit(), QStringLiteral("Too long 1 2 3 F ?"));
        QCOMPARE(edited.count(), 18);
        QCOMPARE(edited.last().at(0).value<ResponseId>(), (ResponseId{37}));
        QCOMPARE(m_page->judgmentText(), QStringLiteral("Too long 1 2 3 F ?"));  // single letters are dead while typing
        QVERIFY(heatMap()->model().stale());
        QTest::keyClick(edit(), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(submitted.count(), 1);
        QCOMPARE(submitted.at(0).at(0).value<ResponseId>(), (ResponseId{37}));
        QCOMPARE(submitted.at(0).at(1).value<Verdict>(), Verdict::Criticised);
        QCOMPARE(submitted.at(0).at(2).toString(), QStringLiteral("Too long 1 2 3 F ?"));
    }

    // "bread" does not light up: one key, or the coach's button, marks it.
    void theWordsThatAreQuotedAreMarkedByOneKey()
    {
        QSignalSpy marked(m_page.get(), &AnnotatePage::marksChanged);
        m_page->focusJudgment();
        edit()->setPlainText(QStringLiteral("Leave out \"rye bread\", and \"Sure\"."));
        m_page->setScoresStale(false);
        const QPushButton* offered = buttonNamed(*m_page, QStringLiteral("Mark what is quoted"));
        QVERIFY(offered != nullptr && offered->isVisible());
        QTest::keyClick(edit(), Qt::Key_M, Qt::ControlModifier);
        QCOMPARE(marked.count(), 1);
        const QString text = heatMap()->text();
        const int at = static_cast<int>(text.indexOf(QStringLiteral("rye bread")));
        QVERIFY(at > 0);
        QVERIFY(heatMap()->model().isPenalised(at, at + 9));
        QVERIFY(!offered->isVisible());
        QTest::keyClick(edit(), Qt::Key_M, Qt::ControlModifier);  // nothing is left to mark
        QCOMPARE(marked.count(), 1);
    }

    void chosenTokensAreQuotedInTheJudgment()
    {
        m_page->focusJudgment();
        edit()->setPlainText(QStringLiteral("Leave out"));
        edit()->moveCursor(QTextCursor::End);
        m_page->setScoresStale(false);
        heatMap()->setFocus();
        QVERIFY(heatMap()->chooseNotable(true));
        const QString chosen = heatMap()->choiceText();
        QVERIFY(!chosen.isEmpty());
        QTest::keyClick(heatMap(), Qt::Key_Q);
        QCOMPARE(m_page->judgmentText(), QStringLiteral("Leave out \"%1\"").arg(chosen.trimmed()));
        QVERIFY(edit()->hasFocus());
        heatMap()->clearChoice();
        QVERIFY(heatMap()->choiceText().isEmpty());
    }

    void nothingIsSubmittedWithoutAVerdict()
    {
        QSignalSpy submitted(m_page.get(), &AnnotatePage::submitted);
        QTest::keyClick(m_page.get(), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(submitted.count(), 0);
        m_page->focusJudgment();
        QTest::keyClicks(edit(), QStringLiteral("x"));
        QTest::keyClick(edit(), Qt::Key_Backspace);
        QTest::keyClick(edit(), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(submitted.count(), 0);  // the words are gone, and with them the verdict they implied
    }

    void lettersTypedOnTheResponseGoToTheJudgment()
    {
        QSignalSpy bookmarked(m_page.get(), &AnnotatePage::bookmarkToggled);
        heatMap()->setFocus();
        QTest::keyClick(heatMap(), 'F');
        QVERIFY(edit()->hasFocus());
        QTest::keyClicks(edit(), QStringLiteral("acts are wrong"));
        QCOMPARE(m_page->judgmentText(), QStringLiteral("Facts are wrong"));
        QCOMPARE(bookmarked.count(), 0);
        QVERIFY(buttonNamed(*m_page, QStringLiteral("Criticise"))->isChecked());
    }

    // Chinese is composed: what is composed over the response belongs to the judgment, too.
    void composedWordsGoToTheJudgment()
    {
        heatMap()->setFocus();
        QVERIFY(heatMap()->testAttribute(Qt::WA_InputMethodEnabled));
        QInputMethodEvent composing(QStringLiteral("tai"), {});
        QCoreApplication::sendEvent(heatMap(), &composing);
        QCOMPARE(m_page->judgmentText(), QString());
        QInputMethodEvent chosen;
        chosen.setCommitString(QString::fromUtf8("太长"));
        QCoreApplication::sendEvent(heatMap(), &chosen);
        QCOMPARE(m_page->judgmentText(), QString::fromUtf8("太长"));
        QVERIFY(edit()->hasFocus());
        // With a token chosen, letters are about the token.
        heatMap()->setFocus(Qt::TabFocusReason);
        QVERIFY(!heatMap()->testAttribute(Qt::WA_InputMethodEnabled));
    }

    void acceptingAndSkippingAreOneKeyOnTheResponse()
    {
        QSignalSpy submitted(m_page.get(), &AnnotatePage::submitted);
        heatMap()->setFocus();
        QTest::keyClick(heatMap(), Qt::Key_1);
        QCOMPARE(submitted.count(), 1);
        QCOMPARE(submitted.at(0).at(0).value<ResponseId>(), (ResponseId{37}));
        QCOMPARE(submitted.at(0).at(1).value<Verdict>(), Verdict::Accepted);
        QTest::keyClick(heatMap(), Qt::Key_3);
        QCOMPARE(submitted.count(), 2);
        QCOMPARE(submitted.at(1).at(1).value<Verdict>(), Verdict::Skipped);
        QTest::keyClick(heatMap(), Qt::Key_2);
        QVERIFY(edit()->hasFocus());
        QTest::keyClick(edit(), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(submitted.at(2).at(1).value<Verdict>(), Verdict::Criticised);  // an empty criticism is possible
    }

    void altNumbersAreVerdictsAlsoWhileTyping()
    {
        QSignalSpy submitted(m_page.get(), &AnnotatePage::submitted);
        m_page->focusJudgment();
        QTest::keyClicks(edit(), QStringLiteral("Hm"));
        QTest::keyClick(edit(), Qt::Key_1, Qt::AltModifier);
        QCOMPARE(submitted.count(), 1);
        QCOMPARE(submitted.at(0).at(1).value<Verdict>(), Verdict::Accepted);
        QCOMPARE(submitted.at(0).at(2).toString(), QString());
        QCOMPARE(m_page->judgmentText(), QStringLiteral("Hm"));  // stays a draft
        QTest::keyClick(edit(), Qt::Key_3, Qt::AltModifier);
        QCOMPARE(submitted.at(1).at(1).value<Verdict>(), Verdict::Skipped);
    }

    // A slip of the finger is no judgment: it is asked about beside the text, and the same key again means it.
    void aJudgmentOfOneOrTwoCharactersIsAskedAbout()
    {
        QSignalSpy submitted(m_page.get(), &AnnotatePage::submitted);
        m_page->focusJudgment();
        QTest::keyClicks(edit(), QStringLiteral("1"));
        QTest::keyClick(edit(), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(submitted.count(), 0);
        m_page->setScores({37}, sampleScores());
        QVERIFY(says(QStringLiteral("“1” is very short for a judgment")));
        QTest::keyClick(edit(), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(submitted.count(), 1);
        QCOMPARE(submitted.at(0).at(2).toString(), QStringLiteral("1"));
    }

    void anotherShortJudgmentIsAskedAboutAgain()
    {
        QSignalSpy submitted(m_page.get(), &AnnotatePage::submitted);
        m_page->focusJudgment();
        QTest::keyClicks(edit(), QStringLiteral("1"));
        QTest::keyClick(edit(), Qt::Key_Return, Qt::ControlModifier);
        QTest::keyClicks(edit(), QStringLiteral("2"));
        QTest::keyClick(edit(), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(submitted.count(), 0);
        QTest::keyClicks(edit(), QStringLiteral("3"));
        QTest::keyClick(edit(), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(submitted.count(), 1);
    }

    void twoChineseCharactersAreAJudgment()
    {
        QSignalSpy submitted(m_page.get(), &AnnotatePage::submitted);
        m_page->focusJudgment();
        edit()->insertPlainText(QString::fromUtf8("太长"));
        QTest::keyClick(edit(), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(submitted.count(), 1);
    }

    void wordsOnAnAcceptedResponseCriticiseIt()
    {
        auto item = openItem(38);
        for (const Verdict before : {Verdict::Accepted, Verdict::Skipped}) {
            item.verdict = before;
            item.id = {item.id.value + 1};
            m_page->setItem(item, 38, 60);
            QSignalSpy submitted(m_page.get(), &AnnotatePage::submitted);
            m_page->focusJudgment();
            QTest::keyClicks(edit(), QStringLiteral("Too long."));
            QVERIFY(buttonNamed(*m_page, QStringLiteral("Criticise"))->isChecked());
            QVERIFY(
                says(before == Verdict::Accepted ? QStringLiteral("was: accepted") : QStringLiteral("was: skipped")));
            QTest::keyClick(edit(), Qt::Key_Return, Qt::ControlModifier);
            QCOMPARE(submitted.count(), 1);
            QCOMPARE(submitted.at(0).at(1).value<Verdict>(), Verdict::Criticised);
            QCOMPARE(submitted.at(0).at(2).toString(), QStringLiteral("Too long."));
        }
    }

    // Its words were typed after the verdict and never submitted; or the words are taken back, and the verdict stands.
    void aDraftOnAnAcceptedResponseIsAboutToCriticiseItUntilItIsEmptied()
    {
        auto item = openItem(38);
        item.verdict = Verdict::Accepted;
        item.draft = "Hm";
        m_page->setItem(item, 38, 60);
        QVERIFY(buttonNamed(*m_page, QStringLiteral("Criticise"))->isChecked());
        QVERIFY(says(QStringLiteral("was: accepted")));
        m_page->focusJudgment();
        QTest::keyClick(edit(), Qt::Key_Backspace);
        QTest::keyClick(edit(), Qt::Key_Backspace);
        QVERIFY(buttonNamed(*m_page, QStringLiteral("Accept"))->isChecked());
        QVERIFY(!says(QStringLiteral("was: accepted")));
    }

    void acceptingKeepsTheTypedWordsAsADraft()
    {
        QSignalSpy submitted(m_page.get(), &AnnotatePage::submitted);
        m_page->focusJudgment();
        QTest::keyClicks(edit(), QStringLiteral("Hm"));
        QTest::mouseClick(buttonNamed(*m_page, QStringLiteral("Accept")), Qt::LeftButton);
        QCOMPARE(submitted.count(), 1);
        QCOMPARE(submitted.at(0).at(1).value<Verdict>(), Verdict::Accepted);
        QCOMPARE(submitted.at(0).at(2).toString(), QString());
        QCOMPARE(m_page->judgmentText(), QStringLiteral("Hm"));
    }

    void escLeavesTheTextAndEnterReturns()
    {
        m_page->focusJudgment();
        QTest::keyClicks(edit(), QStringLiteral("a"));
        QTest::keyClick(edit(), Qt::Key_Escape);
        QVERIFY(heatMap()->hasFocus());
        QTest::keyClick(heatMap(), Qt::Key_Return);
        QVERIFY(edit()->hasFocus());
        QCOMPARE(m_page->judgmentText(), QStringLiteral("a"));
    }

    void tabTakesTheSuggestionOnlyIntoAnEmptyBox()
    {
        m_page->focusJudgment();
        QVERIFY(edit()->placeholderText().startsWith(QString::fromStdString(sampleItem().hint)));
        QTest::keyClick(edit(), Qt::Key_Tab);
        QCOMPARE(m_page->judgmentText(), QString::fromStdString(sampleItem().hint));
        QVERIFY(edit()->hasFocus());
        QTest::keyClick(edit(), Qt::Key_Tab);
        QVERIFY(!edit()->hasFocus());
        QCOMPARE(m_page->judgmentText(), QString::fromStdString(sampleItem().hint));
    }

    void tabOnTheResponseTakesTheSuggestionWhereNothingIsFlagged()
    {
        m_page->setItem(openItem(38), 38, 60);
        heatMap()->setFocus();
        QTest::keyClick(heatMap(), Qt::Key_Tab);
        QCOMPARE(m_page->judgmentText(), QString::fromStdString(sampleItem().hint));
        QVERIFY(edit()->hasFocus());
    }

    void undoGoesThroughTheTextFirst()
    {
        QSignalSpy undo(m_page.get(), &AnnotatePage::undoRequested);
        m_page->focusJudgment();
        QTest::keyClicks(edit(), QStringLiteral("word"));
        QTest::keyClick(edit(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(undo.count(), 0);
        QCOMPARE(m_page->judgmentText(), QString());
        QTest::keyClick(edit(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(undo.count(), 1);
    }

    void theSameItemAgainKeepsCaretScoresAndFocus()
    {
        m_page->focusJudgment();
        QTest::keyClicks(edit(), QStringLiteral("abcdef"));
        edit()->moveCursor(QTextCursor::Start);
        auto item = openItem(37);
        item.draft = "abcdef";
        m_page->setItem(item, 37, 60);
        QCOMPARE(edit()->textCursor().position(), 0);
        QVERIFY(heatMap()->model().scored());
        QVERIFY(edit()->hasFocus());
        QSignalSpy edited(m_page.get(), &AnnotatePage::judgmentEdited);
        item.draft = "other";
        m_page->setItem(item, 37, 60);  // after an undo
        QCOMPARE(m_page->judgmentText(), QStringLiteral("other"));
        QCOMPARE(edited.count(), 0);  // the program's doing, not the person's
    }

    void theProposedLambdaIsOneClick()
    {
        m_page->focusJudgment();
        QTest::keyClicks(edit(), QStringLiteral("Too long."));
        auto scores = sampleScores();
        scores.falseAlarmShare = 0.01 + 0.05;
        scores.falseAlarmLambda = m_page->lambda();
        scores.proposedLambda = 1.304;
        m_page->setScores({37}, scores);
        QPushButton* use = nullptr;
        for (QPushButton* found : m_page->findChildren<QPushButton*>()) {
            use = found->isVisible() && found->text() == QStringLiteral("Set λ to 1.31") ? found : use;
        }
        QVERIFY(use != nullptr);
        QSignalSpy committed(m_page.get(), &AnnotatePage::lambdaCommitted);
        QTest::mouseClick(use, Qt::LeftButton);
        QCOMPARE(committed.count(), 1);
        QCOMPARE(committed.at(0).at(0).toDouble(), 1.31);
        QCOMPARE(heatMap()->model().lambda(), 1.31);
        QVERIFY(!use->isVisible());
    }

    // The share is of the threshold it was counted at: another threshold waits for its own.
    void theFalseAlarmShareIsOfTheThresholdOnScreen()
    {
        m_page->focusJudgment();
        QTest::keyClicks(edit(), QStringLiteral("Too long."));
        auto scores = sampleScores();
        scores.falseAlarmShare = 0.04;
        scores.falseAlarmLambda = m_page->lambda();
        m_page->setScores({37}, scores);
        QVERIFY(says(QStringLiteral("false alarms about 4")));
        m_page->setLambda(1.7);
        QVERIFY(!says(QStringLiteral("false alarms")));
        scores.falseAlarmShare = 0.02;
        scores.falseAlarmLambda = 1.7;
        m_page->setScores({37}, scores);
        QVERIFY(says(QStringLiteral("false alarms about 2")));
    }

    void whyThePaintIsPaleIsWrittenBesideIt()
    {
        m_page->focusJudgment();
        QVERIFY(!says(QStringLiteral("pale")));
        QTest::keyClicks(edit(), QStringLiteral("Too"));
        QVERIFY(heatMap()->model().stale());
        QVERIFY(says(QStringLiteral("pale")));
        m_page->setScores({37}, sampleScores());
        QVERIFY(!says(QStringLiteral("pale")));
    }

    void theCoachOffersToLeaveItOut()
    {
        m_page->focusJudgment();
        QTest::keyClicks(edit(), QStringLiteral("Too long."));
        auto scores = sampleScores();
        std::fill(scores.logRatio.begin(), scores.logRatio.end(), 0.0);
        m_page->setScores({37}, scores);
        QPushButton* leave = buttonNamed(*m_page, QStringLiteral("Leave it out"));
        if (leave == nullptr) {
            for (QPushButton* found : m_page->findChildren<QPushButton*>()) {
                leave = found->text() == QStringLiteral("Leave it out") ? found : leave;
            }
        }
        QVERIFY(leave != nullptr);
        QVERIFY(leave->isVisible());
        QSignalSpy submitted(m_page.get(), &AnnotatePage::submitted);
        QTest::mouseClick(leave, Qt::LeftButton);
        QCOMPARE(submitted.at(0).at(1).value<Verdict>(), Verdict::Skipped);
    }
};

QTEST_MAIN(AnnotateJudgingTest)
#include "tst_annotate_judging.moc"
