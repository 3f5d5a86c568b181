// The page a person lives in: every key, every signal, and that nothing acts on an item other than the one on screen.
#include "tests/ui/samples.h"
#include "ui/annotate/annotate_page.h"
#include "ui/annotate/judgment_panel.h"
#include "ui/annotate/queue_panel.h"
#include "ui/common/key_overlay.h"
#include "ui/common/theme.h"
#include "ui/score/heat_map_view.h"
#include "ui/score/inspector_panel.h"
#include "ui/score/ratio_histogram.h"

#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QSignalSpy>
#include <QToolButton>
#include <QtTest>

using namespace stet;
using namespace stet::ui;
using annotate::ResponseId;
using annotate::Verdict;

class TestAnnotatePage : public QObject {
    Q_OBJECT

    std::unique_ptr<AnnotatePage> m_page;

    JudgmentEdit* edit() { return m_page->findChild<JudgmentEdit*>(); }
    HeatMapView* heatMap() { return m_page->findChild<HeatMapView*>(); }

    annotate::ResponseItem open(int id)
    {
        annotate::ResponseItem item = test::sampleItem();
        item.id = {id};
        item.verdict = Verdict::Open;
        item.judgment.clear();
        return item;
    }

    QPushButton* button(const QString& name)
    {
        for (QPushButton* found : m_page->findChildren<QPushButton*>()) {
            if (found->accessibleName() == name) {
                return found;
            }
        }
        return nullptr;
    }

private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeChoice::Light); }

    void init()
    {
        m_page = std::make_unique<AnnotatePage>();
        m_page->resize(1280, 760);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
        m_page->activateWindow();
        m_page->setQueue(test::sampleQueue(60), true);
        m_page->setItem(open(37), 37, 60);
        m_page->setLambda(1.2);
        m_page->setScores({37}, test::sampleScores());
        m_page->setFocus();
    }

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
        QVERIFY(button(QStringLiteral("Accept"))->isChecked());
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
        QTest::mouseClick(button(QStringLiteral("Accept")), Qt::LeftButton);
        QTest::mouseClick(button(QStringLiteral("Submit and next")), Qt::LeftButton);
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
        QVERIFY(edit()->placeholderText().startsWith(QString::fromStdString(test::sampleItem().hint)));
        QTest::keyClick(edit(), Qt::Key_Tab);
        QCOMPARE(m_page->judgmentText(), QString::fromStdString(test::sampleItem().hint));
        QVERIFY(edit()->hasFocus());
        QTest::keyClick(edit(), Qt::Key_Tab);
        QVERIFY(!edit()->hasFocus());
        QCOMPARE(m_page->judgmentText(), QString::fromStdString(test::sampleItem().hint));
    }

    void tabFromThePageWalksFlaggedTokens()
    {
        QTest::keyClick(m_page.get(), Qt::Key_Tab);
        QVERIFY(heatMap()->hasFocus());
        QCOMPARE(heatMap()->cellText(heatMap()->currentCell()), QStringLiteral("Sure"));
        QSignalSpy next(m_page.get(), &AnnotatePage::nextRequested);
        QTest::keyClick(heatMap(), Qt::Key_Right);
        QCOMPARE(next.count(), 0);  // a token is chosen: the arrows walk tokens
        QTest::keyClick(heatMap(), Qt::Key_Escape);
        QTest::keyClick(heatMap(), Qt::Key_Right);
        QCOMPARE(next.count(), 1);
        QCOMPARE(next.at(0).at(0).value<ResponseId>(), (ResponseId{37}));
    }

    void handMarksCarryTheId()
    {
        QSignalSpy marks(m_page.get(), &AnnotatePage::marksChanged);
        QSignalSpy flagged(m_page.get(), &AnnotatePage::flagItemToggled);
        QTest::keyClick(m_page.get(), Qt::Key_Tab);
        QTest::keyClick(heatMap(), Qt::Key_C);
        QCOMPARE(marks.count(), 1);
        QCOMPARE(marks.at(0).at(0).value<ResponseId>(), (ResponseId{37}));
        QCOMPARE(flagged.count(), 0);
        QTest::keyClick(heatMap(), Qt::Key_F);
        QCOMPARE(flagged.count(), 0);
        QTest::keyClick(heatMap(), Qt::Key_Escape);
        QTest::keyClick(heatMap(), Qt::Key_F);  // no token chosen: the item
        QCOMPARE(flagged.count(), 1);
        QCOMPARE(flagged.at(0).at(1).toBool(), true);
    }

    void arrowsUndoSaveTrash()
    {
        QSignalSpy previous(m_page.get(), &AnnotatePage::previousRequested);
        QSignalSpy next(m_page.get(), &AnnotatePage::nextRequested);
        QSignalSpy undo(m_page.get(), &AnnotatePage::undoRequested);
        QSignalSpy redo(m_page.get(), &AnnotatePage::redoRequested);
        QSignalSpy save(m_page.get(), &AnnotatePage::saveNowRequested);
        QSignalSpy trash(m_page.get(), &AnnotatePage::trashRequested);
        QTest::keyClick(m_page.get(), Qt::Key_Left);
        QTest::keyClick(m_page.get(), Qt::Key_Right);
        QTest::keyClick(m_page.get(), Qt::Key_Z, Qt::ControlModifier);
        QTest::keyClick(m_page.get(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QTest::keyClick(m_page.get(), Qt::Key_S, Qt::ControlModifier);
        QTest::keyClick(m_page.get(), Qt::Key_Delete);
        for (QSignalSpy* spy : {&previous, &next, &undo, &redo, &save, &trash}) {
            QCOMPARE(spy->count(), 1);
        }
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
        auto item = open(37);
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

    void scoresOfAnotherItemAreIgnored()
    {
        m_page->setItem(open(38), 38, 60);
        QVERIFY(!heatMap()->model().scored());
        m_page->setScores({37}, test::sampleScores());
        QVERIFY(!heatMap()->model().scored());
        m_page->setScores({38}, test::sampleScores());
        QVERIFY(heatMap()->model().scored());
        QCOMPARE(m_page->currentId(), std::optional(ResponseId{38}));
    }

    void withoutAnItemNoKeyDoesAnything()
    {
        m_page->clearItem();
        QSignalSpy submitted(m_page.get(), &AnnotatePage::submitted);
        QSignalSpy next(m_page.get(), &AnnotatePage::nextRequested);
        QSignalSpy trash(m_page.get(), &AnnotatePage::trashRequested);
        m_page->setFocus();
        for (const auto key : {Qt::Key_1, Qt::Key_Right, Qt::Key_Delete, Qt::Key_F}) {
            QTest::keyClick(m_page.get(), key);
        }
        QTest::keyClick(m_page.get(), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(submitted.count() + next.count() + trash.count(), 0);
        QVERIFY(!m_page->currentId());
    }

    void movingLambdaAsksForNothing()
    {
        QSignalSpy edited(m_page.get(), &AnnotatePage::judgmentEdited);
        QSignalSpy moved(m_page.get(), &AnnotatePage::lambdaChanged);
        auto* histogram = m_page->findChild<RatioHistogram*>();
        QTest::keyClick(histogram, Qt::Key_Right, Qt::ShiftModifier);
        QCOMPARE(moved.count(), 1);
        QCOMPARE(heatMap()->model().lambda(), 1.3);
        QCOMPARE(edited.count(), 0);
        QVERIFY(!heatMap()->model().stale());
        m_page->setLambda(2);
        QCOMPARE(moved.count(), 1);  // set by the program
    }

    void queueSearchFilterAndChoice()
    {
        QSignalSpy query(m_page.get(), &AnnotatePage::queueQueryChanged);
        QSignalSpy opened(m_page.get(), &AnnotatePage::openRequested);
        QTest::keyClick(m_page.get(), Qt::Key_F, Qt::ControlModifier);
        auto* search = m_page->findChild<QueuePanel*>()->search();
        QVERIFY(search->hasFocus());
        QTest::keyClicks(search, QStringLiteral("rye"));
        QCOMPARE(query.last().at(1).toString(), QStringLiteral("rye"));
        for (QToolButton* chip : m_page->findChildren<QToolButton*>()) {
            if (chip->text().startsWith(QStringLiteral("Criticised"))) {
                QTest::mouseClick(chip, Qt::LeftButton);
            }
        }
        QCOMPARE(query.last().at(0).value<annotate::QueueFilter>(), annotate::QueueFilter::Criticised);
        QCOMPARE(query.last().at(1).toString(), QStringLiteral("rye"));
        auto* list = m_page->findChild<QListView*>();
        list->scrollToTop();
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(list->model()->index(2, 0)).center());
        QCOMPARE(opened.last().at(0).value<ResponseId>(), (ResponseId{3}));
        list->setFocus();
        QTest::keyClick(list, Qt::Key_Down);
        QTest::keyClick(list, Qt::Key_Return);
        QCOMPARE(opened.last().at(0).value<ResponseId>(), (ResponseId{4}));
    }

    void trashRestoresUnderItsFilter()
    {
        QSignalSpy trash(m_page.get(), &AnnotatePage::trashRequested);
        QSignalSpy restore(m_page.get(), &AnnotatePage::restoreRequested);
        m_page->setQuery(annotate::QueueFilter::Trash, {});
        m_page->setItem(open(40), 1, 1);
        QTest::keyClick(m_page.get(), Qt::Key_Delete);
        QCOMPARE(trash.count(), 0);
        QCOMPARE(restore.count(), 1);
    }

    void theCoachOffersToLeaveItOut()
    {
        m_page->focusJudgment();
        QTest::keyClicks(edit(), QStringLiteral("Too long."));
        auto scores = test::sampleScores();
        std::fill(scores.logRatio.begin(), scores.logRatio.end(), 0.0);
        m_page->setScores({37}, scores);
        QPushButton* leave = button(QStringLiteral("Leave it out"));
        if (leave == nullptr) {
            for (QPushButton* found : m_page->findChildren<QPushButton*>()) {
                leave = found->text() == QStringLiteral("Leave it out") ? found : leave;
            }
        }
        QVERIFY(leave != nullptr && leave->isVisible());
        QSignalSpy submitted(m_page.get(), &AnnotatePage::submitted);
        QTest::mouseClick(leave, Qt::LeftButton);
        QCOMPARE(submitted.at(0).at(1).value<Verdict>(), Verdict::Skipped);
    }

    void questionMarkShowsAllKeysAndAnyKeyCloses()
    {
        QTest::keyClick(m_page.get(), Qt::Key_Question, Qt::ShiftModifier);
        auto* overlay = m_page->findChild<KeyOverlay*>();
        QVERIFY(overlay->isVisible());
        QSignalSpy next(m_page.get(), &AnnotatePage::nextRequested);
        QTest::keyClick(overlay, Qt::Key_Right);
        QVERIFY(!overlay->isVisible());
        QCOMPARE(next.count(), 0);
    }

    void underElevenHundredTheInspectorIsADrawer()
    {
        auto* inspector = m_page->findChild<InspectorPanel*>();
        QVERIFY(inspector->isVisible());
        m_page->resize(1000, 700);
        QCoreApplication::processEvents();
        QVERIFY(!inspector->isVisible());
        for (QToolButton* toggle : m_page->findChildren<QToolButton*>()) {
            if (toggle->accessibleName() == QStringLiteral("Show the inspector")) {
                QTest::mouseClick(toggle, Qt::LeftButton);
            }
        }
        QVERIFY(inspector->isVisible());
        m_page->resize(1280, 700);
        QCoreApplication::processEvents();
        QVERIFY(inspector->isVisible());
        QVERIFY(inspector->parentWidget() != m_page.get());
    }
};

QTEST_MAIN(TestAnnotatePage)
#include "tst_annotate_page.moc"
