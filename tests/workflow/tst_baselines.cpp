// Baselines: which jobs there are, in which order, what each is given, and that what is done is not done again.
#include "base/files.h"
#include "base/json.h"
#include "tests/annotate/open_project.h"
#include "tests/support/failures.h"
#include "workflow/baselines.h"

#include <QtTest>

#include <filesystem>

using namespace stet;
using namespace stet::annotate;
using namespace stet::test;
using workflow::Baseline;
namespace fs = std::filesystem;

class BaselinesTest : public QObject {
    Q_OBJECT

    std::unique_ptr<OpenProject> m_open;

    Project& project() const { return *m_open->project; }
    std::string folder(const std::string& objective) const { return project().folder() + "/baselines/" + objective; }
    void prepare(const std::vector<std::string>& objectives, bool anew = false) const
    {
        workflow::BaselineWish wish;
        wish.objectives = objectives;
        wish.anew = anew;
        workflow::prepareBaselines(project(), wish);
    }
    // What the worker would leave behind.
    static void doIt(const workflow::BaselineJob& job)
    {
        if (job.compares) {
            publishFile(job.folder + "/compare.jsonl",
                        toLine({{"id", 1}, {"before", {{"output", "a"}}}, {"after", {{"output", "b"}}}}) + "\n" +
                            toLine({{"id", 2}, {"before", {{"output", "a"}}}, {"after", {{"output", "a"}}}}) + "\n" +
                            toLine({{"summary",
                                     {{"criticised_flagged_logp", {{"before", -1.0}, {"after", -3.0}}},
                                      {"length", {{"before", 9}, {"after", 7}}}}}}) +
                            "\n");
            return;
        }
        fs::create_directories(job.folder + "/adapter");
        publishFile(job.folder + "/report.json", R"({"steps": 34, "steps_done": 34, "seconds": 5.5, "epochs": 2})");
    }
    std::vector<std::string> doAll() const
    {
        std::vector<std::string> done;
        while (const auto job = workflow::nextBaselineJob(project())) {
            done.push_back(job->objective + (job->compares ? " compared" : ""));
            doIt(*job);
        }
        return done;
    }
    static Baseline row(const workflow::BaselineTable& table, const std::string& objective)
    {
        return *std::find_if(table.rows.begin(), table.rows.end(),
                             [&](const Baseline& one) { return one.objective == objective; });
    }

private Q_SLOTS:
    void init()
    {
        m_open = std::make_unique<OpenProject>();
        project().submit(m_open->add("Say a.", "Sure! a"), Verdict::Criticised, "No opener.");
        project().submit(m_open->add("Say b.", "b"), Verdict::Accepted, {});
    }

    void oneAfterAnotherFromTheSameStartWithTheSameSteps()
    {
        project().chooseFalseAlarmRate(0.005);
        prepare({"unlikelihood", "sft"});
        const std::vector<std::string> expected = {"cut",          "cut compared", "sft",
                                                   "sft compared", "unlikelihood", "unlikelihood compared"};
        QCOMPARE(doAll(), expected);
        const Json cut = readJsonFile(folder("cut") + "/round.json");
        QVERIFY(!cut.contains("objective"));
        QVERIFY(!cut.contains("max_steps"));
        QVERIFY(cut.contains("false_alarm_rate"));  // as the project's rounds
        for (const char* objective : {"sft", "unlikelihood"}) {
            const Json settings = readJsonFile(folder(objective) + "/round.json");
            QCOMPARE(settings.at("objective").get<std::string>(), std::string(objective));
            QCOMPARE(settings.at("max_steps").get<int>(), 34);
            QVERIFY(!settings.contains("false_alarm_rate"));
            QVERIFY(!settings.contains("parent"));
            QCOMPARE(readFile(folder(objective) + "/examples.jsonl", 1 << 20),
                     readFile(folder("cut") + "/examples.jsonl", 1 << 20));
        }
        // They are no rounds, and nothing is adopted.
        QVERIFY(project().rounds().empty());
        QCOMPARE(project().currentRound(), 0);
        QVERIFY(doAll().empty());
    }

    void theTableSaysWhatCameOfEach()
    {
        QVERIFY(!workflow::readBaselines(project()).prepared);
        prepare({"sft"});
        doAll();
        const auto table = workflow::readBaselines(project());
        QVERIFY(table.prepared);
        QVERIFY(!table.outdated);
        QCOMPARE(table.rows.size(), workflow::baselineObjectives().size());
        const Baseline sft = row(table, "sft");
        QCOMPARE(sft.state, Baseline::State::Done);
        QCOMPARE(sft.steps, 34);
        QCOMPARE(sft.seconds, 5.5);
        QCOMPARE(sft.changed, 0.5);
        QCOMPARE(sft.summary.criticisedFlaggedLogProb.after, -3.0);
        QCOMPARE(row(table, "hindsight").state, Baseline::State::Waiting);
        QVERIFY(!row(table, "hindsight").wanted);
        m_open->add("Say c.", "c", Verdict::Criticised, "Say it twice.");
        QVERIFY(workflow::readBaselines(project()).outdated);
    }

    void whatTheDataHasNothingForIsImpossibleAndNotRun()
    {
        prepare(workflow::baselineObjectives());
        const auto done = doAll();
        for (const char* objective : {"ilf", "dpo"}) {
            QVERIFY(std::find(done.begin(), done.end(), objective) == done.end());
            QVERIFY(!fs::exists(folder(objective)));
            const Baseline one = row(workflow::readBaselines(project()), objective);
            QCOMPARE(one.state, Baseline::State::Impossible);
            QVERIFY2(one.reason.find("revision") != std::string::npos, one.reason.c_str());
        }
        QCOMPARE(done.size(), std::size_t{12});
    }

    void aFailedOneIsPassedOverAndTriedAgainWhenAskedFor()
    {
        prepare({"sft", "unlikelihood"});
        for (int i = 0; i < 2; ++i) {
            doIt(*workflow::nextBaselineJob(project()));
        }
        const auto job = *workflow::nextBaselineJob(project());
        QCOMPARE(job.objective, std::string("sft"));
        QCOMPARE(job.number, 2);
        QCOMPARE(job.count, 3);
        workflow::failBaseline(project(), job, "The disk is full.");
        QCOMPARE(workflow::nextBaselineJob(project())->objective, std::string("unlikelihood"));
        QCOMPARE(row(workflow::readBaselines(project()), "sft").reason, std::string("The disk is full."));
        prepare({"sft"});
        QCOMPARE(workflow::nextBaselineJob(project())->objective, std::string("sft"));
        QCOMPARE(doAll().back(), std::string("unlikelihood compared"));  // asked for before
    }

    // How many steps the others take is not known without it.
    void withoutCutThereAreNoOthers()
    {
        prepare({"sft"});
        workflow::failBaseline(project(), *workflow::nextBaselineJob(project()), "Too little memory.");
        QVERIFY(!workflow::nextBaselineJob(project()));
    }

    void whatIsThereIsNotMixedWithAnotherStart()
    {
        prepare({"sft"});
        doAll();
        workflow::BaselineWish wish;
        wish.objectives = {"hindsight"};
        wish.preset = "cut-code";
        const auto message = messageOf([&] { workflow::prepareBaselines(project(), wish); });
        QVERIFY2(message.find("start from the base model with the preset stable") != std::string::npos,
                 message.c_str());
        wish.anew = true;
        workflow::prepareBaselines(project(), wish);
        QVERIFY(!fs::exists(folder("sft")));
        QCOMPARE(workflow::nextBaselineJob(project())->objective, std::string("cut"));
        QCOMPARE(readJsonFile(folder("cut") + "/round.json").at("preset").get<std::string>(), std::string("cut-code"));
        wish.anew = false;
        wish.start = 7;
        QVERIFY(!messageOf([&] { workflow::prepareBaselines(project(), wish); }).empty());
    }

    void unknownOnesAreRefusedByName()
    {
        QCOMPARE(workflow::baselinesNamed("sft,dpo"), (std::vector<std::string>{"sft", "dpo"}));
        QCOMPARE(workflow::baselinesNamed({}), workflow::baselineObjectives());
        const auto message = messageOf([] { workflow::baselinesNamed("sft,rlhf"); });
        QVERIFY2(message.find("no baseline 'rlhf'; known: cut, sft") != std::string::npos, message.c_str());
    }

    void nothingIsPreparedWhereNothingIsJudged()
    {
        OpenProject empty;
        workflow::BaselineWish wish;
        QVERIFY(!messageOf([&] { workflow::prepareBaselines(*empty.project, wish); }).empty());
        QVERIFY(!fs::exists(empty.folder + "/baselines"));
    }
};

QTEST_APPLESS_MAIN(BaselinesTest)
#include "tst_baselines.moc"
