// What no golden has: dropout, bfloat16, a divergence and a parent in one round, stopped and resumed, on a device as on
// the CPU. Runs on the CPU, on the device apart and on a GPU.
#include "tests/trainer/objectives/golden_bench.h"
#include "trainer/score/scorer.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace stet;
namespace fs = std::filesystem;

class RoundDevicesTest : public QObject {
    Q_OBJECT

    static std::string makeRound(const QTemporaryDir& dir, const std::string& name, const std::string& dtype)
    {
        const std::string folder = dir.path().toStdString() + "/" + name;
        test::makeGoldenRound(folder, test::cutGoldens() + "/examples.jsonl",
                              {{"preset", "cut-paper"},
                               {"dtype", dtype},
                               {"threads", 1},
                               {"max_length", 120},
                               {"batch_size", 4},
                               {"epochs", 2},
                               {"micro_batch_tokens", 700},
                               {"checkpoint_every_steps", 3},
                               {"schedule", {{"warmup_steps", 2}}},
                               {"anchor", {{"kind", "kl"}, {"answers", "all"}, {"batch_size", 2}}},
                               {"lora", {{"dropout", 0.1}}}});
        return folder;
    }

    static std::map<std::string, at::Tensor> adapterOf(const std::string& folder)
    {
        return model::readTensors(folder + "/adapter/adapter_model.safetensors");
    }

    static double largestDifference(const std::map<std::string, at::Tensor>& a,
                                    const std::map<std::string, at::Tensor>& b)
    {
        double largest = a.size() == b.size() ? 0 : 1e9;
        for (const auto& [name, tensor] : a) {
            largest = std::max(largest, (tensor - b.at(name)).abs().max().item<double>());
        }
        return largest;
    }

private Q_SLOTS:
    void initTestCase() { STET_LOAD_DEVICE(); }

    void aRoundIsTheSameAsOnTheCpu_data()
    {
        QTest::addColumn<QString>("dtype");
        QTest::addColumn<double>("allowed");  // of weights around 0.1 after six updates of at most 4e-4
        QTest::newRow("float32") << "float32" << 1e-5;
        QTest::newRow("bfloat16") << "bfloat16" << 1e-3;
    }

    void aRoundIsTheSameAsOnTheCpu()
    {
        QFETCH(QString, dtype);
        QFETCH(double, allowed);
        QTemporaryDir dir;
        const std::string here = makeRound(dir, "here", dtype.toStdString());
        Json settings = readJsonFile(here + "/round.json");
        settings["device"] = "cpu";
        publishFile(here + "/round.json", settings.dump());
        QCOMPARE(round::runRound(here, {}, {}).outcome, round::Outcome::Finished);
        const std::string there = makeRound(dir, "there", dtype.toStdString());
        QCOMPARE(test::runGoldenRound(there).outcome, round::Outcome::Finished);
        const double difference = largestDifference(adapterOf(here), adapterOf(there));
        qInfo("largest difference of a weight: %.2g", difference);
        QVERIFY(difference <= test::tolerance(allowed));
    }

    void aResumedRoundEndsWhereAnUninterruptedOneDoes()
    {
        QTemporaryDir dir;
        const std::string whole = makeRound(dir, "whole", "float32");
        test::runGoldenRound(whole);
        const std::string parts = makeRound(dir, "parts", "float32");
        std::int64_t step = 0;
        round::RoundHooks hooks;
        hooks.onStep = [&](const round::RoundProgress& progress) { step = progress.step; };
        hooks.stopRequested = [&] { return step == 4 ? round::Stop::Pause : round::Stop::None; };
        QCOMPARE(test::runGoldenRound(parts, hooks).outcome, round::Outcome::Paused);
        const auto finished = test::runGoldenRound(parts);
        QCOMPARE(finished.outcome, round::Outcome::Finished);
        QCOMPARE(finished.report.at("warnings").size(), std::size_t(0));
        // The CPU's sums have one order: the same bytes.
        QVERIFY(largestDifference(adapterOf(whole), adapterOf(parts)) <= (test::onGpu() ? 1e-5 : 0));
    }

    void anotherDtypeIsSaid()
    {
        QTemporaryDir dir;
        const std::string folder = makeRound(dir, "round", "auto");
        std::int64_t step = 0;
        round::RoundHooks hooks;
        hooks.onStep = [&](const round::RoundProgress& progress) { step = progress.step; };
        hooks.stopRequested = [&] { return step == 2 ? round::Stop::Pause : round::Stop::None; };
        QCOMPARE(test::runGoldenRound(folder, hooks).outcome, round::Outcome::Paused);
        const auto decoder =
            model::Decoder::load(files::openModelFolder(test::cutGoldens() + "/model"), test::compute("bfloat16"));
        round::RoundOptions options;
        options.decoder = decoder.get();
        options.decoderModel = test::cutGoldens() + "/model";
        const Json warnings = round::runRound(folder, options, {}).report.at("warnings");
        QCOMPARE(warnings.size(), std::size_t(1));
        QVERIFY(warnings[0].get<std::string>().find("another device, dtype") != std::string::npos);

        const std::string other = makeRound(dir, "other", "float32");
        const Json said = round::runRound(other, options, {}).report.at("warnings");
        QCOMPARE(said.size(), std::size_t(1));
        QVERIFY(said[0].get<std::string>().find("float32") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(RoundDevicesTest)
#include "tst_round_devices.moc"
