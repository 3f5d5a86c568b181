// What in a round's files gives cause for an alert, and what doesn't; what stands beside the round of it.
#include "annotate/judgment/round_before.h"
#include "base/files.h"
#include "base/json.h"
#include "tests/annotate/open_project.h"
#include "workflow/comparison.h"
#include "workflow/round_run.h"
#include "workflow/round_watch.h"

#include <QtTest>

#include <functional>

using namespace stet;
using namespace stet::annotate;
using namespace stet::test;
using workflow::RoundEvidence;

namespace {

// Of a round of four passes of five steps that did what it was to do.
RoundEvidence goodRound()
{
    RoundEvidence evidence;
    evidence.epochs = 4;
    evidence.plannedFlaggedShare = 0.12;
    evidence.finishedAt = 20;
    for (int i = 0; i < 20; ++i) {
        contract::Step step;
        step.step = i + 1;
        step.losses.loss = 0.2;
        step.losses.likelihood = 0.26 - 0.005 * i;
        step.losses.flaggedShare = 0.12;
        evidence.steps.push_back(step);
    }
    contract::CompareSummary summary;
    summary.criticisedFlaggedLogProb = {-0.94, -4.3};
    summary.praisedLogProb = {-0.33, -0.11};
    summary.length = {11, 9};
    summary.repetition = {0, 0};
    evidence.summary = summary;
    for (int i = 0; i < 20; ++i) {
        contract::ComparedLine line;
        line.id = i;
        line.before.output = "Sure! The " + std::to_string(i);
        line.after.output = std::to_string(i) + " it is";
        line.before.stopped = line.after.stopped = contract::Stopped::Eos;
        evidence.answers.push_back(line);
    }
    return evidence;
}

using Change = std::function<void(RoundEvidence&)>;

void eachStep(RoundEvidence& evidence, const std::function<void(contract::StepLosses&, std::size_t)>& change)
{
    for (std::size_t i = 0; i < evidence.steps.size(); ++i) {
        change(evidence.steps[i].losses, i);
    }
}

}  // namespace

Q_DECLARE_METATYPE(Change)

class RoundAlertsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aRoundThatWentWellGivesNoAlert() { QVERIFY(workflow::alertsFrom(goodRound()).empty()); }

    void aRoundOfWhichNothingIsKnownGivesNone() { QVERIFY(workflow::alertsFrom({}).empty()); }

    void eachKindIsFoundAlone_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("kind");
        QTest::addColumn<bool>("bad");
        QTest::addColumn<QString>("numbers");  // in the sentence
        const auto row = [](const char* kind, bool bad, const char* numbers, Change change) {
            QTest::newRow(qPrintable(QStringLiteral("%1: %2").arg(QLatin1String(kind), QLatin1String(numbers))))
                << std::move(change) << QString::fromLatin1(kind) << bad << QString::fromLatin1(numbers);
        };
        row("not-a-number", true, "until step 16 is kept", [](RoundEvidence& e) {
            e.steps.back().losses.loss = contract::StepLosses::kNone;
            e.finishedAt = 0;
            e.newestCheckpoint = 16;
        });
        row("not-a-number", true, "at step 20 is not a number, and the round stopped there. Nothing",
            [](RoundEvidence& e) {
                e.steps.back().losses.loss = contract::StepLosses::kNone;
                e.finishedAt = 0;
            });
        row("not-a-number", false, "It has what was trained until step 16", [](RoundEvidence& e) {
            e.steps.back().losses.loss = contract::StepLosses::kNone;
            e.finishedAt = 16;
        });
        row("flagged-more", true, "31 % of the tokens of criticised responses, where the plan said 12 %",
            [](RoundEvidence& e) { eachStep(e, [](auto& losses, std::size_t) { losses.flaggedShare = 0.31; }); });
        row("flagged-more", true, "60 % of the tokens of criticised responses. Look", [](RoundEvidence& e) {
            e.plannedFlaggedShare.reset();
            eachStep(e, [](auto& losses, std::size_t) { losses.flaggedShare = 0.6; });
        });
        row("flagged-climbs", false, "pushed down 21 % of the tokens of criticised responses, in its first 12 %",
            [](RoundEvidence& e) {
                eachStep(e, [](auto& losses, std::size_t i) { losses.flaggedShare = i < 15 ? 0.12 : 0.21; });
            });
        row("learnt-by-heart", false, "from 1.2 in the first pass to 0.01", [](RoundEvidence& e) {
            eachStep(e, [](auto& losses, std::size_t i) { losses.likelihood = i < 5 ? 1.2 : 0.01; });
        });
        row("criticised-likelier", true, "0.0714 before, 0.127 after", [](RoundEvidence& e) {
            e.summary->criticisedFlaggedLogProb = {-2.64, -2.06};
        });
        row("accepted-less-likely", false, "0.719 before, 0.477 after", [](RoundEvidence& e) {
            e.summary->praisedLogProb = {-0.33, -0.74};
        });
        row("accepted-less-likely", true, "0.719 before, 0.202 after", [](RoundEvidence& e) {
            e.summary->praisedLogProb = {-0.33, -1.6};
        });
        row("shorter", false, "40 tokens before, 19 after", [](RoundEvidence& e) { e.summary->length = {40, 19}; });
        row("shorter", true, "40 tokens before, 3 after", [](RoundEvidence& e) { e.summary->length = {40, 3}; });
        row("longer", false, "40 tokens before, 90 after", [](RoundEvidence& e) { e.summary->length = {40, 90}; });
        row("longer", true, "40 tokens before, 240 after", [](RoundEvidence& e) { e.summary->length = {40, 240}; });
        row("repeating", true, "5 % had been there already before, 40 % after", [](RoundEvidence& e) {
            e.summary->repetition = {0.05, 0.4};
        });
        row("endless", true, "0 % were cut off before, 35 % after", [](RoundEvidence& e) {
            for (std::size_t i = 0; i < 7; ++i) {
                e.answers[i].after.stopped = contract::Stopped::Length;
            }
        });
        row("one-opening", true, "with \"I'm sorry,\": 0 % before, 75 % after", [](RoundEvidence& e) {
            for (std::size_t i = 0; i < 15; ++i) {
                e.answers[i].after.output = "I'm sorry, but " + std::to_string(i);
            }
        });
        row("one-opening", true, "\": 0 % before, 100 % after", [](RoundEvidence& e) {
            for (auto& line : e.answers) {
                line.after.output = "抱歉，我不能帮助你完成这个请求，因为它超出了我的能力范围，请你换一个别的问题再来问"
                                    "我吧谢谢你的理解" +
                    line.id.dump();
            }
        });
    }
    void eachKindIsFoundAlone()
    {
        QFETCH(Change, change);
        QFETCH(QString, kind);
        QFETCH(bool, bad);
        QFETCH(QString, numbers);
        RoundEvidence evidence = goodRound();
        change(evidence);
        const auto alerts = workflow::alertsFrom(evidence);
        QCOMPARE(alerts.size(), std::size_t{1});
        QCOMPARE(QString::fromStdString(workflow::alertName(alerts.front().kind)), kind);
        QCOMPARE(alerts.front().bad, bad);
        const auto sentence = QString::fromStdString(workflow::alertSentence(alerts.front()));
        QVERIFY2(sentence.contains(numbers), qPrintable(sentence));
        QVERIFY2(!sentence.contains(QLatin1Char('%') + QString::number(1)), qPrintable(sentence));
    }

    void aChangeWithinTheUsualIsNoAlert_data()
    {
        QTest::addColumn<Change>("change");
        const auto row = [](const char* name, Change change) { QTest::newRow(name) << std::move(change); };
        row("criticised words move by a rounding", [](RoundEvidence& e) {
            e.summary->criticisedFlaggedLogProb = {-2.64, -2.62};
        });
        row("short answers become shorter", [](RoundEvidence& e) { e.summary->length = {6, 2}; });
        row("flags differ by chance from batch to batch", [](RoundEvidence& e) {
            eachStep(e, [](auto& losses, std::size_t i) { losses.flaggedShare = i % 5 < 4 ? 0.1 : 0.2; });
        });
        row("answers were easy from the start",
            [](RoundEvidence& e) { eachStep(e, [](auto& losses, std::size_t) { losses.likelihood = 0.02; }); });
        row("one opening was there before", [](RoundEvidence& e) {
            for (auto& line : e.answers) {
                line.before.output = line.after.output = "The answer is " + line.id.dump();
            }
        });
        row("too few answers for a share", [](RoundEvidence& e) {
            e.answers.resize(5);
            for (auto& line : e.answers) {
                line.after.output = "I'm sorry, no";
                line.after.stopped = contract::Stopped::Length;
            }
        });
        row("an objective that pushes down every token", [](RoundEvidence& e) {
            e.detects = false;
            eachStep(e, [](auto& losses, std::size_t) { losses.flaggedShare = 1; });
        });
        row("no comparison", [](RoundEvidence& e) { e.summary = contract::CompareSummary(); });
    }
    void aChangeWithinTheUsualIsNoAlert()
    {
        QFETCH(Change, change);
        RoundEvidence evidence = goodRound();
        change(evidence);
        const auto alerts = workflow::alertsFrom(evidence);
        QVERIFY2(alerts.empty(), alerts.empty() ? "" : workflow::alertSentence(alerts.front()).c_str());
    }

    void theWorstComesFirst()
    {
        RoundEvidence evidence = goodRound();
        evidence.summary->length = {40, 19};
        evidence.summary->repetition = {0, 0.5};
        const auto alerts = workflow::alertsFrom(evidence);
        QCOMPARE(alerts.size(), std::size_t{2});
        QVERIFY(alerts.front().bad);
        QVERIFY(!alerts.back().bad);
    }

    // --- beside the round
    void theWatchReadsARoundsFilesAndItsAlertsStandBesideIt()
    {
        OpenProject open;
        Project& project = *open.project;
        project.submit(open.add("Say a.", "Sure! a"), Verdict::Criticised, "No opener.");
        const int number = workflow::prepareRound(project, 0, "stable").number;
        const std::string folder = project.roundFolder(number);
        workflow::beginRound(project, number, {1, 0, 0.1});
        publishFile(folder + "/log.jsonl",
                    "{\"step\": 1, \"loss\": 0.3, \"flagged_share\": 0.4}\n{\"step\": 2, \"loss\": 0.2, "
                    "\"flagged_share\": 0.4}\n{\"step\": 3, \"lo");
        publishFile(folder + "/report.json", R"({"steps": 2, "steps_done": 2, "epochs": 1, "totals": {}})");
        const auto ended = workflow::endRound(project, number, {workflow::RoundEnd::Outcome::Trained});
        QCOMPARE(ended.alerts.size(), std::size_t{1});
        QCOMPARE(ended.alerts.front().kind, AlertKind::FlaggedMore);

        publishFile(folder + "/compare.jsonl",
                    toLine({{"summary",
                             {{"criticised_flagged_logp", {{"before", -2.64}, {"after", -2.06}}},
                              {"praised_logp", {{"before", nullptr}, {"after", nullptr}}}}}}) +
                        "\n");
        const auto found = workflow::recordComparison(project, workflow::readComparison(project, number));
        QCOMPARE(found.size(), std::size_t{2});
        QCOMPARE(found.back().kind, AlertKind::CriticisedLikelier);
        const Json stored = readJsonFile(folder + "/alerts.json");
        QCOMPARE(stored.at(1).at("kind").get<std::string>(), std::string("criticised-likelier"));
        QVERIFY(stored.at(1).at("text").get<std::string>().find("0.127") != std::string::npos);

        open.reopen();
        const auto rounds = workflow::watchedRounds(*open.project);
        QCOMPARE(rounds.back().alerts, found);
        publishFile(folder + "/alerts.json", "[{\"kind\": \"of tomorrow\"}, {\"kind\": \"shorter\"");
        QVERIFY(workflow::watchedRounds(*open.project).back().alerts.empty());
    }

    void oneGoesBackToWhatCanBeUsed()
    {
        RoundRecord first;
        first.number = 1;
        first.state = RoundState::Finished;
        RoundRecord second = first;
        second.number = 2;
        second.parent = 1;
        RoundRecord third = first;
        third.number = 3;
        third.parent = 2;
        QCOMPARE(roundBefore({first, second, third}, 3), 2);
        QCOMPARE(roundBefore({first, second, third}, 1), 0);
        second.state = RoundState::Discarded;
        QCOMPARE(roundBefore({first, second, third}, 3), 1);
        first.state = RoundState::Discarded;
        QCOMPARE(roundBefore({first, second, third}, 3), 0);
    }
};

QTEST_APPLESS_MAIN(RoundAlertsTest)
#include "tst_round_alerts.moc"
