// A round that is stopped anywhere, or killed, goes on to the bytes of one left alone, and other work between its
// micro-batches changes nothing.
#include "base/sha256.h"
#include "tests/support/failures.h"
#include "tests/trainer/round/short_round.h"
#include "trainer/score/response_log_probs.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>

#include <limits>

#include <sys/stat.h>

using namespace stet;
using namespace stet::test;
namespace fs = std::filesystem;

class RoundResumeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { model::loadAccelerator(); }

    void aResumedRoundHasTheBytesOfAnUninterruptedOne_data()
    {
        QTest::addColumn<QString>("preset");
        for (const char* name : {"cut-code", "cut-paper", "stable"}) {
            QTest::newRow(name) << QString::fromLatin1(name);
        }
    }

    void aResumedRoundHasTheBytesOfAnUninterruptedOne()
    {
        QFETCH(QString, preset);
        const Json more = {{"preset", preset.toStdString()}};
        QTemporaryDir dir;
        const std::string whole = makeShortRound(dir, "whole", more);
        round::runRound(whole, {}, {});
        const std::string parts = makeShortRound(dir, "parts", more);
        for (const std::int64_t step : {5, 9}) {
            QCOMPARE(round::runRound(parts, {}, stopAt(step, round::Stop::Pause)).outcome, round::Outcome::Paused);
            QVERIFY(!fs::exists(parts + "/adapter"));
        }
        QCOMPARE(round::runRound(parts, {}, {}).outcome, round::Outcome::Finished);
        QVERIFY(adapterOf(parts) == adapterOf(whole));
        QVERIFY(logOf(parts) == logOf(whole));
        QVERIFY(contentOf(parts + "/probe.json") == contentOf(whole + "/probe.json"));

        // A start without the optimizer's memory would have given something else.
        const std::string cold = makeShortRound(dir, "cold", more);
        round::runRound(cold, {}, stopAt(9, round::Stop::Keep));
        QVERIFY(adapterOf(cold) != adapterOf(whole));
    }

    // The λ is made by the weights that the round begins with, whenever it goes on.
    void aLambdaMadeFromARateIsKeptByAResumedRound()
    {
        const Json more = {{"preset", "stable"}, {"contrast", "D6"}, {"false_alarm_rate", 0.1}};
        QTemporaryDir dir;
        const std::string whole = makeShortRound(dir, "whole", more);
        const auto report = round::runRound(whole, {}, {}).report;
        QCOMPARE(report.at("false_alarm_rate").get<double>(), 0.1);
        const double lambda = report.at("lambda").get<double>();
        QVERIFY2(lambda > 1, qPrintable(QString::number(lambda)));
        const std::string parts = makeShortRound(dir, "parts", more);
        QCOMPARE(round::runRound(parts, {}, stopAt(5, round::Stop::Pause)).outcome, round::Outcome::Paused);
        QCOMPARE(round::runRound(parts, {}, {}).report.at("lambda").get<double>(), lambda);
        QVERIFY(adapterOf(parts) == adapterOf(whole));
        QCOMPARE(Json::parse(contentOf(parts + "/resolved.json")).at("lambda").get<double>(), lambda);

        // Copied as another round's settings, what was resolved gives the same round.
        Json again = Json::parse(contentOf(whole + "/resolved.json"));
        const std::string copy =
            makeShortRound(dir, "copy", {{"preset", "stable"}, {"contrast", "D6"}, {"lambda", again.at("lambda")}});
        round::runRound(copy, {}, {});
        QVERIFY(adapterOf(copy) == adapterOf(whole));
    }

    // A process that was killed leaves log lines beyond its last checkpoint: they are cut.
    void aKilledRoundGoesOnFromItsCheckpoint()
    {
        QTemporaryDir dir;
        const std::string whole = makeShortRound(dir, "whole");
        round::runRound(whole, {}, {});
        const std::string killed = makeShortRound(dir, "killed");
        round::RoundHooks hooks;
        hooks.onStep = [](const round::RoundProgress& progress) {
            if (progress.step == 11) {
                throw std::runtime_error("power cut");
            }
        };
        QVERIFY_EXCEPTION_THROWN(round::runRound(killed, {}, hooks), std::runtime_error);
        std::ofstream(killed + "/log.jsonl", std::ios::app) << "{\"step\": 12, \"lo";
        QVERIFY(fs::exists(killed + "/checkpoint-8"));
        round::runRound(killed, {}, {});
        QVERIFY(adapterOf(killed) == adapterOf(whole));
        QVERIFY(logOf(killed) == logOf(whole));
    }

    void aDamagedCheckpointIsPassedOver()
    {
        QTemporaryDir dir;
        const std::string whole = makeShortRound(dir, "whole");
        round::runRound(whole, {}, {});
        const std::string folder = makeShortRound(dir, "round");
        round::runRound(folder, {}, stopAt(9, round::Stop::Pause));
        std::fstream file(folder + "/checkpoint-9/adapter.safetensors", std::ios::in | std::ios::out);
        file.seekp(-3, std::ios::end);
        file.put('x');
        file.close();
        std::vector<std::string> warnings;
        round::RoundHooks hooks;
        hooks.onWarning = [&](const std::string& text) { warnings.push_back(text); };
        round::runRound(folder, {}, hooks);
        QCOMPARE(warnings.size(), std::size_t(1));
        QVERIFY(warnings.front().find("checkpoint-9") != std::string::npos);
        QVERIFY(adapterOf(folder) == adapterOf(whole));
    }

    void aDamagedCheckpointIsNotKeptInTheNextOnesPlace()
    {
        QTemporaryDir dir;
        const std::string folder = makeShortRound(dir, "round", {{"keep_checkpoints", 1}});
        round::runRound(folder, {}, stopAt(9, round::Stop::Pause));
        fs::remove(folder + "/checkpoint-9/manifest.json");
        round::runRound(folder, {}, stopAt(5, round::Stop::Pause));
        QVERIFY(fs::exists(folder + "/checkpoint-5"));
        QVERIFY(!fs::exists(folder + "/checkpoint-9"));
    }

    void aCheckpointOfOtherDataIsRefused()
    {
        QTemporaryDir dir;
        const std::string folder = makeShortRound(dir, "round");
        round::runRound(folder, {}, stopAt(5, round::Stop::Pause));
        std::ofstream(folder + "/examples.jsonl", std::ios::app)
            << R"({"id": "new", "instruction": "a", "output": "b", "judgment": "c"})" << '\n';
        refusesRound(folder, FailureKind::BadInput, "--restart");
    }

    // What the model reads, and what it is, may change without a word of the examples.
    void aCheckpointOfOtherTextsOrAnotherModelIsRefused_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        QTest::newRow("prompt texts") << "style.json"
                                      << "Say: "
                                      << "Tell: ";
        QTest::newRow("model's settings") << "model/config.json"
                                          << "1e-06"
                                          << "1e-05";
        QTest::newRow("parent's settings") << "parent/adapter_config.json"
                                           << "\"lora_alpha\": 6"
                                           << "\"lora_alpha\": 60";
    }

    void aCheckpointOfOtherTextsOrAnotherModelIsRefused()
    {
        QFETCH(QString, file);
        QFETCH(QString, before);
        QFETCH(QString, after);
        QTemporaryDir dir;
        const std::string base = dir.path().toStdString();
        fs::copy(smallModel(), base + "/model");
        fs::copy(startAdapter(), base + "/parent");
        publishFile(base + "/style.json",
                    R"({"plain": "Say: {instruction}\n", "judged": "Say: {instruction}\n{judgment}\n"})");
        const std::string folder = makeShortRound(dir, "round",
                                                  {{"model", base + "/model"},
                                                   {"prompt_style", base + "/style.json"},
                                                   {"parent", {{"adapter", base + "/parent"}}}});
        round::runRound(folder, {}, stopAt(5, round::Stop::Pause));
        const std::string path = base + "/" + file.toStdString();
        QString content = QString::fromStdString(contentOf(path));
        QVERIFY2(content.contains(before), qPrintable(content));
        publishFile(path, content.replace(before, after).toStdString());
        refusesRound(folder, FailureKind::BadInput, "--restart");
    }

    void aCheckpointThatLacksWhatTheRoundNeedsIsRefused_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("said");
        QTest::newRow("flags") << "flags"
                               << "lacks what the round needs";
        // As versions wrote it that drew every number of a mask.
        QTest::newRow("other masks") << "dropout_masks"
                                     << "dropout masks were others";
    }

    void aCheckpointThatLacksWhatTheRoundNeedsIsRefused()
    {
        QFETCH(QString, field);
        QFETCH(QString, said);
        QTemporaryDir dir;
        const std::string folder = makeShortRound(dir, "round");
        round::runRound(folder, {}, stopAt(5, round::Stop::Pause));
        const std::string state = folder + "/checkpoint-5/state.json";
        Json json = Json::parse(contentOf(state));
        QCOMPARE(json.erase(field.toStdString()), std::size_t{1});
        publishFile(state, json.dump());
        Json manifest = Json::parse(contentOf(folder + "/checkpoint-5/manifest.json"));
        manifest["files"]["state.json"] = {{"bytes", json.dump().size()}, {"sha256", sha256OfFile(state)}};
        publishFile(folder + "/checkpoint-5/manifest.json", manifest.dump());
        refusesRound(folder, FailureKind::BadInput, said.toUtf8().constData());
    }

    void theReportCountsTheWholeRoundHoweverOftenItStopped()
    {
        for (const char* preset : {"cut-code", "stable"}) {
            const Json more = {{"preset", preset}, {"lambda", 3}};
            QTemporaryDir dir;
            const std::string whole = makeShortRound(dir, "whole", more);
            const auto report = round::runRound(whole, {}, {}).report;
            QVERIFY(report.at("nothing_flagged").get<int>() > 0);
            const std::string parts = makeShortRound(dir, "parts", more);
            for (const std::int64_t step : {2, 9}) {
                round::runRound(parts, {}, stopAt(step, round::Stop::Pause));
            }
            QCOMPARE(round::runRound(parts, {}, {}).report.at("nothing_flagged").get<int>(),
                     report.at("nothing_flagged").get<int>());
        }
    }

    // At step 11, with checkpoints at 4 and 8.
    void aLossThatIsNoNumberEndsTheRoundAndWhatWasTrainedIsKept()
    {
        QTemporaryDir dir;
        const std::string folder = makeShortRound(dir, "round");
        int updates = 0;
        round::RoundHooks hooks;
        hooks.reduceGradients = [&](const std::vector<at::Tensor>& gradients) {
            if (++updates == 11) {
                gradients.front().fill_(std::numeric_limits<float>::quiet_NaN());
            }
        };
        const auto message = messageOf([&] { round::runRound(folder, {}, hooks); });
        QVERIFY2(message.find("at step 11 is not a number") != std::string::npos, message.c_str());
        QVERIFY2(message.find("until step 8 is kept") != std::string::npos, message.c_str());
        QVERIFY(!fs::exists(folder + "/adapter"));
        const auto log = logOf(folder);
        QCOMPARE(log.size(), std::size_t(11));
        const Json last = log.back();
        QCOMPARE(last.at("step").get<int>(), 11);
        QVERIFY(last.at("loss").is_null());

        round::RoundOptions keep;
        keep.keep = true;
        const auto kept = round::runRound(folder, keep, {});
        QCOMPARE(kept.outcome, round::Outcome::Kept);
        QCOMPARE(kept.report.at("steps_done").get<int>(), 8);
        const std::string stopped = makeShortRound(dir, "stopped");
        round::runRound(stopped, {}, stopAt(8, round::Stop::Keep));
        QVERIFY(adapterOf(folder) == adapterOf(stopped));
    }

    void nothingIsKeptOfARoundWithoutACheckpoint()
    {
        QTemporaryDir dir;
        const std::string folder = makeShortRound(dir, "round");
        round::RoundOptions keep;
        keep.keep = true;
        const auto message = messageOf([&] { round::runRound(folder, keep, {}); });
        QVERIFY2(message.find("no checkpoint yet") != std::string::npos, message.c_str());
        QVERIFY(!fs::exists(folder + "/adapter"));
    }

    void aRoundTakesExactlyAsManyStepsAsAskedFor()
    {
        for (const int steps : {2, 7, 40}) {
            QTemporaryDir dir;
            const std::string folder = makeShortRound(dir, "round", {{"max_steps", steps}});
            QCOMPARE(round::previewRound(folder).steps, std::int64_t{steps});
            const auto report = round::runRound(folder, {}, {}).report;
            QCOMPARE(report.at("steps_done").get<int>(), steps);
            QCOMPARE(report.at("epochs").get<int>(), (steps + 4) / 5);
        }
    }

    // A pipe in the log's place would be waited for.
    void aLogThatIsNoFileIsRefused()
    {
        QTemporaryDir dir;
        const std::string folder = makeShortRound(dir, "round");
        round::runRound(folder, {}, stopAt(5, round::Stop::Pause));
        fs::remove(folder + "/log.jsonl");
        QCOMPARE(::mkfifo((folder + "/log.jsonl").c_str(), 0600), 0);
        refusesRound(folder, FailureKind::BadInput, "log.jsonl");
    }

    // The round goes back to before the step, and a resumed one does the step again.
    void aPauseIsHeardBetweenTwoMicroBatchesOfAStep()
    {
        const Json more = {{"micro_batch_tokens", 1}};  // every example by itself: four micro-batches a step
        QTemporaryDir dir;
        const std::string whole = makeShortRound(dir, "whole", more);
        round::runRound(whole, {}, {});
        const std::string parts = makeShortRound(dir, "parts", more);
        int microBatches = 0;
        round::RoundHooks hooks;
        hooks.betweenMicroBatches = [&] { ++microBatches; };
        hooks.stopRequested = [&] { return microBatches == 4 * 6 + 2 ? round::Stop::Pause : round::Stop::None; };
        const auto paused = round::runRound(parts, {}, hooks);
        QCOMPARE(paused.outcome, round::Outcome::Paused);
        QCOMPARE(paused.report.at("step").get<int>(), 6);
        QCOMPARE(microBatches, 4 * 6 + 2);
        QCOMPARE(logOf(parts).size(), std::size_t(6));
        QCOMPARE(round::runRound(parts, {}, {}).outcome, round::Outcome::Finished);
        QVERIFY(adapterOf(parts) == adapterOf(whole));
        QVERIFY(logOf(parts) == logOf(whole));
    }

    void aPauseInTheFirstStepCanBeResumed()
    {
        QTemporaryDir dir;
        const std::string folder = makeShortRound(dir, "round", {{"micro_batch_tokens", 1}});
        round::RoundHooks hooks;
        hooks.stopRequested = [] { return round::Stop::Pause; };
        QCOMPARE(round::runRound(folder, {}, hooks).outcome, round::Outcome::Paused);
        QCOMPARE(round::runRound(folder, {}, {}).outcome, round::Outcome::Finished);
        QCOMPARE(logOf(folder).size(), std::size_t(15));
    }

    void otherWorkBetweenMicroBatchesChangesNothing()
    {
        QTemporaryDir dir;
        const Json more = {{"micro_batch_tokens", 200}};
        const std::string quiet = makeShortRound(dir, "quiet", more);
        round::runRound(quiet, {}, {});
        const std::string busy = makeShortRound(dir, "busy", more);
        const auto folder = files::openModelFolder(smallModel());
        const auto decoder = model::Decoder::load(folder, model::resolveCompute({"cpu", "float32", 1}, "float32"));
        round::RoundOptions options;
        options.decoder = decoder.get();
        options.decoderModel = smallModel();
        const auto wide = model::Decoder::load(folder, model::resolveCompute({"cpu", "float32", 3}, "float32"));
        int scored = 0;
        round::RoundHooks hooks;
        hooks.betweenMicroBatches = [&] {
            QCOMPARE(at::get_num_threads(), 1);  // the round's, whoever else computed
            model::resolveCompute({"cpu", "float32", 2}, "float32");
            QCOMPARE(at::get_num_threads(), 1);
            const at::NoGradGuard noGrad;
            score::responseLogProbs(*decoder, {}, {{{1, 5, 9}, {7, 30, 2}}});
            score::responseLogProbs(*wide, {}, {{{1, 5, 9}, {7, 30, 2}}});
            QCOMPARE(at::get_num_threads(), 3);
            at::rand({3});  // the global generator is nobody's
            ++scored;
        };
        round::runRound(busy, options, hooks);
        QVERIFY(scored > 15);
        QVERIFY(adapterOf(busy) == adapterOf(quiet));
    }
};

QTEST_APPLESS_MAIN(RoundResumeTest)
#include "tst_round_resume.moc"
