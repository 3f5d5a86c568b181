// Writing a judgment: every key of the box, what is submitted and for which response.
#include "tests/ui/open_annotate_page.h"
#include "ui/common/theme.h"

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

    void oneTwoThree()
    {
        QSignalSpy submitted(m_page.get(), &AnnotatePage::submitted);
        QTest::keyClick(m_page.get(), Qt::Key_1);
        QVERIFY(buttonNamed(*m_page, QStringLiteral("Accept"))->isChecked());
        QTest::keyClick(m_page.get(), Qt::Key_Return, Qt::ControlModifier);
        QTest::keyClick(m_page.get(), Qt::Key_3);
        QTest::keyClick(m_page.get(), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(submitted.count(), 2);
        QCOMPARE(submitted.at(0).at(1).value<Verdict>(), Verdict::Accepted);
        QCOMPARE(submitted.at(1).at(1).value<Verdict>(), Verdict::Skipped);
        QTest::keyClick(m_page.get(), Qt::Key_2);
        QVERIFY(edit()->hasFocus());
        QTest::keyClick(edit(), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(submitted.at(2).at(1).value<Verdict>(), Verdict::Criticised);  // an empty criticism is possible
    }

    void acceptingKeepsTheTypedWordsAsADraft()
    {
        QSignalSpy submitted(m_page.get(), &AnnotatePage::submitted);
        m_page->focusJudgment();
        QTest::keyClicks(edit(), QStringLiteral("Hm"));
        QTest::mouseClick(buttonNamed(*m_page, QStringLiteral("Accept")), Qt::LeftButton);
        QTest::mouseClick(buttonNamed(*m_page, QStringLiteral("Submit and next")), Qt::LeftButton);
        QCOMPARE(submitted.at(0).at(1).value<Verdict>(), Verdict::Accepted);
        QCOMPARE(submitted.at(0).at(2).toString(), QString());
        QCOMPARE(m_page->judgmentText(), QStringLiteral("Hm"));
    }

    void escLeavesTheTextAndEnterReturns()
    {
        m_page->focusJudgment();
        QTest::keyClicks(edit(), QStringLiteral("a"));
        QTest::keyClick(edit(), Qt::Key_Escape);
        QVERIFY(m_page->hasFocus());
        QTest::keyClick(m_page.get(), Qt::Key_Return);
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
