// The page a person lives in: its other keys and signals, queue and inspector, and that nothing acts on an item other
// than the one on screen.
#include "tests/ui/open_annotate_page.h"
#include "ui/annotate/queue_panel.h"
#include "ui/common/key_overlay.h"
#include "ui/common/theme.h"
#include "ui/score/inspector_panel.h"
#include "ui/score/ratio_histogram.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QSignalSpy>
#include <QToolButton>

#include <algorithm>

using namespace stet;
using namespace stet::ui;
using namespace stet::test;
using annotate::ResponseId;
using annotate::Verdict;

class AnnotatePageTest : public QObject {
    Q_OBJECT

    std::unique_ptr<AnnotatePage> m_page;

    HeatMapView* heatMap() { return m_page->findChild<HeatMapView*>(); }

private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, ThemeChoice::Light); }

    void init() { m_page = openAnnotatePage(); }

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

    void aScreenReaderReadsTheInstruction()
    {
        const auto labels = m_page->findChildren<QLabel*>();
        QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
            return label->accessibleName() ==
                QStringLiteral("Instruction: ") + QString::fromStdString(sampleItem().instruction);
        }));
    }

    void handMarksCarryTheId()
    {
        QSignalSpy marks(m_page.get(), &AnnotatePage::marksChanged);
        QSignalSpy flagged(m_page.get(), &AnnotatePage::bookmarkToggled);
        QTest::keyClick(m_page.get(), Qt::Key_Tab);
        QTest::keyClick(heatMap(), Qt::Key_C);
        QCOMPARE(marks.count(), 1);
        QCOMPARE(marks.at(0).at(0).value<ResponseId>(), (ResponseId{37}));
        QCOMPARE(flagged.count(), 0);
        QTest::keyClick(heatMap(), Qt::Key_F);
        QCOMPARE(flagged.count(), 0);
        QTest::keyClick(heatMap(), Qt::Key_Escape);
        QTest::keyClick(heatMap(), Qt::Key_B, Qt::ControlModifier);
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

    void scoresOfAnotherItemAreIgnored()
    {
        m_page->setItem(openItem(38), 38, 60);
        QVERIFY(!heatMap()->model().scored());
        m_page->setScores({37}, sampleScores());
        QVERIFY(!heatMap()->model().scored());
        m_page->setScores({38}, sampleScores());
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

    // λ moved by hand is what the session says next (AnnotateController); here it is shown as it is told.
    void aRateOfFalseAlarmsIsOfferedWhereItDecides()
    {
        auto* rate = m_page->findChild<InspectorPanel*>()->findChild<QComboBox*>();
        m_page->setThreshold({1.1, std::nullopt, false, 0});
        QVERIFY(rate->isHidden());
        m_page->setThreshold({1.84, 0.003, true, 24});
        QVERIFY(!rate->isHidden());
        QCOMPARE(m_page->lambda(), 1.84);
        QCOMPARE(rate->currentData().toDouble(), 0.003);  // chosen by a script
        QVERIFY(rate->toolTip().contains(QStringLiteral("24")));
        QSignalSpy chosen(m_page.get(), &AnnotatePage::falseAlarmRateChosen);
        rate->setFocus();
        QTest::keyClick(rate, Qt::Key_Down);
        QCOMPARE(chosen.takeFirst().at(0).toDouble(), 0.005);
        QTest::keyClick(rate, Qt::Key_Home);
        QCOMPARE(chosen.takeFirst().at(0).toDouble(), 0.0);
        m_page->setThreshold({1.84, std::nullopt, true, 24});
        QCOMPARE(rate->currentData().toDouble(), 0.0);
        QVERIFY(rate->findData(0.003) < 0);
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
        m_page->setItem(openItem(40), 1, 1);
        QTest::keyClick(m_page.get(), Qt::Key_Delete);
        QCOMPARE(trash.count(), 0);
        QCOMPARE(restore.count(), 1);
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

QTEST_MAIN(AnnotatePageTest)
#include "tst_annotate_page.moc"
