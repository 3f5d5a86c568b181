// The heat-map is of the text as it stands, and pale only while that is being asked for.
#include "app/session/live_scores.h"
#include "contract/message.h"
#include "tests/app/session/session_bench.h"
#include "ui/score/heat_map_view.h"

#include <QLabel>

using namespace stet;
using test::ScriptedWorker;
using test::SessionBench;
namespace method = contract::method;

class LiveScoresTest : public QObject {
    Q_OBJECT

private:
    // One token over "Sure", e^ratio times as likely once the judgment is known.
    static Json line(double ratio)
    {
        return {{"id", "1"},
                {"tokens", {{{"id", 5}, {"begin", 0}, {"end", 4}}}},
                {"logprob", {{"plain", {-3.0}}, {"judged", {-3.0 + ratio}}}},
                {"log_ratio", {ratio}},
                {"flagged", {ratio > 0.1}},
                {"lambda", 1.1},
                {"contrast", "D1"}};
    }

    struct Shown {
        SessionBench bench;
        ui::AnnotatePage page;
        app::LiveScores scores{bench.session(), page, nullptr};

        explicit Shown(const std::string& judgment)
        {
            annotate::ResponseItem item;
            item.id = {1};
            item.instruction = "Greet.";
            item.output = "Sure";
            item.draft = judgment;
            page.setItem(item, 1, 1);
            scores.show(item, judgment, {"Another judgment."});
        }
        const ui::HeatMapView& map() const { return *page.findChild<ui::HeatMapView*>(); }
        bool asks(int times)
        {
            return QTest::qWaitFor([&] { return bench.worker.count(method::kScore) == times; },
                                   SessionBench::kPatienceMs);
        }
    };

private Q_SLOTS:
    void theLastTextIsWhatIsPaintedInWhateverOrderAnswersCome()
    {
        Shown shown("Do");
        auto& worker = shown.bench.worker;
        QCOMPARE(worker.count(method::kScore), 1);
        shown.scores.edited("Do not");
        QVERIFY(worker.asked(0).cancelled);  // at once: the worker is free for the next
        QVERIFY(shown.asks(2));
        shown.scores.edited("Do not say Sure");
        QVERIFY(shown.asks(3));
        ScriptedWorker::answer(worker.asked(2), line(2.0));
        ScriptedWorker::answer(worker.asked(1), line(-2.0));
        ScriptedWorker::answer(worker.asked(0), line(-2.0));
        QCOMPARE(worker.asked(2).params.at("judgment").get<std::string>(), std::string("Do not say Sure"));
        QVERIFY(!shown.map().model().stale());
        QCOMPARE(shown.map().firstFlagged(), 0);
    }

    // The false alarms are asked for when the text has rested: of the same text, so the paint is not old.
    void thePaintStaysFreshWhileFalseAlarmsAreCounted()
    {
        Shown shown("No Sure.");
        auto& worker = shown.bench.worker;
        ScriptedWorker::answer(worker.asked(0), line(2.0));
        QVERIFY(!shown.map().model().stale());
        QVERIFY(shown.asks(2));
        QVERIFY(worker.asked(1).params.contains("other_judgments"));
        QVERIFY(!shown.map().model().stale());
        ScriptedWorker::answer(worker.asked(1), FailureReport{FailureKind::Internal, "no"});
        QVERIFY(!shown.map().model().stale());
        QCOMPARE(shown.map().firstFlagged(), 0);
    }

    void falseAlarmsAreCountedAgainForAnotherThreshold()
    {
        Shown shown("No Sure.");
        auto& worker = shown.bench.worker;
        ScriptedWorker::answer(worker.asked(0), line(2.0));
        QVERIFY(shown.asks(2));
        Json counted = line(2.0);
        counted["false_alarm_share"] = 0.04;
        ScriptedWorker::answer(worker.asked(1), counted);
        shown.bench.state.setLambda(1.7);
        QVERIFY(!shown.map().model().stale());
        QVERIFY(shown.asks(3));
        QVERIFY(worker.asked(2).params.contains("other_judgments"));
        QCOMPARE(worker.asked(2).params.at("lambda").get<double>(), 1.7);
        QVERIFY(!shown.map().model().stale());
    }

    // An undo elsewhere, an import, a bookmark: the response and its words are the same, and so is the paint.
    void theSameWordsShownAgainKeepTheirPaint()
    {
        Shown shown("No Sure.");
        ScriptedWorker::answer(shown.bench.worker.asked(0), line(2.0));
        annotate::ResponseItem item;
        item.id = {1};
        item.instruction = "Greet.";
        item.output = "Sure";
        shown.scores.show(item, "No Sure.", {"Another judgment."});
        QVERIFY(!shown.map().model().stale());
        QCOMPARE(shown.bench.worker.count(method::kScore), 1);
    }

    void anAnswerThatNeverComesIsAskedForAgainByTheNextModel()
    {
        Shown shown("No Sure.");
        QVERIFY(!shown.map().model().scored());
        shown.bench.state.adopt(1, "rounds/0001/adapter");
        QVERIFY(shown.asks(2));
        QCOMPARE(shown.bench.worker.asked(1).params.at("adapter").get<std::string>(),
                 std::string("rounds/0001/adapter"));
        ScriptedWorker::answer(shown.bench.worker.asked(1), line(2.0));
        QVERIFY(shown.map().model().scored());
        QVERIFY(!shown.map().model().stale());
    }

    void anotherPresetsDetectionIsPaintedAnew()
    {
        Shown shown("No Sure.");
        ScriptedWorker::answer(shown.bench.worker.asked(0), line(2.0));
        contract::Detection paper;
        paper.preset = "cut-paper";
        paper.contrast = Contrast::D2;
        paper.maxLength = 400;
        shown.bench.state.takeOver({paper, shown.bench.state.threshold()});
        QVERIFY(shown.map().model().stale());
        QVERIFY(shown.asks(2));
        const Json& params = shown.bench.worker.asked(1).params;
        QCOMPARE(params.at("contrast").get<std::string>(), std::string("D2"));
        QCOMPARE(params.at("preset").get<std::string>(), std::string("cut-paper"));
        QCOMPARE(params.at("max_length").get<int>(), 400);
        QCOMPARE(params.at("lambda").get<double>(), shown.bench.state.lambda());
    }

    void whyThereAreNoScoresIsSaid()
    {
        Shown shown("No Sure.");
        ScriptedWorker::answer(shown.bench.worker.asked(0),
                               FailureReport{FailureKind::OutOfMemory, "Too little memory"});
        QVERIFY(!shown.map().model().scored());
        bool said = false;
        for (const QLabel* label : shown.page.findChildren<QLabel*>()) {
            said = said || label->text().contains(QStringLiteral("Too little memory"));
        }
        QVERIFY(said);
    }
};

QTEST_MAIN(LiveScoresTest)
#include "tst_live_scores.moc"
