// A round as a folder: what it writes, what it begins from, and how it ends.
#include "base/sha256.h"
#include "tests/trainer/round/short_round.h"
#include "trainer/model/device.h"

#include <ATen/ATen.h>

#include <cmath>

using namespace stet;
using namespace stet::test;
namespace fs = std::filesystem;

class RoundTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { model::loadAccelerator(); }

    void aRoundWritesWhatItPromises()
    {
        QTemporaryDir dir;
        const std::string folder = makeShortRound(dir, "round");
        std::vector<std::string> phases;
        round::RoundHooks hooks;
        hooks.onPhase = [&](contract::Phase phase) { phases.emplace_back(contract::word(phase)); };
        const auto result = round::runRound(folder, {}, hooks);
        QCOMPARE(result.outcome, round::Outcome::Finished);
        QCOMPARE(phases, (std::vector<std::string>{"checking", "loading", "training", "saving", "evaluating"}));
        const auto log = logOf(folder);
        QCOMPARE(log.size(), std::size_t(15));
        for (const char* field :
             {"step", "loss", "likelihood", "unlikelihood", "flagged_share", "grad_norm", "lr", "tokens", "examples"}) {
            QVERIFY2(log.front().contains(field), field);
        }
        QCOMPARE(log.front().at("lr").get<double>(), 0.0);
        const Json report = readJsonFile(folder + "/report.json");
        QVERIFY(report.at("health").at("passed").get<bool>());
        QCOMPARE(report.at("totals").at("examples").get<int>(), 20);
        QCOMPARE(readJsonFile(folder + "/probe.json").at("examples").size(), std::size_t(8));
        const Json resolved = readJsonFile(folder + "/resolved.json");
        QCOMPARE(resolved.at("examples_sha256").get<std::string>(), sha256OfFile(folder + "/examples.jsonl"));
        QVERIFY(resolved.at("micro_batch_tokens").is_number());
        QVERIFY(fs::exists(folder + "/adapter/adapter_config.json"));
    }

    // Scoring before the first step may take longer than training: it has numbers, too.
    void scoringSaysHowFarItIs()
    {
        QTemporaryDir dir;
        const std::string folder =
            makeRound(dir, "round", {{"flags", "start"}, {"epochs", 1}, {"micro_batch_tokens", 1}});
        std::vector<round::ScoringProgress> told;
        round::RoundHooks hooks;
        hooks.onScored = [&](const round::ScoringProgress& progress) { told.push_back(progress); };
        hooks.stopRequested = [] { return round::Stop::None; };
        round::runRound(folder, {}, hooks);
        QVERIFY(told.size() > 2);
        for (std::size_t i = 0; i < told.size(); ++i) {
            QCOMPARE(told[i].done, static_cast<std::int64_t>(i) + 1);
            QCOMPARE(told[i].all, static_cast<std::int64_t>(told.size()));
            QVERIFY(told[i].secondsLeft >= 0);
        }
        QCOMPARE(told.back().secondsLeft, 0.0);
    }

    void aFinishedRoundSaysSoAndRestartBeginsAnew()
    {
        QTemporaryDir dir;
        const std::string folder = makeShortRound(dir, "round");
        round::runRound(folder, {}, {});
        const std::string first = adapterOf(folder);
        const auto again = round::runRound(folder, {}, {});
        QCOMPARE(again.outcome, round::Outcome::AlreadyFinished);
        QCOMPARE(again.report.at("outcome").get<std::string>(), std::string("finished"));
        round::RoundOptions options;
        options.restart = true;
        QCOMPARE(round::runRound(folder, options, {}).outcome, round::Outcome::Finished);
        QCOMPARE(adapterOf(folder) == first, true);
    }

    // Scoring before the first step may take minutes, and has written nothing yet. "Keep" has nothing to keep before a
    // step, so it waits for the first.
    void aStopBeforeTheFirstStep_data()
    {
        QTest::addColumn<round::Stop>("stop");
        QTest::addColumn<std::string>("outcome");
        QTest::addColumn<int>("steps");
        QTest::newRow("pause") << round::Stop::Pause << std::string("paused") << 0;
        QTest::newRow("discard") << round::Stop::Discard << std::string("discarded") << 0;
        QTest::newRow("keep") << round::Stop::Keep << std::string("kept") << 1;
    }

    void aStopBeforeTheFirstStep()
    {
        QFETCH(round::Stop, stop);
        QFETCH(std::string, outcome);
        QFETCH(int, steps);
        QTemporaryDir dir;
        const std::string folder = makeRound(dir, "round", {{"micro_batch_tokens", 1}});
        auto phase = round::Phase::Checking;
        int done = 0;
        round::RoundHooks hooks;
        hooks.onPhase = [&](round::Phase now) { phase = now; };
        hooks.onStep = [&](const round::RoundProgress&) { ++done; };
        hooks.stopRequested = [&] {
            const bool scored = phase == round::Phase::Scoring || phase == round::Phase::Training;
            return scored ? stop : round::Stop::None;
        };
        const auto result = round::runRound(folder, {}, hooks);
        QCOMPARE(std::string(contract::word(result.outcome)), outcome);
        QCOMPARE(done, steps);
        if (steps == 0) {
            QCOMPARE(result.report.at("step").get<int>(), 0);
            QVERIFY(namesIn(folder) == (std::vector<std::string>{"examples.jsonl", "lock", "round.json"}));
        }
    }

    // As several processes that share a step would have it: what is left in the gradients is clipped and applied.
    void theGradientsOfEveryStepCanBeReduced()
    {
        QTemporaryDir dir;
        const std::string folder = makeShortRound(dir, "round");
        int steps = 0;
        std::int64_t numbers = 0;
        round::RoundHooks hooks;
        hooks.reduceGradients = [&](const std::vector<at::Tensor>& gradients) {
            ++steps;
            numbers = 0;
            for (const auto& gradient : gradients) {
                gradient.fill_(1);
                numbers += gradient.numel();
            }
        };
        round::runRound(folder, {}, hooks);
        const auto log = logOf(folder);
        QCOMPARE(steps, 15);
        QVERIFY(numbers > 0);
        for (const auto& line : log) {
            QCOMPARE(line.at("grad_norm").get<float>(), std::sqrt(static_cast<float>(numbers)));
        }
    }

    void aReductionThatLeavesTheGradientsChangesNoByte()
    {
        QTemporaryDir dir;
        const std::string plain = makeShortRound(dir, "plain");
        round::runRound(plain, {}, {});
        const std::string reduced = makeShortRound(dir, "reduced");
        round::RoundHooks hooks;
        hooks.reduceGradients = [](const std::vector<at::Tensor>&) {};
        round::runRound(reduced, {}, hooks);
        QVERIFY(adapterOf(plain) == adapterOf(reduced));
    }

    void keepAndDiscard()
    {
        QTemporaryDir dir;
        const std::string kept = makeShortRound(dir, "kept");
        const auto result = round::runRound(kept, {}, stopAt(6, round::Stop::Keep));
        QCOMPARE(result.outcome, round::Outcome::Kept);
        QCOMPARE(result.report.at("steps_done").get<int>(), 6);
        QVERIFY(fs::exists(kept + "/adapter/adapter_model.safetensors"));
        const std::string gone = makeShortRound(dir, "gone");
        QCOMPARE(round::runRound(gone, {}, stopAt(6, round::Stop::Discard)).outcome, round::Outcome::Discarded);
        for (const char* name : {"adapter", "report.json", "checkpoint-4", "log.jsonl"}) {
            QVERIFY2(!fs::exists(gone + "/" + name), name);
        }
    }

    // A merged round's one adapter is the parent and what was trained, to the last digits.
    void aParentIsFoldedIn()
    {
        QTemporaryDir dir;
        const Json parent = {{"parent", {{"adapter", startAdapter()}, {"how", "merge"}}}};
        const std::string folder = makeShortRound(dir, "round", parent);
        const auto result = round::runRound(folder, {}, {});
        QCOMPARE(result.outcome, round::Outcome::Finished);
        QVERIFY(result.report.at("health").at("reread_difference").get<double>() < 1e-5);
        const Json config = readJsonFile(folder + "/adapter/adapter_config.json");
        QCOMPARE(config.at("r").get<int>(), 8);
        QCOMPARE(config.at("lora_alpha").get<double>(), 8.0);
    }

    void continuingTakesTheParentsShape()
    {
        QTemporaryDir dir;
        const Json parent = {{"adapter", startAdapter()}, {"how", "continue"}};
        refusesRound(makeShortRound(dir, "conflict", {{"parent", parent}, {"lora", {{"r", 9}}}}), FailureKind::BadInput,
                     "lora.r");
        const std::string same =
            makeShortRound(dir, "same", {{"parent", parent}, {"lora", {{"r", 4}, {"dropout", 0}}}});
        QCOMPARE(round::runRound(same, {}, {}).outcome, round::Outcome::Finished);
        // Trained with the parent's scale, which is written into B.
        QCOMPARE(readJsonFile(same + "/resolved.json").at("lora").at("alpha").get<double>(), 6.0);
        const Json config = readJsonFile(same + "/adapter/adapter_config.json");
        QCOMPARE(config.at("r").get<int>(), 4);
        QCOMPARE(config.at("lora_alpha").get<double>(), 4.0);
    }

    void theCheapObjectivesTrain()
    {
        QTemporaryDir dir;
        const std::string sft = makeShortRound(dir, "sft", {{"objective", "sft"}});
        const auto result = round::runRound(sft, {}, {});
        QCOMPARE(result.report.at("totals").at("criticised").get<int>(), 0);
        QVERIFY(logOf(sft).front().at("unlikelihood").is_null());
        const std::string push = makeShortRound(dir, "push", {{"objective", "unlikelihood"}});
        round::runRound(push, {}, {});
        QCOMPARE(logOf(push).front().at("flagged_share").get<double>(), 1.0);
    }

    void aDryRunAndAPreviewWriteNothing()
    {
        QTemporaryDir dir;
        const std::string folder = makeShortRound(dir, "round");
        round::RoundOptions options;
        options.dryRun = true;
        const auto result = round::runRound(folder, options, {});
        QCOMPARE(result.outcome, round::Outcome::DryRun);
        QCOMPARE(result.report.at("steps").get<int>(), 15);
        const Json preview = toJson(round::previewRound(folder));
        QCOMPARE(preview.at("steps").get<int>(), 15);
        QCOMPARE(preview.at("criticised").get<int>(), 16);
        QCOMPARE(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), std::ptrdiff_t(2));
    }

    // The paper's first online round: 287 criticised and 71 accepted answers, 45 steps. Cut short, for time.
    void thePapersFirstOnlineRoundHas45Steps()
    {
        if (test::sharedData().empty()) {
            QSKIP("../shared/data is absent");
        }
        QTemporaryDir dir;
        const std::string folder = dir.path().toStdString() + "/online";
        fs::create_directories(folder);
        std::string lines;
        for (const auto& record : readJsonFile(test::sharedData() + "/judgments/cut-online-iter1.json")) {
            lines += toLine(record) + "\n";
        }
        publishFile(folder + "/examples.jsonl", lines);
        publishFile(folder + "/round.json",
                    Json({{"model", test::sharedData() + "/models/stories260K"},
                          {"preset", "cut-code"},
                          {"max_length", 192},
                          {"device", "cpu"},
                          {"threads", 1}})
                        .dump());
        const auto result = round::runRound(folder, {}, {});
        QCOMPARE(result.outcome, round::Outcome::Finished);
        const Json& totals = result.report.at("totals");
        QCOMPARE(totals.at("examples").get<int>(), 358);
        QCOMPARE(totals.at("criticised").get<int>(), 287);
        QCOMPARE(totals.at("accepted").get<int>(), 71);
        QCOMPARE(logOf(folder).size(), std::size_t(45));
        QVERIFY(totals.at("truncated").get<int>() > 100);
        qInfo("truncated %d, contexts equal %d, seconds %.1f, last flagged share %.3f",
              totals.at("truncated").get<int>(), totals.at("contexts_equal").get<int>(),
              result.report.at("seconds").get<double>(),
              result.report.at("last_step").at("flagged_share").get<double>());
    }
};

QTEST_APPLESS_MAIN(RoundTest)
#include "tst_round.moc"
