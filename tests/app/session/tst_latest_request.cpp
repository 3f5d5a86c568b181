// Of everything asked for one purpose only the newest is heard, whatever the worker and the store do.
#include "app/session/latest_request.h"
#include "tests/app/session/session_bench.h"

using namespace stet;
using app::LatestRequest;
using app::WorkerReply;
using test::ScriptedWorker;

class LatestRequestTest : public QObject {
    Q_OBJECT

private:
    // Keeps what was heard.
    struct Ear {
        std::vector<Json> results;
        std::vector<std::string> failures;

        app::OnReply hears()
        {
            return [this](const WorkerReply& reply) {
                if (const auto* result = std::get_if<Json>(&reply)) {
                    results.push_back(*result);
                } else if (const auto* report = std::get_if<FailureReport>(&reply)) {
                    failures.push_back(report->message);
                } else {
                    failures.emplace_back("a cancellation was heard");
                }
            };
        }
    };

private Q_SLOTS:
    void onlyTheNewestAnswerIsHeardInWhateverOrderTheyCome()
    {
        ScriptedWorker worker;
        LatestRequest request;
        Ear ear;
        for (int i = 0; i < 3; ++i) {
            request.ask(worker, "score", {{"number", i}}, ear.hears());
        }
        QVERIFY(worker.asked(0).cancelled);
        QVERIFY(worker.asked(1).cancelled);
        QVERIFY(!worker.asked(2).cancelled);
        ScriptedWorker::answer(worker.asked(1), Json("second"));
        ScriptedWorker::answer(worker.asked(2), Json("third"));
        ScriptedWorker::answer(worker.asked(0), Json("first"));
        QCOMPARE(ear.results, (std::vector<Json>{"third"}));
        QVERIFY(ear.failures.empty());
    }

    void anAnswerThatNeverComesHoldsNothingUp()
    {
        ScriptedWorker worker;
        LatestRequest request;
        Ear ear;
        request.ask(worker, "score", {}, ear.hears());
        QVERIFY(request.underWay());
        request.ask(worker, "score", {}, ear.hears());
        ScriptedWorker::answer(worker.asked(1), Json("heard"));
        QVERIFY(!request.underWay());
        QCOMPARE(ear.results, (std::vector<Json>{"heard"}));
    }

    void whatWasDroppedIsNotHeardAndTheNextIs()
    {
        ScriptedWorker worker;
        LatestRequest request;
        Ear ear;
        request.ask(worker, "score", {}, ear.hears());
        request.drop();
        QVERIFY(!request.underWay());
        QVERIFY(worker.asked(0).cancelled);
        ScriptedWorker::answer(worker.asked(0), Json("late"));
        request.ask(worker, "score", {}, ear.hears());
        QVERIFY(request.underWay());
        ScriptedWorker::answer(worker.asked(1), Json("heard"));
        QCOMPARE(ear.results, (std::vector<Json>{"heard"}));
    }

    void aFailureIsHeardAndACancellationIsNot()
    {
        ScriptedWorker worker;
        LatestRequest request;
        Ear ear;
        request.ask(worker, "score", {}, ear.hears());
        ScriptedWorker::answer(worker.asked(0), FailureReport{FailureKind::BadInput, "no good"});
        QCOMPARE(ear.failures, (std::vector<std::string>{"no good"}));
        request.ask(worker, "score", {}, ear.hears());
        ScriptedWorker::answer(worker.asked(1), app::WorkerCancelled());
        QCOMPARE(ear.failures.size(), std::size_t{1});
        QVERIFY(!request.underWay());  // it can be asked again
    }

    void anAnswerMayAskTheNextQuestion()
    {
        ScriptedWorker worker;
        LatestRequest request;
        Ear ear;
        request.ask(worker, "round/preview", {},
                    [&](const WorkerReply&) { request.ask(worker, "round/flags", {}, ear.hears()); });
        ScriptedWorker::answer(worker.asked(0), Json(1));
        QVERIFY(request.underWay());
        QVERIFY(!worker.asked(1).cancelled);
        ScriptedWorker::answer(worker.asked(1), Json("heard"));
        QCOMPARE(ear.results, (std::vector<Json>{"heard"}));
    }

    void anAnswerAfterItsEndIsDropped()
    {
        ScriptedWorker worker;
        Ear ear;
        {
            LatestRequest request;
            request.ask(worker, "score", {}, ear.hears());
        }
        QVERIFY(worker.asked(0).cancelled);
        ScriptedWorker::answer(worker.asked(0), Json("late"));
        QVERIFY(ear.results.empty());
    }

    void theStoresAnswersFollowTheSameRule()
    {
        test::SessionBench bench;
        LatestRequest request;
        std::vector<int> heard;
        for (int i = 0; i < 3; ++i) {
            request.ask<int>(
                bench.store(), annotate::Priority::Read, [i](annotate::Project&) { return i; },
                [&](int number) { heard.push_back(number); }, [](const FailureReport&) { QFAIL("a failure"); });
        }
        bench.ask<bool>([](annotate::Project&) { return true; });
        QCOMPARE(heard, (std::vector<int>{2}));
        {
            LatestRequest gone;
            gone.ask<int>(
                bench.store(), annotate::Priority::Read, [](annotate::Project&) { return 7; },
                [&](int number) { heard.push_back(number); }, [](const FailureReport&) { QFAIL("a failure"); });
        }
        bench.ask<bool>([](annotate::Project&) { return true; });
        QCOMPARE(heard, (std::vector<int>{2}));
    }
};

QTEST_MAIN(LatestRequestTest)
#include "tst_latest_request.moc"
