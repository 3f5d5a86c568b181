// The heat-map is of the text as it stands, and pale only while that is being asked for.
#include "app/session/live_scores.h"
#include "tests/app/session/session_bench.h"
#include "contract/message.h"
#include "ui/annotate/annotate_page.h"
#include "ui/score/heat_map_view.h"

using namespace stet;
using test::ScriptedWorker;
using test::SessionBench;

class LiveScoresTest : public QObject {
    Q_OBJECT

private:
    // One token over "Sure", twice as likely (or as `ratio` says) once the judgment is known.
    static Json line(double ratio)
    {
        return {{"id", "1"},
                {"tokens", {{{"id", 5}, {"begin", 0}, {"end", 4}}}},
                {"logprob", {{"plain", {-1.0}}, {"judged", {-1.0 + ratio}}}},
                {"log_ratio", {ratio}},
                {"flagged", {ratio > 0.1}},
                {"lambda", 1.1},
                {"contrast", "D1"}};
    }
    static void showItem(SessionBench& bench, app::LiveScores& scores, const std::string& judgment)
    {
        annotate::ResponseItem item;
        item.id = {1};
        item.instruction = "Greet.";
        item.output = "Sure";
        item.draft = judgment;
        bench.window.annotatePage()->setItem(item, 1, 1);
        scores.show(item, judgment, {"Another judgment."});
    }
    static ui::HeatMapView* map(SessionBench& bench)
    {
        return bench.window.annotatePage()->findChild<ui::HeatMapView*>();
    }
    static bool asksFor(SessionBench& bench, int scores)
    {
        return QTest::qWaitFor([&] { return bench.worker.count("score") == scores; }, 60'000);
    }

private Q_SLOTS:
    void theLastTextIsWhatIsPaintedInWhateverOrderAnswersCome()
    {
        SessionBench bench;
        app::LiveScores scores(bench.access(), nullptr);
        showItem(bench, scores, "Do");
        QCOMPARE(bench.worker.count("score"), 1);
        scores.edited("Do not");
        QVERIFY(bench.worker.asked(0).cancelled);  // at once: the worker is free for the next
        QVERIFY(asksFor(bench, 2));
        scores.edited("Do not say Sure");
        QVERIFY(asksFor(bench, 3));
        ScriptedWorker::answer(bench.worker.asked(2), line(2.0));
        ScriptedWorker::answer(bench.worker.asked(1), line(-2.0));
        ScriptedWorker::answer(bench.worker.asked(0), line(-2.0));
        QCOMPARE(bench.worker.asked(2).params.at("judgment").get<std::string>(), std::string("Do not say Sure"));
        QVERIFY(!map(bench)->model().stale());
        QCOMPARE(map(bench)->firstFlagged(), 0);
    }

    // The false alarms are asked for when the text has rested: of the same text, so the paint is not old.
    void thePaintStaysFreshWhileFalseAlarmsAreCounted()
    {
        SessionBench bench;
        app::LiveScores scores(bench.access(), nullptr);
        showItem(bench, scores, "No Sure.");
        ScriptedWorker::answer(bench.worker.asked(0), line(2.0));
        QVERIFY(!map(bench)->model().stale());
        QVERIFY(asksFor(bench, 2));
        QVERIFY(bench.worker.asked(1).params.contains("other_judgments"));
        QVERIFY(!map(bench)->model().stale());
        ScriptedWorker::answer(bench.worker.asked(1), FailureReport{FailureKind::Internal, "no"});
        QVERIFY(!map(bench)->model().stale());
    }

    void anAnswerThatNeverComesKeepsThePaintOldUntilTheNext()
    {
        SessionBench bench;
        app::LiveScores scores(bench.access(), nullptr);
        showItem(bench, scores, "No Sure.");
        QVERIFY(!map(bench)->model().scored());
        scores.again();  // a new worker
        QCOMPARE(bench.worker.count("score"), 2);
        ScriptedWorker::answer(bench.worker.asked(1), line(2.0));
        QVERIFY(map(bench)->model().scored());
        QVERIFY(!map(bench)->model().stale());
    }
};

QTEST_MAIN(LiveScoresTest)
#include "tst_live_scores.moc"
