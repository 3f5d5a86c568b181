// The response with its heat-map: layout of hard texts, keys, mouse, marks, and a λ that only repaints.
#include "tests/ui/samples.h"
#include "tests/ui/shown_page.h"
#include "ui/score/heat_map_view.h"
#include "ui/score/inspector_panel.h"
#include "ui/score/ratio_histogram.h"
#include "ui/score/response_text.h"
#include "ui/score/token_card.h"

#include <QImage>
#include <QScrollBar>
#include <QSignalSpy>
#include <QtTest>

#include <cmath>

using namespace stet;
using namespace stet::ui;

class TestHeatMapView : public QObject {
    Q_OBJECT

    static void show(HeatMapView& view, const std::string& response, const annotate::TokenScores& scores)
    {
        view.resize(600, 300);
        view.setResponse(response);
        view.setScores(scores);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
    }

    static void fill(HeatMapView& view)
    {
        view.setLambda(1.2);
        show(view, test::sampleItem().output, test::sampleScores());
        view.activateWindow();
        view.setFocus();
    }

    // Pixels of a colour: whether something is painted at all.
    static int count(const QImage& image, const QColor& colour)
    {
        int found = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                found += image.pixelColor(x, y) == colour ? 1 : 0;
            }
        }
        return found;
    }

private Q_SLOTS:
    // Also those that Tab passes over.
    void ctrlArrowsReachEveryToken()
    {
        HeatMapView view;
        view.resize(500, 300);
        view.show();
        const auto item = test::sampleItem();
        view.setResponse(item.output);
        view.setScores(test::sampleScores());
        view.setFocus();
        const int cells = static_cast<int>(view.model().cells().size());
        for (int i = 0; i < cells; ++i) {
            QTest::keyClick(&view, Qt::Key_Right, Qt::ControlModifier);
            QCOMPARE(view.currentCell(), i);
        }
        view.clearChoice();
        QTest::keyClick(&view, Qt::Key_Left, Qt::ControlModifier);
        QCOMPARE(view.currentCell(), cells - 1);
    }

    void codeStandsInColumns()
    {
        ResponseText text;
        text.setText(QStringLiteral("iii\nMMM\n```\niii\nMMM\n```\niii"));
        text.setFont(QFont(QStringLiteral("DejaVu Sans")));
        text.layOut(600);
        const auto width = [&](int begin) { return text.rectsOf(begin, begin + 3).front().width(); };
        QVERIFY(width(0) < width(4) - 1);
        QCOMPARE(width(12), width(16));
        QVERIFY(width(24) < width(12) - 1);  // and no longer behind the fence
    }

    void initTestCase() { test::dressAsUsual(); }

    void paintsFillsUnderlinesAndNothingBeforeScores()
    {
        HeatMapView view;
        view.resize(600, 300);
        view.setResponse(test::sampleItem().output);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        const QImage before = view.viewport()->grab().toImage();
        QCOMPARE(count(before, lightColours().flagMark), 0);
        fill(view);
        const QImage after = view.viewport()->grab().toImage();
        QVERIFY(count(after, lightColours().flagMark) > 30);
        const QColor strongest = mixed(lightColours().background, lightColours().orange, strengthOf(std::log(27)));
        QVERIFY(count(after, strongest) > 50);
        view.setStale(true);
        const QImage stale = view.viewport()->grab().toImage();
        QCOMPARE(count(stale, strongest), 0);
        QVERIFY(count(stale, mixed(lightColours().background, strongest, 0.4)) > 50);
    }

    void theTextNeverMovesWhenLambdaDoes()
    {
        HeatMapView view;
        fill(view);
        const QRect before = view.rectOfCell(20);
        view.setLambda(1.0);
        QCOMPARE(view.rectOfCell(20), before);
        QVERIFY(view.model().flaggedCount() > 3);
    }

    void tabWalksFlaggedTokensThenLeaves()
    {
        QWidget window;
        HeatMapView view(&window);
        QWidget other(&window);
        other.setFocusPolicy(Qt::StrongFocus);
        window.resize(700, 400);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        window.activateWindow();
        fill(view);
        view.clearChoice();
        QTest::keyClick(&view, Qt::Key_Tab);
        QCOMPARE(view.cellText(view.currentCell()), QStringLiteral("Sure"));
        QTest::keyClick(&view, Qt::Key_Tab);
        QCOMPARE(view.cellText(view.currentCell()), QStringLiteral("!"));
        QTest::keyClick(&view, Qt::Key_Right);
        QCOMPARE(view.currentCell(), 17);
        QTest::keyClick(&view, Qt::Key_Left);
        QCOMPARE(view.currentCell(), 1);
        QTest::keyClick(&view, Qt::Key_Right);
        QTest::keyClick(&view, Qt::Key_Tab);
        QVERIFY(!view.hasFocus());
    }

    void flagAndClearByKey()
    {
        HeatMapView view;
        fill(view);
        QSignalSpy edited(&view, &HeatMapView::marksEdited);
        QVERIFY(view.chooseNotable(true));
        QTest::keyClick(&view, Qt::Key_C);
        QCOMPARE(edited.count(), 1);
        const auto marks = edited.at(0).at(0).value<std::vector<annotate::Mark>>();
        QCOMPARE(marks, (std::vector<annotate::Mark>{{0, 4, annotate::MarkKind::Clear}}));
        QVERIFY(!view.model().cells()[0].penalised);
        QTest::keyClick(&view, Qt::Key_C);  // once more takes it away
        QVERIFY(view.model().marks().empty());
        QTest::keyClick(&view, Qt::Key_Right, Qt::ControlModifier);
        QTest::keyClick(&view, Qt::Key_Right, Qt::ControlModifier);
        QTest::keyClick(&view, Qt::Key_Right, Qt::ShiftModifier);  // two tokens
        QTest::keyClick(&view, Qt::Key_F);
        QCOMPARE(view.model().marks().size(), 1U);
        QCOMPARE(view.model().cells()[2].mark, HandMark::Flag);
        QCOMPARE(view.model().cells()[3].mark, HandMark::Flag);
        QTest::keyClick(&view, Qt::Key_Escape);
        QVERIFY(!view.hasChoice());
        edited.clear();
        QTest::keyClick(&view, Qt::Key_F);  // nothing chosen: not the view's key
        QCOMPARE(edited.count(), 0);
    }

    void clickDragAndHover()
    {
        HeatMapView view;
        fill(view);
        QSignalSpy shown(&view, &HeatMapView::shownCellChanged);
        const QPoint sure = view.rectOfCell(0).center() - view.viewport()->pos();
        const QPoint velt = view.rectOfCell(3).center() - view.viewport()->pos();
        QTest::mouseMove(view.viewport(), velt);
        QCOMPARE(view.shownCell(), 3);
        QTest::mousePress(view.viewport(), Qt::LeftButton, {}, sure);
        QCOMPARE(view.currentCell(), 0);
        QMouseEvent drag(QEvent::MouseMove, velt, view.viewport()->mapToGlobal(velt), Qt::LeftButton, Qt::LeftButton,
                         {});
        QCoreApplication::sendEvent(view.viewport(), &drag);
        QTest::mouseRelease(view.viewport(), Qt::LeftButton, {}, velt);
        view.markChoice(HandMark::Flag);
        QCOMPARE(view.model().marks().front().begin, 0);
        QCOMPARE(view.model().marks().front().end, view.model().cells()[3].end);
        QVERIFY(shown.count() >= 2);
    }

    void everyCellOfAHardTextHasAPlace_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("arabic with latin") << QStringLiteral("صباح الخير hello العالم 12 end");
        QTest::newRow("hebrew") << QStringLiteral("בוקר טוב לכולם 🦙🦙 hello.");
        QTest::newRow("emoji") << QStringLiteral("👩‍👩‍👧 family, 🦙 llama, 🇩🇪 flag");
        QTest::newRow("combining") << QStringLiteral("cafe\u0301 e\u0301te\u0301 a\u0308");
        QTest::newRow("blanks") << QStringLiteral("two  spaces\tand a tab\n\n  1. item\r\n");
        QTest::newRow("chinese") << QStringLiteral("大家早上好，今天天气很好。\n再见。");
        QTest::newRow("one long word") << QString(400, QLatin1Char('x'));
        QTest::newRow("separators") << QStringLiteral("a\u2028b\u2029c");
    }

    void everyCellOfAHardTextHasAPlace()
    {
        QFETCH(QString, text);
        ResponseText layout;
        layout.setFont(QApplication::font());
        layout.setText(text);
        layout.layOut(300);
        const auto ucs4 = text.toUcs4();
        int at = 0;
        for (const uint character : ucs4) {
            const int units = QChar::requiresSurrogates(character) ? 2 : 1;
            const auto rects = layout.rectsOf(at, at + units);
            for (const QRectF& rect : rects) {
                QVERIFY(rect.left() >= -1);
                QVERIFY(rect.right() <= 301);
                QVERIFY(rect.bottom() <= layout.height() + 1);
            }
            at += units;
        }
        // The whole text covers every line; the end has a place of its own.
        QVERIFY(!layout.rectsOf(0, static_cast<int>(text.size())).empty());
        QCOMPARE(layout.rectsOf(static_cast<int>(text.size()), static_cast<int>(text.size())).size(), 1U);
        QVERIFY(layout.positionAt(QPointF(2, 2)) >= 0);
    }

    void aPointFindsItsCharacterAgain()
    {
        ResponseText layout;
        layout.setFont(QApplication::font());
        layout.setText(QStringLiteral("Mara Velt is a baker from Lunden.\nShe likes rye bread."));
        layout.layOut(160);
        const QString text = layout.text();
        for (int i = 0; i < text.size(); ++i) {
            if (text.at(i).isLetter()) {
                const auto rects = layout.rectsOf(i, i + 1);
                QCOMPARE(rects.size(), 1U);
                QCOMPARE(layout.positionAt(rects[0].center()), i);
            }
        }
    }

    void sevenThousandCharactersScroll()
    {
        std::string text;
        while (text.size() < 7000) {
            text += "She opens her shop at five in the morning and closes it when the last loaf is sold. ";
        }
        const auto ends = test::wordEnds(text);
        std::vector<double> ratios(ends.size(), 1.0);
        ratios[ends.size() - 3] = 50;
        HeatMapView view;
        show(view, text, test::scoresFor(ends, ratios));
        QVERIFY(view.verticalScrollBar()->maximum() > 500);
        QVERIFY(view.rectOfCell(view.firstFlagged()).isNull());  // out of sight
        QVERIFY(view.chooseNotable(true));
        QVERIFY(!view.rectOfCell(view.currentCell()).isNull());
        QVERIFY(!view.viewport()->grab().isNull());
    }

    void lambdaMoveAtTwoThousandTokens()
    {
        std::string text;
        std::vector<int> ends;
        std::vector<double> ratios;
        for (int i = 0; i < 2000; ++i) {
            text += i % 12 == 11 ? "abc\n" : "abc ";
            ends.push_back(4 * (i + 1));
            ratios.push_back(std::exp(0.5 * std::sin(i)));
        }
        HeatMapView view;
        show(view, text, test::scoresFor(ends, ratios));
        double lambda = 1.05;
        QBENCHMARK
        {  // measured, not judged: a timed test would fail on a busy machine
            lambda = lambda > 1.5 ? 1.05 : lambda + 0.01;
            view.setLambda(lambda);
            view.viewport()->repaint();
        }
        QVERIFY(view.model().flaggedCount() > 100);
    }

    void draggingLambdaOnlyRepaints()
    {
        InspectorPanel inspector;
        HeatMapView view;
        fill(view);
        inspector.resize(280, 600);
        inspector.setLambda(1.2);
        inspector.showModel(view.model());
        QCOMPARE(inspector.countText(), QStringLiteral("3 of 41 tokens flagged"));
        QSignalSpy moved(&inspector, &InspectorPanel::lambdaChanged);
        QSignalSpy committed(&inspector, &InspectorPanel::lambdaCommitted);
        connect(&inspector, &InspectorPanel::lambdaChanged, &view, &HeatMapView::setLambda);
        RatioHistogram* histogram = inspector.histogram();
        histogram->resize(256, 112);
        const int y = histogram->height() / 2;
        QTest::mousePress(histogram, Qt::LeftButton, {}, QPoint(static_cast<int>(histogram->lineX()), y));
        QMouseEvent drag(QEvent::MouseMove, QPointF(220, y), histogram->mapToGlobal(QPointF(220, y)), Qt::LeftButton,
                         Qt::LeftButton, {});
        QCoreApplication::sendEvent(histogram, &drag);
        QVERIFY(moved.count() >= 1);
        QCOMPARE(committed.count(), 0);
        QVERIFY(inspector.lambda() > 2);
        QCOMPARE(view.model().lambda(), inspector.lambda());
        QTest::mouseRelease(histogram, Qt::LeftButton, {}, QPoint(220, y));
        QCOMPARE(committed.count(), 1);
        QTest::keyClick(histogram, Qt::Key_Left);
        QCOMPARE(committed.count(), 2);
    }

    void theCardSaysItInOneSentence()
    {
        HeatMapView view;
        fill(view);
        TokenCard card;
        card.showCell(*view.model().scores(), view.model().cells()[0], view.cellText(0));
        QCOMPARE(card.sentence(),
                 QStringLiteral("The model gives this word 27 times more weight once it knows your judgment."));
        card.showCell(*view.model().scores(), view.model().cells()[2], view.cellText(2));
        QCOMPARE(card.sentence(),
                 QStringLiteral("The model gives this word 1.8 times less weight once it knows your judgment."));
    }

    void newScoresAreSpoken()
    {
        HeatMapView view;
        fill(view);
        QVERIFY(view.accessibleDescription().startsWith(QStringLiteral("3 tokens flagged.")));
        view.chooseNotable(true);
        QCOMPARE(view.accessibleDescription(), QStringLiteral("“Sure”, flagged"));
    }
};

QTEST_MAIN(TestHeatMapView)
#include "tst_heat_map_view.moc"
