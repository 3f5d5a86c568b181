// A round that the worker runs over its pipes: scored in between, paused, kept, discarded, saved, and taken up again
// after any end.
#include "tests/trainer/serve/served_model.h"

#include <csignal>

using namespace stet;
using namespace stet::test;
namespace fs = std::filesystem;

namespace {

std::size_t stepsSeen(const ServedTalk& worker)
{
    std::size_t steps = 0;
    for (const auto& params : worker.notifications("round/progress")) {
        steps += params.contains("step") ? 1 : 0;
    }
    return steps;
}

}  // namespace

class ServedRoundsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatWaitsIsCancelledAtOnce()
    {
        QTemporaryDir dir;
        ServedHere worker;
        loadedInto(worker);
        const int round = worker.send("round/start", {{"dir", makeLongRound(dir, "round")}});
        QVERIFY(worker.waitForStep(round, 1));
        const int generate = worker.send("generate/run", {{"items", {{{"id", 1}, {"instruction", "a"}}}}});
        worker.cancel(generate);
        QCOMPARE(code(worker.replyTo(generate)), kCancelled);
        QVERIFY(worker.repliesTo(round).empty());
        worker.result("round/stop", {{"how", "discard"}});
        QCOMPARE(outcome(worker.replyTo(round)), std::string("discarded"));
        QCOMPARE(worker.repliesTo(generate).size(), std::size_t(1));
    }

    // Sixty-four micro-batches a step: a score that waited for a step's end would see several go by.
    void aScoreInARoundWaitsForOneMicroBatchAtMost()
    {
        QTemporaryDir dir;
        const std::string model = exampleDir() + "/model";
        const std::string folder = makeRound(
            dir, "round",
            {{"model", model}, {"epochs", 50000}, {"batch_size", 26}, {"micro_batch_tokens", 1}, {"flags", "current"}});
        ServedHere worker;
        loadedInto(worker, model);
        const int round = worker.send("round/start", {{"dir", folder}});
        QVERIFY(worker.waitForStep(round, 1));
        for (int i = 0; i < 5; ++i) {
            const auto before = stepsSeen(worker);
            QVERIFY(worker.result("score/run", judged("Judgment " + std::to_string(i))).contains("logprob"));
            // One step may have ended just before or after.
            QVERIFY2(stepsSeen(worker) - before <= 1, qPrintable(QString::number(stepsSeen(worker) - before)));
        }
        worker.result("round/stop", {{"dir", folder}, {"how", "discard"}});
        QCOMPARE(outcome(worker.replyTo(round)), std::string("discarded"));
    }

    void scoringInARoundChangesNoByte()
    {
        QTemporaryDir dir;
        const std::string model = exampleDir() + "/model";
        const Json settings = {{"model", model}, {"epochs", 2}, {"batch_size", 8}, {"micro_batch_tokens", 64}};
        const std::string alone = makeRound(dir, "alone", settings);
        const std::string disturbed = makeRound(dir, "disturbed", settings);
        ServedHere worker;
        loadedInto(worker, model);
        QCOMPARE(outcome(worker.replyTo(worker.send("round/start", {{"dir", alone}}))), std::string("finished"));
        const int round = worker.send("round/start", {{"dir", disturbed}});
        std::vector<int> scores;
        for (int i = 0; i < 30; ++i) {
            scores.push_back(worker.send("score/run", judged("Judgment " + std::to_string(i))));
        }
        QVERIFY(worker.waitForStep(round, 1));
        scores.push_back(worker.send("score/run", judged("In the middle")));
        QCOMPARE(outcome(worker.replyTo(round)), std::string("finished"));
        QVERIFY(!worker.replyTo(scores.back()).is_null());
        QVERIFY(adapterOf(alone) == adapterOf(disturbed));
    }

    void aStopThatComesWhileTheRoundStillWaitsIsKept()
    {
        QTemporaryDir dir;
        const std::string first = makeLongRound(dir, "first");
        const std::string second = makeRound(dir, "second");
        ServedHere worker;
        loadedInto(worker);
        const int running = worker.send("round/start", {{"dir", first}});
        QVERIFY(worker.waitForStep(running, 1));
        const int waiting = worker.send("round/start", {{"dir", second}});
        QCOMPARE(worker.result("round/stop", {{"dir", second + "/"}, {"how", "discard"}}).value("rounds", 0), 1);
        // The running one goes on.
        const auto steps = static_cast<int>(stepsSeen(worker));
        QVERIFY(worker.waitForStep(running, steps + 3));
        QCOMPARE(worker.result("round/stop", {{"dir", first}, {"how", "pause"}}).value("rounds", 0), 1);
        QCOMPARE(outcome(worker.replyTo(running)), std::string("paused"));
        QCOMPARE(outcome(worker.replyTo(waiting)), std::string("discarded"));
        QVERIFY(checkpointsIn(first) > 0);
        QVERIFY(namesIn(second) == (std::vector<std::string>{"examples.jsonl", "lock", "round.json"}));
        QCOMPARE(worker.result("round/stop", {{"dir", first}}).value("rounds", -1), 0);
    }

    void aStopIsHeardWhileResponsesAreScoredBeforeTheFirstStep()
    {
        QTemporaryDir dir;
        const std::string folder = makeSlowlyScoredRound(dir, "round");
        ServedHere worker;
        loadedInto(worker);
        for (const char* how : {"pause", "discard"}) {
            const std::size_t from = worker.messages().size();
            const int round = worker.send("round/start", {{"dir", folder}});
            QVERIFY(worker.waitFor(
                [](const Json& message) {
                    return message.value("params", Json::object()).value("phase", "") == "scoring";
                },
                from));
            QVERIFY(worker.result("score/run", judged()).contains("logprob"));
            worker.result("round/stop", {{"dir", folder}, {"how", how}});
            QCOMPARE(outcome(worker.replyTo(round)), std::string(how) == "pause" ? "paused" : "discarded");
            QCOMPARE(stepsSeen(worker), std::size_t(0));
            QVERIFY(namesIn(folder) == (std::vector<std::string>{"examples.jsonl", "lock", "round.json"}));
        }
    }

    void keepPublishesWhatIsThere()
    {
        QTemporaryDir dir;
        const std::string folder = makeLongRound(dir, "round");
        ServedHere worker;
        loadedInto(worker);
        const int round = worker.send("round/start", {{"dir", folder}});
        QVERIFY(worker.waitForStep(round, 5));
        worker.result("round/stop", {{"how", "keep"}});
        const Json reply = worker.replyTo(round);
        QCOMPARE(outcome(reply), std::string("kept"));
        QVERIFY(reply.at("result").at("report").at("health").at("passed").get<bool>());
        QVERIFY(fs::exists(folder + "/report.json"));
        Json with = judged();
        with["adapter"] = folder + "/adapter";
        const Json scored = worker.result("score/run", with);
        QVERIFY(scored.at("logprob") != worker.result("score/run", judged()).at("logprob"));
    }

    void saveWritesACheckpointAndGoesOn()
    {
        QTemporaryDir dir;
        const std::string folder = makeRound(dir, "round", {{"epochs", 50000}, {"checkpoint_every_steps", 1000000}});
        ServedHere worker;
        loadedInto(worker);
        const int round = worker.send("round/start", {{"dir", folder}});
        QVERIFY(worker.waitForStep(round, 1));
        QCOMPARE(checkpointsIn(folder), 0);
        QCOMPARE(worker.result("round/save", {{"dir", folder}}).value("rounds", 0), 1);
        QTRY_COMPARE_WITH_TIMEOUT(checkpointsIn(folder), 1, kPatienceMs);
        const auto steps = static_cast<int>(stepsSeen(worker));
        QVERIFY(worker.waitForStep(round, steps + 3));
        worker.result("round/stop", {{"how", "discard"}});
        QCOMPARE(outcome(worker.replyTo(round)), std::string("discarded"));
        QCOMPARE(checkpointsIn(folder), 0);
    }

    void endOfInputChecksTheRoundInAndItGoesOnToTheSameBytes_data()
    {
        QTest::addColumn<QList<int>>("signalList");
        QTest::newRow("end of input") << QList<int>();
        QTest::newRow("terminated") << QList<int>{SIGTERM};
        QTest::newRow("the terminal closed") << QList<int>{SIGHUP, SIGTERM, SIGHUP};
        QTest::newRow("Ctrl+C in the terminal") << QList<int>{SIGINT, SIGTERM};
        QTest::newRow("killed") << QList<int>{SIGKILL};
    }

    void endOfInputChecksTheRoundInAndItGoesOnToTheSameBytes()
    {
        QFETCH(QList<int>, signalList);
        QTemporaryDir dir;
        const Json settings = {{"epochs", 12}, {"checkpoint_every_steps", 5}};
        const std::string whole = makeRound(dir, "whole", settings);
        const std::string broken = makeRound(dir, "broken", settings);
        ServedTrainer again;
        loadedInto(again);
        QCOMPARE(outcome(again.replyTo(again.send("round/start", {{"dir", whole}}))), std::string("finished"));
        {
            ServedTrainer worker;
            loadedInto(worker);
            const int round = worker.send("round/start", {{"dir", broken}});
            QVERIFY(worker.waitForStep(round, 7));
            for (const int signal : signalList) {
                ::kill(static_cast<pid_t>(worker.processId()), signal);
            }
            worker.closeWriteChannel();
            QVERIFY(worker.waitForEnd());
            if (!signalList.contains(SIGKILL)) {
                QCOMPARE(worker.exitCode(), 0);
                QCOMPARE(outcome(worker.replyTo(round)), std::string("paused"));
            }
        }
        QVERIFY(!fs::exists(broken + "/adapter"));
        QVERIFY(checkpointsIn(broken) > 0);
        QCOMPARE(outcome(again.replyTo(again.send("round/start", {{"dir", broken}}))), std::string("finished"));
        QVERIFY(adapterOf(broken) == adapterOf(whole));
    }

    void whatWasAskedBeforeTheEndIsStillAnswered()
    {
        QTemporaryDir dir;
        ServedTrainer worker;
        loadedInto(worker);
        const int round = worker.send("round/start", {{"dir", makeLongRound(dir, "round")}});
        QVERIFY(worker.waitForStep(round, 1));
        const int generate = worker.send("generate/run", {{"items", {{{"id", 1}, {"instruction", "a"}}}}});
        const int shutdown = worker.send("worker/shutdown");
        QVERIFY(worker.waitForEnd());
        QCOMPARE(worker.exitCode(), 0);
        QVERIFY(worker.replyTo(shutdown).contains("result"));
        QCOMPARE(outcome(worker.replyTo(round)), std::string("paused"));
        QCOMPARE(code(worker.replyTo(generate)), kCancelled);
    }
};

QTEST_GUILESS_MAIN(ServedRoundsTest)
#include "tst_served_rounds.moc"
