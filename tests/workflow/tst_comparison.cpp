// The window and the command line compare a round alike: the same question, and the same reading of the answer.
#include "base/files.h"
#include "base/generation.h"
#include "base/json_lines.h"
#include "tests/annotate/open_project.h"
#include "tests/support/failures.h"
#include "workflow/comparison.h"
#include "workflow/round_run.h"

#include <QtTest>

using namespace stet;
using namespace stet::annotate;
using namespace stet::test;

class ComparisonTest : public QObject {
    Q_OBJECT

    std::unique_ptr<OpenProject> m_open;

    Project& project() const { return *m_open->project; }
    int finishedRound(int parent) const
    {
        const int number = workflow::prepareRound(project(), parent, "cut-paper").number;
        publishFile(project().roundFolder(number) + "/report.json", "{}");
        workflow::endRound(project(), number, {workflow::RoundEnd::Outcome::Trained});
        return number;
    }
    void writeAnswers(int round) const
    {
        publishFile(project().roundFolder(round) + "/compare.jsonl",
                    toLine({{"id", "h1"}, {"before", {{"output", "Sure! b"}}}, {"after", {{"output", "b"}}}}) + "\n" +
                        toLine({{"id", 7}, {"before", {{"logprob", {-1.0}}}}, {"after", {{"logprob", {-2.0}}}}}) +
                        "\n" + toLine({{"summary", {{"control_kl", 0.01}}}}) + "\n");
    }

private Q_SLOTS:
    void init()
    {
        m_open = std::make_unique<OpenProject>();
        project().submit(m_open->add("Say a.", "Sure! a"), Verdict::Criticised, "No opener.");
        Instruction heldOut;
        heldOut.externalId = "\"h1\"";
        heldOut.instruction = "Say this:";
        heldOut.input = "b";
        project().addInstructions("heldout", {heldOut});
    }

    void theQuestionIsTheRoundsOwn()
    {
        const int first = finishedRound(0);
        const int second = finishedRound(first);
        project().setNumber("lambda", 1.5);
        const auto base = workflow::planComparison(project(), first, false);
        QCOMPARE(base.before, std::string("base"));
        QCOMPARE(base.after, project().adapterFolder(first));
        QCOMPARE(base.detection.contrast, std::optional(Contrast::D2));  // its preset's, whatever the project's is now
        QCOMPARE(base.detection.lambda, std::optional(1.5));
        QCOMPARE(base.maxNewTokens, kDefaultNewTokens);
        const std::string input = readFile(base.in, 1 << 20);
        QVERIFY2(input.find("Say this:") != std::string::npos, input.c_str());
        const auto later = workflow::planComparison(project(), second, false);
        QCOMPARE(later.before, project().adapterFolder(first));
        project().setNumber("max_new_tokens", 40);
        QCOMPARE(workflow::planComparison(project(), second, false).maxNewTokens, 40);
    }

    void aRoundThatIsNotFinishedHasNothingToCompare()
    {
        const int number = workflow::prepareRound(project(), 0, "stable").number;
        const auto message = messageOf([&] { workflow::planComparison(project(), number, false); });
        QVERIFY2(message.find("Round 1 is not finished, so there is nothing to compare") == 0, message.c_str());
    }

    void theAnswerIsReadAndItsSummaryKept()
    {
        const int number = finishedRound(0);
        writeAnswers(number);
        project().setChoice(number, "\"h1\"", "after");
        const auto comparison = workflow::readComparison(project(), number);
        QCOMPARE(comparison.items.size(), std::size_t{1});
        QCOMPARE(comparison.items.front().instruction, std::string("Say this:\nb"));
        QCOMPARE(comparison.items.front().before, std::string("Sure! b"));
        QCOMPARE(comparison.items.front().after, std::string("b"));
        QCOMPARE(comparison.choices.size(), std::size_t{1});
        QVERIFY(!workflow::planComparison(project(), number, false).done);
        workflow::recordComparison(project(), comparison);
        QCOMPARE(Json::parse(project().round(number).summaryJson), (Json{{"control_kl", 0.01}}));
        QVERIFY(workflow::planComparison(project(), number, false).done);
        QVERIFY(!workflow::planComparison(project(), number, true).done);
    }
};

QTEST_APPLESS_MAIN(ComparisonTest)
#include "tst_comparison.moc"
