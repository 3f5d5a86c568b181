// "What will train" shows what changed last, however late, disordered or silent the worker is.
#include "app/session/round_preview.h"
#include "contract/message.h"
#include "tests/app/session/session_bench.h"

using namespace stet;
using test::ScriptedWorker;
using test::SessionBench;
namespace method = contract::method;

class RoundPreviewTest : public QObject {
    Q_OBJECT

private:
    static Json plan(int criticised)
    {
        return {{"criticised", criticised},
                {"accepted", 2},
                {"accepted_total", 12},
                {"steps", 30},
                {"seconds", 60},
                {"memory", 1}};
    }
    static Json flags(int tokens) { return {{"flagged", tokens}, {"tokens", 1000}}; }

    // A preview that is looked at.
    struct Shown {
        SessionBench bench;
        ui::RoundsPage page;
        app::RoundPreview preview{bench.session(), page, nullptr};

        Shown() { preview.setVisible(true); }
        bool showsTokens(int tokens)
        {
            return QTest::qWaitFor([&] { return preview.plan().flags && preview.plan().flags->tokens == tokens; },
                                   SessionBench::kPatienceMs);
        }
        // Up to the question for the flags.
        bool counts(int criticised)
        {
            if (!bench.isAsked(method::kPreview)) {
                return false;
            }
            bench.answer(method::kPreview, plan(criticised));
            return preview.plan().criticised == criticised && bench.isAsked(method::kFlags);
        }
        std::size_t indexOf(const char* method)
        {
            return static_cast<std::size_t>(bench.worker.waiting(method)->id) - 1;
        }
    };

private Q_SLOTS:
    void thePlanIsCountedThenItsFlagsAreLookedAt()
    {
        Shown shown;
        shown.preview.changed();
        QVERIFY(shown.counts(5));
        shown.bench.answer(method::kFlags, flags(41));
        QVERIFY(shown.showsTokens(41));
    }

    // λ of a rate is made at 1, 2, 4, 8 … judgments, with nobody looking, and judging on doesn't end that.
    void lambdaIsMadeFromTheRateInTime()
    {
        SessionBench bench;
        bench.ask<bool>([](annotate::Project& project) {
            project.chooseFalseAlarmRate(0.01);
            return true;
        });
        bench.state.setThreshold({1.1, 0.01, true, 0});
        ui::RoundsPage page;
        app::RoundPreview preview(bench.session(), page, nullptr);
        preview.changed();
        QVERIFY(bench.isAsked(method::kPreview));
        bench.answer(method::kPreview, plan(5));
        QVERIFY(bench.isAsked(method::kFlags));
        bench.state.noteJudged();
        QVERIFY(bench.isAsked(method::kPreview));
        bench.answer(method::kPreview, plan(6));
        Json made = flags(41);
        made["lambda"] = 1.75;
        bench.answer(method::kFlags, made);
        QCOMPARE(bench.state.lambda(), 1.75);
        QCOMPARE(bench.state.threshold().judgments, 6);
        const auto stored =
            bench.ask<annotate::Threshold>([](annotate::Project& project) { return project.threshold("stable"); });
        QCOMPARE(stored.lambda, 1.75);
        QCOMPARE(stored.judgments, 6);
        for (const int judgments : {11, 12}) {
            bench.state.noteJudged();
            QVERIFY(bench.isAsked(method::kPreview));
            bench.answer(method::kPreview, plan(judgments));
            QCOMPARE(bench.worker.waiting(method::kFlags) != nullptr, judgments == 12);
        }
    }

    void anotherRateIsMadeIntoALambdaAtOnce()
    {
        SessionBench bench;
        bench.state.setThreshold({1.75, 0.01, true, 64});
        ui::RoundsPage page;
        app::RoundPreview preview(bench.session(), page, nullptr);
        bench.state.setThreshold({1.75, 0.02, true, 0});
        QVERIFY(bench.isAsked(method::kPreview));
        bench.answer(method::kPreview, plan(64));
        QVERIFY(bench.isAsked(method::kFlags));
        bench.state.setLambda(1.3);  // by hand: nothing is to be made
        QVERIFY(bench.worker.waiting(method::kFlags) == nullptr);
    }

    // A verdict comes while the count is on its way: it is of the judgments before, and so would be its flags.
    void aCountOnItsWayWhenAVerdictComesDoesNotKeepTheFlagsFromBeingAsked()
    {
        Shown shown;
        shown.preview.changed();
        QVERIFY(shown.bench.isAsked(method::kPreview));
        const auto before = shown.indexOf(method::kPreview);
        shown.bench.state.noteJudged();
        ScriptedWorker::answer(shown.bench.worker.asked(before), plan(5));
        QVERIFY(shown.counts(6));
        shown.bench.answer(method::kFlags, flags(42));
        QVERIFY(shown.showsTokens(42));
    }

    void flagsOfJudgmentsBeforeAreGivenUpAndNeverShown()
    {
        Shown shown;
        shown.preview.changed();
        QVERIFY(shown.counts(5));
        const auto before = shown.indexOf(method::kFlags);
        shown.bench.state.noteJudged();
        QVERIFY(shown.bench.worker.asked(before).cancelled);
        ScriptedWorker::answer(shown.bench.worker.asked(before), flags(41));
        QVERIFY(shown.counts(6));
        QVERIFY(!shown.preview.plan().flags);
        shown.bench.answer(method::kFlags, flags(42));
        QVERIFY(shown.showsTokens(42));
    }

    // A large project's flags take minutes: the next project's first score doesn't wait for them.
    void whatWasAskedIsGivenUpWithTheProject()
    {
        SessionBench bench;
        ui::RoundsPage page;
        std::size_t asked = 0;
        {
            app::RoundPreview preview(bench.session(), page, nullptr);
            preview.setVisible(true);
            preview.changed();
            QVERIFY(bench.isAsked(method::kPreview));
            bench.answer(method::kPreview, plan(5));
            QVERIFY(bench.isAsked(method::kFlags));
            asked = static_cast<std::size_t>(bench.worker.waiting(method::kFlags)->id) - 1;
        }
        QVERIFY(bench.worker.asked(asked).cancelled);
    }

    void flagsThatNeverCameAreAskedForAgainWhenThePageIsLookedAtAgain()
    {
        Shown shown;
        shown.preview.changed();
        QVERIFY(shown.counts(5));
        shown.preview.setVisible(false);
        QVERIFY(shown.bench.worker.waiting(method::kFlags) == nullptr);
        shown.preview.setVisible(true);
        QVERIFY(shown.bench.isAsked(method::kFlags));
        shown.bench.answer(method::kFlags, flags(41));
        QVERIFY(shown.showsTokens(41));
    }

    // The worker died: its successor is asked again once it has the model (ProjectSession), and what it says is shown.
    void flagsLostWithTheWorkerAreAskedOfTheNext()
    {
        Shown shown;
        shown.preview.changed();
        QVERIFY(shown.counts(5));
        shown.bench.answer(method::kFlags, FailureReport{FailureKind::Interrupted, "The worker was killed"});
        QCOMPARE(shown.bench.frame.failure(), QString());  // the status line has said so
        shown.preview.changed();
        QVERIFY(shown.counts(5));
        shown.bench.answer(method::kFlags, flags(41));
        QVERIFY(shown.showsTokens(41));
    }

    void whyTheFlagsCanNotBeToldIsSaid()
    {
        Shown shown;
        shown.preview.changed();
        QVERIFY(shown.counts(5));
        shown.bench.answer(method::kFlags, FailureReport{FailureKind::OutOfMemory, "Too little memory"});
        QCOMPARE(shown.bench.frame.failure(), QStringLiteral("Too little memory"));
    }

    void nothingIsAskedWhileARoundRunsAndAllOfItAfterwards()
    {
        Shown shown;
        shown.preview.hold(true);
        QSignalSpy written(&shown.bench.state, &app::SessionState::judged);
        shown.bench.state.noteJudged();
        QTest::qWait(600);  // longer than the pause after a change: nothing must come of it
        QCOMPARE(shown.bench.worker.count(), std::size_t{0});
        shown.preview.hold(false);
        QVERIFY(shown.bench.isAsked(method::kPreview));
    }
};

QTEST_MAIN(RoundPreviewTest)
#include "tst_round_preview.moc"
