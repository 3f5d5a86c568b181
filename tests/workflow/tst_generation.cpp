// Which responses a model still has to write, and what becomes of those that come.
#include "annotate/exchange/export.h"
#include "annotate/exchange/import.h"
#include "base/files.h"
#include "base/json.h"
#include "tests/annotate/open_project.h"
#include "tests/support/failures.h"
#include "workflow/generation.h"
#include "workflow/round_run.h"

#include <QtTest>

using namespace stet;
using namespace stet::annotate;
using namespace stet::test;
using workflow::GenerationWish;

class GenerationTest : public QObject {
    Q_OBJECT

    std::unique_ptr<OpenProject> m_open;

    Project& project() const { return *m_open->project; }
    void ask(int from, int count, const std::string& set = kWaitingSet) const
    {
        std::vector<Instruction> list;
        for (int i = from; i < from + count; ++i) {
            list.push_back({"\"i" + std::to_string(i) + "\"", "Say " + std::to_string(i) + ".", "", "", ""});
        }
        project().addInstructions(set, list);
    }
    // As if the worker had answered the first `count` of what is missing.
    void answer(const GenerationWish& wish, int count) const
    {
        const auto generation = workflow::planGeneration(project(), wish);
        for (std::size_t part = 0; part < generation.parts.size(); ++part) {
            for (const auto& one : generation.parts[part].instructions) {
                if (count-- > 0) {
                    QVERIFY(
                        workflow::takeGenerated(project(), generation, part,
                                                {Json::parse(one.externalId), "answer", 1, contract::Stopped::Eos}));
                }
            }
        }
    }
    int missing(const GenerationWish& wish) const { return workflow::planGeneration(project(), wish).missing; }
    static GenerationWish sampled(int samples)
    {
        GenerationWish wish;
        wish.sampling.temperature = 0.7;
        wish.samples = samples;
        return wish;
    }
    int finishedRound() const
    {
        project().submit(m_open->add("Say a.", "Sure! a"), Verdict::Criticised, "No opener.");
        const int number = workflow::prepareRound(project(), 0, "stable").number;
        publishFile(project().roundFolder(number) + "/report.json", "{}");
        workflow::endRound(project(), number, {workflow::RoundEnd::Outcome::Trained});
        return number;
    }

private Q_SLOTS:
    void init() { m_open = std::make_unique<OpenProject>(); }

    void aResponseIsToDoAndKnowsWhoWroteItAndHow()
    {
        ask(0, 1);
        answer(sampled(1), 1);
        const auto item = *project().item(project().ids(QueueFilter::Open).front());
        QCOMPARE(item.output, std::string("answer"));
        QCOMPARE(item.externalId, std::string("\"i0-base\""));
        QCOMPARE(item.author.kind, AuthorKind::Model);
        QCOMPARE(item.author.model, std::string("/models/one"));
        QCOMPARE(item.author.round, std::optional(0));
        const Json sampling = Json::parse(item.sampling);
        QCOMPARE(sampling.at("temperature").get<double>(), 0.7);
        QCOMPARE(sampling.at("seed").get<int>(), 42);
        QCOMPARE(sampling.at("max_new_tokens").get<int>(), 256);
    }

    void howItWasMadeGoesThroughAnExportAndBack()
    {
        ask(0, 1);
        answer(sampled(1), 1);
        const std::string path = m_open->dir.filePath(QStringLiteral("out.jsonl")).toStdString();
        exportFile(project(), path, "jsonl", QueueFilter::All);
        const auto before = *project().item(project().ids(QueueFilter::All).front());
        m_open = std::make_unique<OpenProject>();
        const std::string copy = m_open->dir.filePath(QStringLiteral("in.jsonl")).toStdString();
        publishFile(
            copy,
            toLine({{"id", 1}, {"instruction", "x"}, {"output", "y"}, {"sampling", Json::parse(before.sampling)}}) +
                "\n");
        importFile(project(), copy, "jsonl");
        QCOMPARE(project().item(project().ids(QueueFilter::All).front())->sampling, before.sampling);
    }

    void whatHasAResponseWithTheSameSettingsIsNotAskedAgain()
    {
        ask(0, 5);
        const GenerationWish greedy;
        QCOMPARE(missing(greedy), 5);
        answer(greedy, 2);
        m_open->reopen();  // as after a kill
        const auto again = workflow::planGeneration(project(), greedy);
        QCOMPARE(again.missing, 3);
        QCOMPARE(again.there, 2);
        GenerationWish otherSeed;
        otherSeed.sampling.seed = 7;
        QCOMPARE(missing(otherSeed), 3);  // a greedy response has no seed
        GenerationWish longer;
        longer.sampling.maxNewTokens = 300;
        QCOMPARE(missing(longer), 5);
        QCOMPARE(missing(sampled(1)), 5);
    }

    void severalResponsesHaveSeedsOfTheirOwn()
    {
        ask(0, 3);
        const auto generation = workflow::planGeneration(project(), sampled(2));
        QCOMPARE(generation.missing, 6);
        QCOMPARE(generation.parts.size(), std::size_t(2));
        QCOMPARE(generation.parts[0].seed, std::uint64_t(42));
        QCOMPARE(generation.parts[1].seed, std::uint64_t(43));
        answer(sampled(2), 4);
        QCOMPARE(missing(sampled(2)), 2);
        QCOMPARE(project().counts().open, 4);
        QCOMPARE(missing(sampled(3)), 5);  // those with two seeds are there
        GenerationWish greedy;
        greedy.samples = 2;
        QVERIFY(messageOf([&] { missing(greedy); }).find("temperature above 0") != std::string::npos);
    }

    void anotherRoundAnswersAnewAndFreshOnesOnlyOnce()
    {
        ask(0, 6);
        GenerationWish fresh;
        fresh.fresh = 4;
        QCOMPARE(missing(fresh), 4);
        answer(fresh, 4);
        QCOMPARE(missing(fresh), 0);  // it is about the same four
        const int round = finishedRound();
        workflow::adoptRound(project(), round);
        QCOMPARE(missing(GenerationWish()), 6);
        QCOMPARE(missing(fresh), 2);
        const auto generation = workflow::planGeneration(project(), fresh);
        QCOMPARE(*generation.wish.round, round);
        QCOMPARE(generation.adapter, project().adapterFolder(round));
    }

    void moreAreAskedForByNumberAndAnInterruptedOneIsAmongThem()
    {
        ask(0, 10);
        const auto first = workflow::withMore(project(), {}, 4);
        QCOMPARE(missing(first), 4);
        answer(first, 4);
        const auto next = workflow::withMore(project(), {}, 3);
        QCOMPARE(missing(next), 3);
        answer(next, 1);
        QCOMPARE(missing(next), 2);
        QCOMPARE(missing(workflow::withMore(project(), {}, 100)), 5);  // no more are there
    }

    void whatRoundsAreComparedOnIsNotAnswered()
    {
        ask(0, 2);
        ask(1, 1, kHeldOutSet);
        QCOMPARE(missing({}), 1);
        GenerationWish wish;
        wish.set = kHeldOutSet;
        QVERIFY(messageOf([&] { missing(wish); }).find("compared on the set 'heldout'") != std::string::npos);
        wish.set = "nobody";
        QVERIFY(messageOf([&] { missing(wish); }).find("no set 'nobody'") != std::string::npos);
    }

    void aSetOfOnesOwnIsAskedAloneAndWithAllTheOthersOnce()
    {
        ask(0, 2);
        ask(1, 2, "mine");
        GenerationWish mine;
        mine.set = "mine";
        QCOMPARE(missing(mine), 2);
        QCOMPARE(missing({}), 3);
    }

    void aConversationIsAnsweredOnce()
    {
        const std::string messages = "[{\"role\":\"user\",\"content\":\"Say d.\"}]";
        project().addInstructions(kWaitingSet, {{"1", "Say d.", "", "", messages}});
        answer({}, 1);
        QCOMPARE(missing({}), 0);
        QCOMPARE(project().item(project().ids(QueueFilter::Open).front())->messages, messages);
    }

    void aRoundWithoutAModelCannotAnswer()
    {
        ask(0, 1);
        finishedRound();
        const int second = workflow::prepareRound(project(), 0, "stable").number;
        GenerationWish wish;
        wish.round = second;
        QVERIFY(messageOf([&] { missing(wish); }).find("Round 2 is not finished") != std::string::npos);
    }

    void whatWasInterruptedIsKnownAfterwards()
    {
        ask(0, 3);
        QVERIFY(!workflow::interruptedGeneration(project()));
        auto wish = workflow::withMore(project(), sampled(2), 2);
        workflow::beginGeneration(project(), wish);
        m_open->reopen();
        const auto interrupted = workflow::interruptedGeneration(project());
        QVERIFY(interrupted);
        QCOMPARE(interrupted->samples, 2);
        QCOMPARE(interrupted->sampling.temperature, 0.7);
        QCOMPARE(interrupted->fresh, wish.fresh);
        QCOMPARE(missing(*interrupted), 4);
        workflow::endGeneration(project());
        QVERIFY(!workflow::interruptedGeneration(project()));
    }

    void anAnswerToNothingIsPassedOver()
    {
        ask(0, 1);
        const auto generation = workflow::planGeneration(project(), {});
        QVERIFY(!workflow::takeGenerated(project(), generation, 0, {"nobody", "x", 1, contract::Stopped::Eos}));
        QCOMPARE(project().counts().total, 0);
    }
};

QTEST_APPLESS_MAIN(GenerationTest)
#include "tst_generation.moc"
