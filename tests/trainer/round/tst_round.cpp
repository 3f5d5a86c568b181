// A round as a folder: what it writes, that it can be stopped and resumed to the same bytes, that damage and misuse are
// noticed, and that other work between its micro-batches changes nothing.
#include "base/failure.h"
#include "base/files.h"
#include "base/sha256.h"
#include "tests/support/paths.h"
#include "trainer/files/safetensors.h"
#include "trainer/round/round.h"
#include "trainer/round/round_lock.h"
#include "trainer/round/verify.h"
#include "trainer/score/response_log_probs.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>

#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>
#include <fstream>

#include <unistd.h>

using namespace stet;
namespace fs = std::filesystem;

namespace {

std::string goldens()
{
    return test::goldenDir() + "/cut";
}

const Json kShort = {{"preset", "cut-code"},
                     {"max_length", 150},
                     {"epochs", 3},
                     {"batch_size", 4},
                     {"device", "cpu"},
                     {"threads", 1},
                     {"optimizer", {{"lr", 0.004}}},
                     {"schedule", {{"warmup_steps", 3}}},
                     {"checkpoint_every_steps", 4},
                     {"lora", {{"r", 4}, {"alpha", 8}, {"dropout", 0.1}}}};

// A round folder over the goldens' small model; `more` wins over kShort.
std::string makeRound(const QTemporaryDir& dir, const std::string& name, const Json& more = Json::object())
{
    const std::string folder = dir.path().toStdString() + "/" + name;
    fs::create_directories(folder);
    fs::copy_file(goldens() + "/examples.jsonl", folder + "/examples.jsonl");
    Json settings = kShort;
    settings["model"] = goldens() + "/model";
    settings.update(more);
    publishFile(folder + "/round.json", settings.dump(1));
    return folder;
}

std::string contentOf(const std::string& path)
{
    return readFile(path, std::size_t{1} << 26);
}

std::string adapterOf(const std::string& folder)
{
    return contentOf(folder + "/adapter/adapter_model.safetensors");
}

// The log without what a clock says.
std::vector<Json> logOf(const std::string& folder)
{
    std::vector<Json> lines;
    std::ifstream file(folder + "/log.jsonl");
    for (std::string line; std::getline(file, line);) {
        lines.push_back(Json::parse(line));
        lines.back().erase("seconds");
    }
    return lines;
}

round::RoundHooks stopAt(std::int64_t step, round::Stop stop)
{
    round::RoundHooks hooks;
    const auto at = std::make_shared<std::int64_t>(0);
    hooks.onStep = [at](const round::RoundProgress& progress) { *at = progress.step; };
    hooks.stopRequested = [at, step, stop] { return *at == step ? stop : round::Stop::None; };
    return hooks;
}

}  // namespace

class RoundTest : public QObject {
    Q_OBJECT

    static void refused(const std::string& folder, FailureKind kind, const std::string& word)
    {
        try {
            round::runRound(folder, {}, {});
        } catch (const Failure& failure) {
            QCOMPARE(failure.kind(), kind);
            QVERIFY2(std::string(failure.what()).find(word) != std::string::npos, failure.what());
            QVERIFY(!fs::exists(folder + "/adapter"));
            QVERIFY(!fs::exists(folder + "/report.json"));
            return;
        }
        QFAIL("the round ran");
    }

private Q_SLOTS:
    void initTestCase() { model::loadAccelerator(); }

    void aRoundWritesWhatItPromises()
    {
        QTemporaryDir dir;
        const std::string folder = makeRound(dir, "round");
        std::vector<std::string> phases;
        round::RoundHooks hooks;
        hooks.onPhase = [&](const std::string& phase) { phases.push_back(phase); };
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

    void aFinishedRoundSaysSoAndRestartBeginsAnew()
    {
        QTemporaryDir dir;
        const std::string folder = makeRound(dir, "round");
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
        const std::string whole = makeRound(dir, "whole", more);
        round::runRound(whole, {}, {});
        const std::string parts = makeRound(dir, "parts", more);
        for (const std::int64_t step : {5, 9}) {
            QCOMPARE(round::runRound(parts, {}, stopAt(step, round::Stop::Pause)).outcome, round::Outcome::Paused);
            QVERIFY(!fs::exists(parts + "/adapter"));
        }
        QCOMPARE(round::runRound(parts, {}, {}).outcome, round::Outcome::Finished);
        QVERIFY(adapterOf(parts) == adapterOf(whole));
        QVERIFY(logOf(parts) == logOf(whole));
        QVERIFY(contentOf(parts + "/probe.json") == contentOf(whole + "/probe.json"));

        // A start without the optimizer's memory would have given something else.
        const std::string cold = makeRound(dir, "cold", more);
        round::runRound(cold, {}, stopAt(9, round::Stop::Keep));
        QVERIFY(adapterOf(cold) != adapterOf(whole));
    }

    // A process that was killed leaves log lines beyond its last checkpoint: they are cut.
    void aKilledRoundGoesOnFromItsCheckpoint()
    {
        QTemporaryDir dir;
        const std::string whole = makeRound(dir, "whole");
        round::runRound(whole, {}, {});
        const std::string killed = makeRound(dir, "killed");
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
        const std::string whole = makeRound(dir, "whole");
        round::runRound(whole, {}, {});
        const std::string folder = makeRound(dir, "round");
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
        const std::string folder = makeRound(dir, "round", {{"keep_checkpoints", 1}});
        round::runRound(folder, {}, stopAt(9, round::Stop::Pause));
        fs::remove(folder + "/checkpoint-9/manifest.json");
        round::runRound(folder, {}, stopAt(5, round::Stop::Pause));
        QVERIFY(fs::exists(folder + "/checkpoint-5"));
        QVERIFY(!fs::exists(folder + "/checkpoint-9"));
    }

    void aCheckpointOfOtherDataIsRefused()
    {
        QTemporaryDir dir;
        const std::string folder = makeRound(dir, "round");
        round::runRound(folder, {}, stopAt(5, round::Stop::Pause));
        std::ofstream(folder + "/examples.jsonl", std::ios::app)
            << R"({"id": "new", "instruction": "a", "output": "b", "judgment": "c"})" << '\n';
        refused(folder, FailureKind::BadInput, "--restart");
    }

    void otherWorkBetweenMicroBatchesChangesNothing()
    {
        QTemporaryDir dir;
        const Json more = {{"micro_batch_tokens", 200}};
        const std::string quiet = makeRound(dir, "quiet", more);
        round::runRound(quiet, {}, {});
        const std::string busy = makeRound(dir, "busy", more);
        const auto folder = files::openModelFolder(goldens() + "/model");
        const auto decoder = model::Decoder::load(folder, model::resolveCompute({"cpu", "float32", 1}, "float32"));
        round::RoundOptions options;
        options.decoder = decoder.get();
        options.decoderModel = goldens() + "/model";
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

    void verifyFindsWhatWasDamaged()
    {
        QTemporaryDir dir;
        const model::ComputeOptions cpu{"cpu", "auto", 1};
        const std::string folder = makeRound(dir, "round");
        QVERIFY(!round::verifyFolder(folder, cpu).sound);  // not finished
        round::runRound(folder, {}, {});
        const auto sound = round::verifyFolder(folder, cpu);
        QVERIFY2(sound.sound, sound.report.dump().c_str());
        QVERIFY(sound.report.at("probe_difference").get<double>() < 1e-6);
        QVERIFY(round::verifyFolder(folder + "/adapter", cpu).sound);
        QVERIFY(round::verifyFolder(goldens() + "/model", cpu).sound);
        QVERIFY_EXCEPTION_THROWN(round::verifyFolder(dir.path().toStdString(), cpu), Failure);

        // A file that is no longer what it was.
        const std::string probe = contentOf(folder + "/probe.json");
        const std::string resolved = contentOf(folder + "/resolved.json");
        for (const char* damaged : {"{}", "[]", R"({"examples": [1]})", R"({"examples": [{"line": 0}]})"}) {
            publishFile(folder + "/probe.json", damaged);
            QVERIFY2(!round::verifyFolder(folder, cpu).sound, damaged);
        }
        publishFile(folder + "/probe.json", probe);
        Json otherModel = Json::parse(resolved);
        otherModel["model_sha256"] = "00";
        for (const std::string& damaged :
             {std::string("[]"), std::string(R"({"examples_sha256": 3})"), otherModel.dump()}) {
            publishFile(folder + "/resolved.json", damaged);
            QVERIFY2(!round::verifyFolder(folder, cpu).sound, damaged.c_str());
        }
        publishFile(folder + "/resolved.json", resolved);
        QVERIFY(round::verifyFolder(folder, cpu).sound);

        // Another number in the adapter: still finite, no longer what was trained.
        const std::string path = folder + "/adapter/adapter_model.safetensors";
        std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(-4, std::ios::end);
        const float other = 3.0F;
        file.write(reinterpret_cast<const char*>(&other), sizeof other);
        file.close();
        QVERIFY(round::verifyFolder(folder + "/adapter", cpu).sound);
        QVERIFY(!round::verifyFolder(folder, cpu).sound);

        fs::resize_file(path, fs::file_size(path) - 1);
        QVERIFY(!round::verifyFolder(folder + "/adapter", cpu).sound);
    }

    void keepAndDiscard()
    {
        QTemporaryDir dir;
        const std::string kept = makeRound(dir, "kept");
        const auto result = round::runRound(kept, {}, stopAt(6, round::Stop::Keep));
        QCOMPARE(result.outcome, round::Outcome::Kept);
        QCOMPARE(result.report.at("steps_done").get<int>(), 6);
        QVERIFY(fs::exists(kept + "/adapter/adapter_model.safetensors"));
        const std::string gone = makeRound(dir, "gone");
        QCOMPARE(round::runRound(gone, {}, stopAt(6, round::Stop::Discard)).outcome, round::Outcome::Discarded);
        for (const char* name : {"adapter", "report.json", "checkpoint-4", "log.jsonl"}) {
            QVERIFY2(!fs::exists(gone + "/" + name), name);
        }
    }

    // A merged round's one adapter is the parent and what was trained, to the last digits.
    void aParentIsFoldedIn()
    {
        QTemporaryDir dir;
        const Json parent = {{"parent", {{"adapter", goldens() + "/start"}, {"how", "merge"}}}};
        const std::string folder = makeRound(dir, "round", parent);
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
        const Json parent = {{"adapter", goldens() + "/start"}, {"how", "continue"}};
        refused(makeRound(dir, "conflict", {{"parent", parent}, {"lora", {{"r", 9}}}}), FailureKind::BadInput,
                "lora.r");
        const std::string same = makeRound(dir, "same", {{"parent", parent}, {"lora", {{"r", 4}, {"dropout", 0}}}});
        QCOMPARE(round::runRound(same, {}, {}).outcome, round::Outcome::Finished);
        QCOMPARE(readJsonFile(same + "/adapter/adapter_config.json").at("lora_alpha").get<double>(), 6.0);
    }

    void theCheapObjectivesTrain()
    {
        QTemporaryDir dir;
        const std::string sft = makeRound(dir, "sft", {{"objective", "sft"}});
        const auto result = round::runRound(sft, {}, {});
        QCOMPARE(result.report.at("totals").at("criticised").get<int>(), 0);
        QVERIFY(logOf(sft).front().at("unlikelihood").is_null());
        const std::string push = makeRound(dir, "push", {{"objective", "unlikelihood"}});
        round::runRound(push, {}, {});
        QCOMPARE(logOf(push).front().at("flagged_share").get<double>(), 1.0);
    }

    void whatCannotBeTrainedIsSaid()
    {
        QTemporaryDir dir;
        const std::string accepted = makeRound(dir, "accepted");
        publishFile(accepted + "/examples.jsonl",
                    R"({"id": 1, "instruction": "a", "output": "b c d", "judgment": null})"
                    "\n");
        refused(accepted, FailureKind::BadInput, "criticised");
        const std::string empty = makeRound(dir, "empty");
        publishFile(empty + "/examples.jsonl", "");
        refused(empty, FailureKind::BadInput, "examples.jsonl");
        const std::string hot = makeRound(dir, "hot", {{"optimizer", {{"lr", 0}}}});
        refused(hot, FailureKind::BadInput, "changed nothing");
        refused(dir.path().toStdString() + "/nowhere", FailureKind::BadInput, "nowhere");
    }

    void aLossThatIsNoNumberStopsTheRound()
    {
        QTemporaryDir dir;
        const std::string damaged = dir.path().toStdString() + "/model";
        fs::copy(goldens() + "/model", damaged);
        const std::string weights = damaged + "/model.safetensors";
        const auto entry = files::readSafetensorsHeader(weights).tensors.at("model.norm.weight");
        std::fstream file(weights, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(static_cast<std::streamoff>(entry.begin));
        file.write("\x00\x00\xC0\x7F", 4);  // not a number, in float32
        file.close();
        const std::string folder = makeRound(dir, "round", {{"model", damaged}});
        refused(folder, FailureKind::BadInput, "is not a number");
        QVERIFY(fs::exists(folder + "/examples.jsonl"));
    }

    void tooLittleMemoryIsSaidBeforeAnythingIsLoaded()
    {
        QTemporaryDir dir;
        const std::string folder = makeRound(dir, "round");
        round::RoundOptions options;
        options.freeMemory = 100'000;
        try {
            round::runRound(folder, options, {});
            QFAIL("the round ran");
        } catch (const Failure& failure) {
            QCOMPARE(failure.kind(), FailureKind::OutOfMemory);
            const std::string said = failure.what();
            QVERIFY2(said.find("0.000 GB are free") != std::string::npos && said.find("Lower") != std::string::npos,
                     said.c_str());
        }
        QVERIFY(!fs::exists(folder + "/adapter") && !fs::exists(folder + "/log.jsonl"));
        // With more the same round runs.
        options.freeMemory = 60'000'000;
        QCOMPARE(round::runRound(folder, options, {}).outcome, round::Outcome::Finished);
    }

    // The round goes back to before the step, and a resumed one does the step again.
    void aPauseIsHeardBetweenTwoMicroBatchesOfAStep()
    {
        const Json more = {{"micro_batch_tokens", 1}};  // every example by itself: four micro-batches a step
        QTemporaryDir dir;
        const std::string whole = makeRound(dir, "whole", more);
        round::runRound(whole, {}, {});
        const std::string parts = makeRound(dir, "parts", more);
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
        const std::string folder = makeRound(dir, "round", {{"micro_batch_tokens", 1}});
        round::RoundHooks hooks;
        hooks.stopRequested = [] { return round::Stop::Pause; };
        QCOMPARE(round::runRound(folder, {}, hooks).outcome, round::Outcome::Paused);
        QCOMPARE(round::runRound(folder, {}, {}).outcome, round::Outcome::Finished);
        QCOMPARE(logOf(folder).size(), std::size_t(15));
    }

    void oneProcessPerFolder()
    {
        QTemporaryDir dir;
        const std::string folder = makeRound(dir, "round");
        const round::RoundLock lock(folder);
        refused(folder, FailureKind::BadInput, "Another process");
    }

    void aFolderThatCannotBeWrittenIsRefused()
    {
        if (::geteuid() == 0) {
            QSKIP("root may write everywhere");
        }
        QTemporaryDir dir;
        const std::string folder = makeRound(dir, "round");
        fs::permissions(folder, fs::perms::owner_read | fs::perms::owner_exec);
        refused(folder, FailureKind::BadInput, "not allowed");
        fs::permissions(folder, fs::perms::owner_all);
    }

    void aDryRunAndAPreviewWriteNothing()
    {
        QTemporaryDir dir;
        const std::string folder = makeRound(dir, "round");
        round::RoundOptions options;
        options.dryRun = true;
        const auto result = round::runRound(folder, options, {});
        QCOMPARE(result.outcome, round::Outcome::DryRun);
        QCOMPARE(result.report.at("steps").get<int>(), 15);
        const Json preview = round::previewRound(folder);
        QCOMPARE(preview.at("steps").get<int>(), 15);
        QCOMPARE(preview.at("criticised").get<int>(), 16);
        QCOMPARE(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), std::ptrdiff_t(2));
    }

    // The paper's first online round: 287 criticised and 71 accepted answers, 45 steps.
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
