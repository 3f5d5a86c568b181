// A round is recorded alike whoever runs it: made, run, ended, taken up again, adopted, discarded.
#include "base/files.h"
#include "base/json.h"
#include "tests/annotate/open_project.h"
#include "tests/support/failures.h"
#include "workflow/project_start.h"
#include "workflow/round_plan.h"
#include "workflow/round_run.h"

#include <QtTest>

#include <filesystem>

using namespace stet;
using namespace stet::annotate;
using namespace stet::test;
using workflow::RoundEnd;

class RoundRunTest : public QObject {
    Q_OBJECT

    static constexpr std::size_t kMostBytes = 1 << 20;
    std::unique_ptr<OpenProject> m_open;

    Project& project() const { return *m_open->project; }
    int prepared() const { return workflow::prepareRound(project(), 0, "stable").number; }
    void report(int round, const Json& content) const
    {
        publishFile(project().roundFolder(round) + "/report.json", content.dump());
    }
    int finished() const
    {
        const int number = prepared();
        workflow::beginRound(project(), number);
        report(number, {{"steps", 30}, {"steps_done", 30}, {"totals", {{"criticised", 1}, {"accepted", 0}}}});
        workflow::endRound(project(), number, {RoundEnd::Outcome::Trained});
        return number;
    }

private Q_SLOTS:
    void init()
    {
        m_open = std::make_unique<OpenProject>();
        project().submit(m_open->add("Say a.", "Sure! a"), Verdict::Criticised, "No opener.");
    }

    void aRoundIsMadeWithItsInput()
    {
        const auto round = workflow::prepareRound(project(), 0, "cut-code");
        QCOMPARE(round.number, 1);
        QCOMPARE(round.state, RoundState::Prepared);
        const Json settings = readJsonFile(project().roundFolder(1) + "/round.json");
        QCOMPARE(settings.at("preset").get<std::string>(), std::string("cut-code"));
        QVERIFY(std::filesystem::exists(project().roundFolder(1) + "/examples.jsonl"));
    }

    void whatCannotBeTrainedLeavesNoRoundBehind()
    {
        QCOMPARE(messageOf([&] { workflow::prepareRound(project(), 0, "fast"); }),
                 std::string("preset 'fast' is unknown; known: stable, cut-code, cut-paper, ftpo"));
        OpenProject untouched;
        untouched.add("Say b.", "b");
        const auto message = messageOf([&] { workflow::prepareRound(*untouched.project, 0, "stable"); });
        QVERIFY2(message.find("is criticised yet") != std::string::npos, message.c_str());
        QVERIFY(project().rounds().empty());
        QVERIFY(untouched.project->rounds().empty());
    }

    void theLambdaThatARoundMadeIsTheProjectsNow()
    {
        project().chooseFalseAlarmRate(0.005);
        for (const bool byHand : {false, true}) {
            const int number = prepared();
            workflow::beginRound(project(), number);
            report(number,
                   {{"steps", 30},
                    {"steps_done", 30},
                    {"totals", {{"criticised", 12}, {"accepted", 0}}},
                    {"false_alarm_rate", 0.005},
                    {"lambda", 1.5 + number}});
            if (byHand) {  // while it ran
                project().chooseLambda(1.3);
            }
            workflow::endRound(project(), number, {RoundEnd::Outcome::Trained});
            QCOMPARE(project().threshold("stable").lambda, byHand ? 1.3 : 2.5);
        }
        project().chooseFalseAlarmRate(0.005);
        QCOMPARE(project().threshold("stable").judgments, 0);
    }

    void aRunningRoundShowsWhatThePlanCountedAndKeepsItsStart()
    {
        const int number = prepared();
        const auto begun = workflow::beginRound(project(), number, {64, 16});
        QCOMPARE(begun.state, RoundState::Running);
        QCOMPARE(begun.criticised, 64);
        QCOMPARE(begun.accepted, 16);
        QVERIFY(!begun.startedAt.empty());
        auto paused = workflow::endRound(project(), number, {RoundEnd::Outcome::Paused, {}, 60, 31});
        QCOMPARE(paused.stepsDone, 31);
        QCOMPARE(paused.state, RoundState::Paused);
        QVERIFY(paused.finishedAt.empty());
        paused.startedAt = "2026-01-01T00:00:00Z";
        project().updateRound(paused);
        QCOMPARE(workflow::beginRound(project(), number).startedAt, std::string("2026-01-01T00:00:00Z"));
    }

    void aTrainedRoundHasItsReportsTotals()
    {
        const int number = prepared();
        workflow::beginRound(project(), number, {64, 16});
        report(number, {{"steps", 60}, {"steps_done", 60}, {"totals", {{"criticised", 60}, {"accepted", 15}}}});
        const auto round = workflow::endRound(project(), number, workflow::endFromOutcome(contract::Outcome::Finished));
        QCOMPARE(round.state, RoundState::Finished);
        QCOMPARE(round.steps, 60);
        QCOMPARE(round.criticised, 60);
        QCOMPARE(round.accepted, 15);
        QVERIFY(!round.finishedAt.empty());
        m_open->reopen();
        QCOMPARE(project().round(number).state, RoundState::Finished);
    }

    void everyEndOfTheWorkerHasItsState_data()
    {
        QTest::addColumn<std::string>("outcome");
        QTest::addColumn<int>("state");
        QTest::newRow("stopped and kept") << std::string("kept") << int(RoundState::Finished);
        QTest::newRow("run again") << std::string("already finished") << int(RoundState::Finished);
        QTest::newRow("thrown away") << std::string("discarded") << int(RoundState::Discarded);
        QTest::newRow("paused") << std::string("paused") << int(RoundState::Paused);
    }
    void everyEndOfTheWorkerHasItsState()
    {
        QFETCH(std::string, outcome);
        QFETCH(int, state);
        const int number = prepared();
        report(number, Json::object());
        workflow::beginRound(project(), number);
        QCOMPARE(
            int(workflow::endRound(project(), number,
                                   workflow::endFromOutcome(contract::fromWord<contract::Outcome>(outcome).value()))
                    .state),
            state);
    }

    void aFailureIsKeptUntilTheRoundGoesOn()
    {
        const int number = prepared();
        workflow::beginRound(project(), number);
        const auto failed = workflow::endRound(
            project(), number, workflow::endFromFailure({FailureKind::OutOfMemory, "Too little memory"}));
        QCOMPARE(failed.state, RoundState::Failed);
        QCOMPARE(failed.failure, std::string("Too little memory"));
        QCOMPARE(workflow::beginRound(project(), number).failure, std::string());
        const auto lost =
            workflow::endRound(project(), number, workflow::endFromFailure({FailureKind::Interrupted, "killed"}));
        QCOMPARE(lost.state, RoundState::Paused);
        QCOMPARE(lost.failure, std::string());
    }

    void whatRanWhenTheProgramEndedIsOfferedAgain()
    {
        QVERIFY(!workflow::takeUpInterrupted(project()));
        const int number = prepared();
        QVERIFY(workflow::unfinishedRound(project()));
        workflow::beginRound(project(), number);
        m_open->reopen();
        const auto offered = workflow::takeUpInterrupted(project());
        QVERIFY(offered.has_value());
        QCOMPARE(offered->number, number);
        QCOMPARE(project().round(number).state, RoundState::Paused);
        report(number, Json::object());
        workflow::endRound(project(), number, {RoundEnd::Outcome::Trained});
        QVERIFY(!workflow::takeUpInterrupted(project()));
        QVERIFY(!workflow::unfinishedRound(project()));
    }

    void onlyAFinishedRoundIsAdoptedAndADiscardedOneIsNoLonger()
    {
        const int number = finished();
        workflow::adoptRound(project(), number);
        QCOMPARE(project().currentRound(), number);
        workflow::discardRound(project(), number);
        QCOMPARE(project().currentRound(), 0);
        const auto message = messageOf([&] { workflow::adoptRound(project(), number); });
        QVERIFY2(message.find("Round 1 is not finished, so it can't be adopted") == 0, message.c_str());
        workflow::adoptRound(project(), 0);
        QCOMPARE(project().currentRound(), 0);
    }

    void aPlanIsARoundThatIsNotMade()
    {
        const auto plan = workflow::writePlanInput(project(), 0, "stable");
        QVERIFY(plan.trains);
        QVERIFY(project().rounds().empty());
        workflow::prepareRound(project(), 0, "stable");
        QCOMPARE(readFile(plan.folder + "/round.json", kMostBytes),
                 readFile(project().roundFolder(1) + "/round.json", kMostBytes));
        QCOMPARE(readFile(plan.folder + "/examples.jsonl", kMostBytes),
                 readFile(project().roundFolder(1) + "/examples.jsonl", kMostBytes));
    }

    void responsesAreNamedByTheirInstructions()
    {
        QCOMPARE(workflow::instructionsOf(project(), {"1", "\"unknown\""}),
                 (std::vector<std::string>{"Say a.", "\"unknown\""}));
    }

    void aProjectIsMadeWithItsDataOrNotAtAll()
    {
        const QTemporaryDir home;
        const std::string folder = home.filePath(QStringLiteral("new.stet")).toStdString();
        const std::string model = home.path().toStdString();
        QCOMPARE(messageOf([&] { workflow::createProject(folder, model, {}); }),
                 model + " is no model: it is neither a folder with a config.json nor a GGUF file");
        publishFile(model + "/config.json", "{}");
        publishFile(model + "/bad.jsonl", "{\"instruction\": 1}\n");
        QVERIFY(!messageOf([&] { workflow::createProject(folder, model, model + "/bad.jsonl"); }).empty());
        QVERIFY(!std::filesystem::exists(folder));
        publishFile(model + "/good.jsonl",
                    R"({"id": 1, "instruction": "Say c.", "output": "c"})"
                    "\n");
        workflow::createProject(folder, model, model + "/good.jsonl");
        QCOMPARE(Project::open(folder)->counts().total, 1);
    }
};

QTEST_APPLESS_MAIN(RoundRunTest)
#include "tst_round_run.moc"
