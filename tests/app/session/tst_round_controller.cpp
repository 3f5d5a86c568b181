// A round from the page's button to its record, with a worker that ends well, badly, late or not at all.
#include "app/session/round_controller.h"
#include "base/files.h"
#include "contract/message.h"
#include "tests/app/session/session_bench.h"
#include "ui/round/plan_panel.h"
#include "ui/round/progress_panel.h"

using namespace stet;
using annotate::Project;
using annotate::RoundRecord;
using annotate::RoundState;
using test::SessionBench;
namespace method = contract::method;

class RoundControllerTest : public QObject {
    Q_OBJECT

private:
    struct Shown {
        SessionBench bench;
        ui::RoundsPage page;
        app::RoundController controller{bench.session(), page, nullptr};
        QSignalSpy finished{&controller, &app::RoundController::finished};

        Shown() { controller.open(); }
        std::vector<RoundRecord> rounds()
        {
            return bench.ask<std::vector<RoundRecord>>([](Project& project) { return project.rounds(); });
        }
        bool starts()
        {
            Q_EMIT page.startRequested(0, QStringLiteral("stable"));
            return bench.isAsked(method::kRoundStart);
        }
        // What a worker leaves in the folder of a round it has trained.
        void writeReport()
        {
            publishFile(bench.folder().toStdString() + "/rounds/0001/report.json",
                        R"({"steps": 12, "steps_done": 12, "totals": {"criticised": 9, "accepted": 2}})");
        }
        bool recorded(RoundState state)
        {
            return QTest::qWaitFor([&] { return !rounds().empty() && rounds().back().state == state; },
                                   SessionBench::kPatienceMs);
        }
    };

private Q_SLOTS:
    void aPressMakesARoundAndItsEndIsRecorded()
    {
        Shown shown;
        QVERIFY(shown.starts());
        QVERIFY(shown.controller.isRunning());
        QCOMPARE(shown.rounds().back().state, RoundState::Running);
        QCOMPARE(shown.bench.worker.last().params.at("dir").get<std::string>(),
                 shown.bench.folder().toStdString() + "/rounds/0001");
        shown.bench.worker.notify(method::kRoundProgress, {{"phase", "training"}, {"step", 3}, {"steps", 12}});
        QVERIFY(shown.bench.frame.bar.has_value());
        QCOMPARE(shown.bench.frame.bar->done, 3);
        QCOMPARE(shown.bench.frame.bar->total, 12);
        shown.writeReport();
        shown.bench.answer(method::kRoundStart, Json{{"outcome", "finished"}});
        QVERIFY(shown.recorded(RoundState::Finished));
        QCOMPARE(shown.rounds().back().criticised, 9);
        QTRY_COMPARE_WITH_TIMEOUT(shown.finished.count(), 1, SessionBench::kPatienceMs);
        QVERIFY(!shown.controller.isRunning());
        QVERIFY(!shown.bench.frame.bar.has_value());
    }

    void twoQuickPressesMakeOneRound()
    {
        Shown shown;
        Q_EMIT shown.page.startRequested(0, QStringLiteral("stable"));
        Q_EMIT shown.page.startRequested(0, QStringLiteral("stable"));
        QVERIFY(shown.bench.isAsked(method::kRoundStart));
        QCOMPARE(shown.rounds().size(), std::size_t{1});
        QCOMPARE(shown.bench.worker.count(method::kRoundStart), 1);
    }

    void aLostWorkerPausesTheRoundAndItGoesOn()
    {
        Shown shown;
        QVERIFY(shown.starts());
        shown.bench.answer(method::kRoundStart, FailureReport{FailureKind::Interrupted, "The worker was killed"});
        QVERIFY(shown.recorded(RoundState::Paused));
        QCOMPARE(shown.finished.count(), 0);
        Q_EMIT shown.page.resumeRequested(1);
        QVERIFY(shown.bench.isAsked(method::kRoundStart));
        QCOMPARE(shown.rounds().size(), std::size_t{1});
        QCOMPARE(shown.rounds().back().state, RoundState::Running);
    }

    void aFailedRoundKeepsItsSentence()
    {
        Shown shown;
        QVERIFY(shown.starts());
        shown.bench.answer(method::kRoundStart, FailureReport{FailureKind::OutOfMemory, "Too little memory"});
        QVERIFY(shown.recorded(RoundState::Failed));
        QCOMPARE(shown.rounds().back().failure, std::string("Too little memory"));
    }

    void aRoundThatCannotBeMadeIsSaidAndLeavesTheButtonAlive()
    {
        Shown shown;
        Q_EMIT shown.page.startRequested(0, QStringLiteral("no such preset"));
        QTRY_VERIFY_WITH_TIMEOUT(!shown.bench.frame.failure().isEmpty(), SessionBench::kPatienceMs);
        QVERIFY(shown.bench.frame.failure().contains(QStringLiteral("unknown")));
        QVERIFY(!shown.controller.isRunning());
        QVERIFY(shown.starts());
    }

    void closingWaitsForTheCheckpointAlsoOfARoundThatIsJustBeingMade()
    {
        Shown shown;
        Q_EMIT shown.page.startRequested(0, QStringLiteral("stable"));
        QVERIFY(shown.controller.isRunning());
        bool closed = false;
        shown.controller.pauseForClosing([&] { closed = true; });
        QVERIFY(shown.bench.isAsked(method::kRoundStop));
        QCOMPARE(shown.bench.worker.waiting(method::kRoundStop)->params.at("how").get<std::string>(),
                 std::string("pause"));
        QVERIFY(!closed);
        shown.bench.answer(method::kRoundStart, Json{{"outcome", "paused"}});
        QTRY_VERIFY_WITH_TIMEOUT(closed, SessionBench::kPatienceMs);
        QVERIFY(shown.recorded(RoundState::Paused));
    }

    void anInterruptedRoundIsOfferedAgain()
    {
        SessionBench bench;
        bench.ask<int>([](Project& project) {
            return workflow::beginRound(project, workflow::prepareRound(project, 0, "stable").number).number;
        });
        ui::RoundsPage page;
        app::RoundController controller(bench.session(), page, nullptr);
        controller.open();
        QTRY_COMPARE_WITH_TIMEOUT(bench.frame.notices.count(QStringLiteral("resume-round")), std::size_t{1},
                                  SessionBench::kPatienceMs);
        controller.resumeNewest();
        QCOMPARE(bench.frame.page, ui::Page::Rounds);
        QVERIFY(bench.isAsked(method::kRoundStart));
    }

    void adoptingTellsEverybodyAndDiscardingGoesBackToTheBase()
    {
        Shown shown;
        QVERIFY(shown.starts());
        shown.writeReport();
        shown.bench.answer(method::kRoundStart, Json{{"outcome", "finished"}});
        QVERIFY(shown.recorded(RoundState::Finished));
        QSignalSpy adopted(&shown.bench.state, &app::SessionState::adopted);
        shown.controller.adopt(1);
        QTRY_COMPARE_WITH_TIMEOUT(adopted.count(), 1, SessionBench::kPatienceMs);
        QCOMPARE(shown.bench.state.currentRound(), 1);
        QVERIFY(!shown.bench.state.adapter().empty());
        shown.controller.discard(1);
        QTRY_COMPARE_WITH_TIMEOUT(adopted.count(), 2, SessionBench::kPatienceMs);
        QCOMPARE(shown.bench.state.currentRound(), 0);
        QVERIFY(shown.bench.state.adapter().empty());
        QVERIFY(shown.recorded(RoundState::Discarded));
    }
};

QTEST_MAIN(RoundControllerTest)
#include "tst_round_controller.moc"
