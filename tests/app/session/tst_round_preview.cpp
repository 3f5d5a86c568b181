// "What will train" shows what changed last, however late, disordered or silent the worker is.
#include "app/session/round_preview.h"
#include "tests/app/session/session_bench.h"
#include "contract/message.h"
#include "ui/round/plan_panel.h"

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

    static std::unique_ptr<app::RoundPreview> visiblePreview(SessionBench& bench)
    {
        auto preview = std::make_unique<app::RoundPreview>(bench.access(), nullptr);
        preview->setVisible(true);
        return preview;
    }
    static bool isAsked(SessionBench& bench, const char* method)
    {
        return QTest::qWaitFor([&] { return bench.worker.waiting(method) != nullptr; }, 60'000);
    }
    static bool showsTokens(const app::RoundPreview& preview, int tokens)
    {
        return QTest::qWaitFor([&] { return preview.plan().flags && preview.plan().flags->tokens == tokens; }, 60'000);
    }

private Q_SLOTS:
    void thePlanIsCountedThenItsFlagsAreLookedAt()
    {
        SessionBench bench;
        const auto preview = visiblePreview(bench);
        preview->changed();
        QVERIFY(isAsked(bench, method::kPreview));
        ScriptedWorker::answer(*bench.worker.waiting(method::kPreview), plan(5));
        QCOMPARE(preview->plan().criticised, 5);
        QVERIFY(isAsked(bench, method::kFlags));
        ScriptedWorker::answer(*bench.worker.waiting(method::kFlags), flags(41));
        QVERIFY(showsTokens(*preview, 41));
    }

    // A verdict comes while the count is on its way: the count is of the judgments before, and so would be its flags.
    void aCountOnItsWayWhenAVerdictComesDoesNotKeepTheFlagsFromBeingAsked()
    {
        SessionBench bench;
        const auto preview = visiblePreview(bench);
        preview->changed();
        QVERIFY(isAsked(bench, method::kPreview));
        auto& before = *bench.worker.waiting(method::kPreview);
        const std::size_t index = static_cast<std::size_t>(before.id) - 1;
        preview->changed();
        ScriptedWorker::answer(bench.worker.asked(index), plan(5));
        QVERIFY(isAsked(bench, method::kPreview));
        ScriptedWorker::answer(*bench.worker.waiting(method::kPreview), plan(6));
        QCOMPARE(preview->plan().criticised, 6);
        QVERIFY(isAsked(bench, method::kFlags));
        ScriptedWorker::answer(*bench.worker.waiting(method::kFlags), flags(42));
        QVERIFY(showsTokens(*preview, 42));
    }

    void flagsOfJudgmentsBeforeAreGivenUpAndNeverShown()
    {
        SessionBench bench;
        const auto preview = visiblePreview(bench);
        preview->changed();
        QVERIFY(isAsked(bench, method::kPreview));
        ScriptedWorker::answer(*bench.worker.waiting(method::kPreview), plan(5));
        QVERIFY(isAsked(bench, method::kFlags));
        const auto index = static_cast<std::size_t>(bench.worker.waiting(method::kFlags)->id) - 1;
        preview->changed();
        QVERIFY(bench.worker.asked(index).cancelled);
        QVERIFY(isAsked(bench, method::kPreview));
        ScriptedWorker::answer(bench.worker.asked(index), flags(41));
        ScriptedWorker::answer(*bench.worker.waiting(method::kPreview), plan(6));
        QVERIFY(isAsked(bench, method::kFlags));
        QVERIFY(!preview->plan().flags);
        ScriptedWorker::answer(*bench.worker.waiting(method::kFlags), flags(42));
        QVERIFY(showsTokens(*preview, 42));
    }

    void flagsThatNeverCameAreAskedForAgainWhenThePageIsLookedAtAgain()
    {
        SessionBench bench;
        const auto preview = visiblePreview(bench);
        preview->changed();
        QVERIFY(isAsked(bench, method::kPreview));
        ScriptedWorker::answer(*bench.worker.waiting(method::kPreview), plan(5));
        QVERIFY(isAsked(bench, method::kFlags));
        preview->setVisible(false);
        QVERIFY(bench.worker.waiting(method::kFlags) == nullptr);
        preview->setVisible(true);
        QVERIFY(isAsked(bench, method::kFlags));
        ScriptedWorker::answer(*bench.worker.waiting(method::kFlags), flags(41));
        QVERIFY(showsTokens(*preview, 41));
    }

    // The worker died: its successor is asked again once it has the model (ProjectSession), and what it says is shown.
    void flagsLostWithTheWorkerAreAskedOfTheNext()
    {
        SessionBench bench;
        const auto preview = visiblePreview(bench);
        preview->changed();
        QVERIFY(isAsked(bench, method::kPreview));
        ScriptedWorker::answer(*bench.worker.waiting(method::kPreview), plan(5));
        QVERIFY(isAsked(bench, method::kFlags));
        ScriptedWorker::answer(*bench.worker.waiting(method::kFlags),
                               FailureReport{FailureKind::Interrupted, "The worker was killed"});
        QVERIFY(bench.complaints.empty());  // the status line has said so
        preview->changed();
        QVERIFY(isAsked(bench, method::kPreview));
        ScriptedWorker::answer(*bench.worker.waiting(method::kPreview), plan(5));
        QVERIFY(isAsked(bench, method::kFlags));
        ScriptedWorker::answer(*bench.worker.waiting(method::kFlags), flags(41));
        QVERIFY(showsTokens(*preview, 41));
    }

    void nothingIsAskedWhileARoundRunsAndAllOfItAfterwards()
    {
        SessionBench bench;
        const auto preview = visiblePreview(bench);
        preview->hold(true);
        preview->changed();
        QTest::qWait(600);  // the pause is 400 ms: nothing must come of it
        QCOMPARE(bench.worker.count(), std::size_t{0});
        preview->hold(false);
        QVERIFY(isAsked(bench, method::kPreview));
    }
};

QTEST_MAIN(RoundPreviewTest)
#include "tst_round_preview.moc"
