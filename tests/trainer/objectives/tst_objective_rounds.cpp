// Rounds of every objective: marks reach the loss, anchors hold on to what does not train, preferences begin at even
// odds, and a resumed round has the bytes of one left alone.
#include "tests/trainer/objectives/objective_bench.h"
#include "trainer/round/round.h"
#include "trainer/round/round_step.h"

#include <QtTest>

#include <cmath>

using namespace stet;
using namespace stet::test;

class ObjectiveRoundsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { model::loadAccelerator(); }

    // Marks reach the loss, by token.
    void marksReachTraining_data()
    {
        QTest::addColumn<QString>("marks");
        for (const char* name : {"union", "only", "ignore"}) {
            QTest::newRow(name) << QString::fromLatin1(name);
        }
    }

    void marksReachTraining()
    {
        QFETCH(QString, marks);
        for (const char* when : {"start", "current"}) {
            QTemporaryDir dir;
            const Json mark = {{"marks", {{{"begin", 4}, {"end", 9}, {"mark", "flag"}}}}};
            Json settings = {
                {"marks", marks.toStdString()}, {"flags", when}, {"lambda", 1e6}};  // the rule finds nothing
            settings["parent"] = {{"adapter", cutGoldens() + "/start"}, {"how", "continue"}};
            const std::string folder = makeWrittenRound(dir, settings, {line("a", "Wrong.", mark)});
            const GoldenBench bench(folder);
            const auto* example = bench.at(0);
            const auto marked = std::count(example->marks.begin(), example->marks.end(), 1);
            QVERIFY(marked > 0);
            QVERIFY(marked < example->tokens);
            const auto result = round::accumulateStep(bench.context(), {example}, 0);
            const double expected = marks == QLatin1String("ignore")
                ? 0
                : static_cast<double>(marked) / static_cast<double>(example->tokens);
            QCOMPARE(result.flaggedShare, expected);
        }
    }

    void anAnchorHoldsOnWhatDoesNotTrain()
    {
        QTemporaryDir dir;
        std::vector<Json> lines;
        for (int i = 0; i < 4; ++i) {
            lines.push_back(line("bad" + std::to_string(i), "Wrong."));
            lines.push_back(line("good" + std::to_string(i), nullptr));
        }
        const auto with = [&](const char* answers, double ratio) {
            return makeWrittenRound(
                dir, {{"positive_ratio", ratio}, {"anchor", {{"kind", "kl"}, {"weight", 1}, {"answers", answers}}}},
                lines);
        };
        const auto rest = setOf(with("rest", 0.5));
        QCOMPARE(rest.accepted, 2);
        QCOMPARE(rest.anchors.size(), std::size_t(2));
        for (const auto& anchor : rest.anchors) {
            for (const auto& example : rest.examples) {
                QVERIFY(anchor.source.line != example.source.line);
            }
        }
        QCOMPARE(setOf(with("all", 0.5)).anchors.size(), std::size_t(4));
        QVERIFY(refusalOf(with("rest", -1)).find("anchor.answers to \"all\"") != std::string::npos);
        QCOMPARE(setOf(makeWrittenRound(dir, Json::object(), lines)).anchors.size(), std::size_t(0));
    }

    // Every pass takes each anchor once; which ones is a function of the step alone.
    void anchorsAreTakenInTurn()
    {
        std::vector<round::TrainingExample> anchors(5);
        for (int i = 0; i < 5; ++i) {
            anchors[static_cast<std::size_t>(i)].source.line = 3 * i;
        }
        files::RoundSettings settings;
        settings.anchor.batchSize = 2;
        std::map<int, int> taken;
        for (int step = 0; step < 5; ++step) {
            const auto batch = round::anchorBatch(anchors, settings, step);
            QCOMPARE(batch.size(), std::size_t(2));
            for (const auto* anchor : batch) {
                ++taken[anchor->source.line];
            }
        }
        for (const auto& [source, times] : taken) {
            QCOMPARE(times, 2);
        }
        QCOMPARE(taken.size(), std::size_t(5));
        settings.anchor.batchSize = 99;
        QCOMPARE(round::anchorBatch(anchors, settings, 7).size(), std::size_t(5));
    }

    // The reference is the model a round begins with, also when a parent is merged or continued: the first margin is 0.
    void preferencesBeginAtEvenOdds()
    {
        const Json revision = {{"revision", "Tom saw a blue ball."}};
        for (const char* how : {"merge", "continue", ""}) {
            QTemporaryDir dir;
            Json settings = {{"objective", "dpo"}, {"epochs", 2}, {"optimizer", {{"lr", 0.01}}}};
            if (*how != 0) {
                settings["parent"] = {{"adapter", cutGoldens() + "/start"}, {"how", how}};
            }
            const std::string folder =
                makeWrittenRound(dir, settings, {line("a", "Wrong.", revision), line("b", "Wrong.", revision)});
            round::runRound(folder, {}, {});
            const auto log = linesOf(folder + "/log.jsonl");
            QVERIFY(std::fabs(log.at(0).at("loss").get<double>() - std::log(2.0)) < 1e-5);
            QVERIFY(std::fabs(log.at(0).at("margin").get<double>()) < 1e-5);
            QVERIFY(log.at(1).at("margin").get<double>() > 0);
            QVERIFY(log.at(0).at("likelihood").is_null());
            QVERIFY(log.at(0).at("unlikelihood").is_null());
        }
    }

    // ftpo holds on to the model a round begins with, also when a parent is merged or continued: before the first step
    // nothing has moved, and then the flagged tokens fall behind.
    void ftpoHoldsOnToTheModelBefore()
    {
        for (const char* how : {"merge", "continue", ""}) {
            QTemporaryDir dir;
            // Alternatives lead by several logits where weights are random.
            Json settings = {{"preset", "ftpo"},
                             {"lambda", 1},
                             {"epochs", 6},
                             {"optimizer", {{"lr", 0.01}}},
                             {"ftpo", {{"epsilon", 9}}}};
            if (*how != 0) {
                settings["parent"] = {{"adapter", cutGoldens() + "/start"}, {"how", how}};
            }
            const std::string folder =
                makeWrittenRound(dir, settings, {line("a", "Wrong."), line("b", "The name must be Max.")});
            round::runRound(folder, {}, {});
            const auto log = linesOf(folder + "/log.jsonl");
            QVERIFY(log.front().at("flagged_share").get<double>() > 0);
            QVERIFY(std::fabs(log.front().at("drift").get<double>()) < 1e-9);
            QVERIFY(log.back().at("drift").get<double>() > 0);
            QVERIFY(log.back().at("margin").get<double>() > log.front().at("margin").get<double>());
            QVERIFY(log.back().at("unlikelihood").get<double>() < log.front().at("unlikelihood").get<double>());
            QVERIFY(log.front().at("likelihood").is_null());
        }
    }

    // A resumed round knows what was fixed before the first step, and the model it began with.
    void aResumedRoundHasTheBytesOfAnUninterruptedOne_data()
    {
        QTest::addColumn<QString>("settings");
        const char* const anchored = R"({"objective":"cut","anchor":{"kind":"kl","weight":0.5}})";
        QTest::newRow("dpo") << R"({"objective":"dpo"})";
        QTest::newRow("anchored cut") << anchored;
        QTest::newRow("self-distillation") << R"({"objective":"self-distillation"})";
        QTest::newRow("offline self-distillation") << R"({"objective":"offline-self-distillation"})";
        QTest::newRow("ftpo") << R"({"preset":"ftpo","imitate":0.1,"ftpo":{"epsilon":9}})";
    }

    void aResumedRoundHasTheBytesOfAnUninterruptedOne()
    {
        QFETCH(QString, settings);
        QTemporaryDir dir;
        Json given = Json::parse(settings.toStdString());
        given.update({{"epochs", 3},
                      {"batch_size", 4},
                      {"lora", {{"dropout", 0.1}}},
                      {"optimizer", {{"lr", 0.004}}},
                      {"seed", 3}});
        const auto make = [&](const char* name) {
            const std::string folder = dir.path().toStdString() + "/" + name;
            makeGoldenRound(folder, goldenDir() + "/objectives/examples.jsonl", given);
            return folder;
        };
        const auto adapterOf = [](const std::string& folder) {
            return readFile(folder + "/adapter/adapter_model.safetensors", std::size_t{1} << 24);
        };
        const std::string whole = make("whole");
        round::runRound(whole, {}, {});
        const std::string parts = make("parts");
        std::int64_t at = 0;
        round::RoundHooks hooks;
        hooks.onStep = [&](const round::RoundProgress& progress) { at = progress.step; };
        hooks.stopRequested = [&] { return at == 5 ? round::Stop::Pause : round::Stop::None; };
        QCOMPARE(round::runRound(parts, {}, hooks).outcome, round::Outcome::Paused);
        QCOMPARE(round::runRound(parts, {}, {}).outcome, round::Outcome::Finished);
        QVERIFY(adapterOf(parts) == adapterOf(whole));
    }
};

QTEST_APPLESS_MAIN(ObjectiveRoundsTest)
#include "tst_objective_rounds.moc"
