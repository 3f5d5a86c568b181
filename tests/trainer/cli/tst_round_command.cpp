// Long work in a folder, a round and a pretraining: what is left behind when it ends and when it is interrupted, and
// that the same command goes on.
#include "tests/support/patience.h"
#include "tests/support/small_model_command.h"

#include <QtTest>

#include <csignal>
#include <fstream>

using namespace stet;
using namespace stet::test;
namespace fs = std::filesystem;

class RoundCommandTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aRoundRunsOnceAndCanBeVerified()
    {
        QTemporaryDir dir;
        const std::string folder = makeRound(dir, "round");
        const Ran dry = runTrainer({"round", folder, "--dry-run"});
        QCOMPARE(dry.exitCode, 0);
        QVERIFY(namesIn(folder) == (std::vector<std::string>{"examples.jsonl", "round.json"}));
        const Ran plan = runTrainer({"round", folder, "--plan"});
        QCOMPARE(plan.exitCode, 0);
        QVERIFY(plan.lines().at(0).at("settings").at("optimizer").at("lr") == plan.lines().at(0).at("learning_rate"));
        QVERIFY(plan.lines().at(0).at("steps").get<int>() > 0);
        QCOMPARE(runTrainer({"round", folder, "--plan", "--restart"}).exitCode, 2);
        QVERIFY(namesIn(folder) == (std::vector<std::string>{"examples.jsonl", "round.json"}));
        const Ran unfinished = runTrainer({"verify", folder});
        QCOMPARE(unfinished.exitCode, 3);
        QVERIFY(unfinished.errors.contains(QStringLiteral("not finished")));
        const Ran ran = runTrainer({"round", folder});
        QCOMPARE(ran.exitCode, 0);
        QVERIFY(allJson(ran));
        QVERIFY(ran.errors.contains(QStringLiteral("device: cpu (asked for)")));
        const std::string adapter = adapterOf(folder);
        const Ran again = runTrainer({"round", folder});
        QCOMPARE(again.exitCode, 0);
        QVERIFY(again.errors.contains(QStringLiteral("finished already")));
        QVERIFY(adapterOf(folder) == adapter);

        const Ran verified = runTrainer({"verify", folder});
        QCOMPARE(verified.exitCode, 0);
        QVERIFY(verified.lines().at(0).at("sound").get<bool>());
        QCOMPARE(verified.lines().at(0).at("kind").get<std::string>(), std::string("round"));
        QCOMPARE(runTrainer({"verify", folder + "/adapter"}).exitCode, 0);
        QCOMPARE(runTrainer({"verify", smallModel()}).exitCode, 0);
        // Other numbers in the same shapes: the hash and the probe tell.
        fs::copy_file(startAdapter() + "/adapter_model.safetensors", folder + "/adapter/adapter_model.safetensors",
                      fs::copy_options::overwrite_existing);
        fs::copy_file(startAdapter() + "/adapter_config.json", folder + "/adapter/adapter_config.json",
                      fs::copy_options::overwrite_existing);
        const Ran damaged = runTrainer({"verify", folder});
        QCOMPARE(damaged.exitCode, 3);
        QVERIFY(damaged.errors.contains(QStringLiteral("probe.json")));
        QVERIFY(!damaged.lines().at(0).at("sound").get<bool>());
        QCOMPARE(damaged.lines().at(0).at("problems").size(), std::size_t(2));
    }

    void aRoundIsInterruptedBeforeItsFirstStep()
    {
        QTemporaryDir dir;
        const std::string folder = makeSlowlyScoredRound(dir, "round");
        QProcess process;
        process.start(QString::fromStdString(trainerProgram()), words({"round", folder, "--progress", "json"}));
        QVERIFY(QTest::qWaitFor([&] { return process.readAllStandardError().contains("scoring"); }, test::kPatienceMs));
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(test::kPatienceMs));
        QCOMPARE(process.exitCode(), 6);
        QVERIFY(process.readAllStandardError().contains("before a step was made; run the same command"));
        QVERIFY(namesIn(folder) == (std::vector<std::string>{"examples.jsonl", "lock", "round.json"}));
    }

    void anInterruptedRoundGoesOn()
    {
        QTemporaryDir dir;
        const std::string folder = makeRound(dir, "round", {{"epochs", 40}});
        QProcess process;
        process.start(QString::fromStdString(trainerProgram()), words({"round", folder, "--progress", "json"}));
        QVERIFY(
            QTest::qWaitFor([&] { return process.readAllStandardError().contains("\"step\":"); }, test::kPatienceMs));
        // One process a folder.
        const Ran second = runTrainer({"round", folder});
        QCOMPARE(second.exitCode, 3);
        QVERIFY(second.errors.contains(QStringLiteral("Another process")));
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(test::kPatienceMs));
        QCOMPARE(process.exitCode(), 6);
        QVERIFY(process.readAllStandardError().contains("run the same command to go on"));
        QVERIFY(checkpointsIn(folder) > 0);
        QVERIFY(!fs::exists(folder + "/adapter"));
        QCOMPARE(runTrainer({"round", folder}).exitCode, 0);
        QVERIFY(fs::exists(folder + "/adapter"));
        QCOMPARE(checkpointsIn(folder), 0);
    }

    void aPatternMayBeRepeatedWhereItsRoundIsContinued()
    {
        QTemporaryDir dir;
        const Json lora = {{"targets", ".*self_attn.*"}, {"r", 4}};
        const std::string first = makeRound(dir, "first", {{"epochs", 1}, {"lora", lora}});
        QCOMPARE(runTrainer({"round", first}).exitCode, 0);
        const Json parent = {{"adapter", "../first/adapter"}, {"how", "continue"}};
        const std::string next = makeRound(dir, "next", {{"epochs", 1}, {"lora", lora}, {"parent", parent}});
        const Ran ran = runTrainer({"round", next});
        QVERIFY2(ran.exitCode == 0, qPrintable(ran.errors));
        const std::string other =
            makeRound(dir, "other", {{"epochs", 1}, {"lora", {{"targets", ".*mlp.*"}}}, {"parent", parent}});
        const Ran refused = runTrainer({"round", other});
        QCOMPARE(refused.exitCode, 3);
        QVERIFY2(refused.errors.contains(QStringLiteral("lora.targets")), qPrintable(refused.errors));
    }

    void interruptedWorkLeavesNothingHalfWritten_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("Ctrl+C") << SIGINT;
        QTest::newRow("SIGTERM") << SIGTERM;
    }

    void interruptedWorkLeavesNothingHalfWritten()
    {
        QFETCH(int, signal);
        QTemporaryDir dir;
        std::string text;
        for (int i = 0; i < 100000; ++i) {
            text += "{\"id\":1,\"instruction\":\"a" + std::to_string(i) + "\",\"output\":\"b\"}\n";
        }
        const std::string in = fileWith(dir, "in.jsonl", text);
        QProcess process;
        process.start(
            QString::fromStdString(trainerProgram()),
            words(with("score", {"--in", in, "--out", dir.path().toStdString() + "/out.jsonl", "--progress", "json"})));
        QVERIFY(
            QTest::qWaitFor([&] { return process.readAllStandardError().contains("\"done\":"); }, test::kPatienceMs));
        ::kill(static_cast<pid_t>(process.processId()), signal);
        QVERIFY(process.waitForFinished(test::kPatienceMs));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 6);
        QVERIFY(namesIn(dir.path().toStdString()) == std::vector<std::string>{"in.jsonl"});
    }

    void pretrainMakesAModelFolder()
    {
        QTemporaryDir dir;
        const std::string folder = dir.path().toStdString();
        for (const char* name : {"config.json", "tokenizer.json", "tokenizer_config.json"}) {
            fs::copy_file(smallModel() + "/" + name, folder + "/" + name);
        }
        std::string texts;
        for (int i = 0; i < 40; ++i) {
            texts += Json{{"text", "Sue saw " + std::to_string(i) + " cats"}, {"prompt", "Sue saw"}}.dump() + "\n";
        }
        publishFile(folder + "/text.jsonl", texts);
        publishFile(folder + "/pretrain.json", R"({"steps": 6, "batch_size": 8, "warmup_steps": 2, "threads": 1})");
        QCOMPARE(runTrainer({"pretrain", folder}).exitCode, 0);
        const Ran described = runTrainer({"describe", "--model", folder + "/model"});
        QCOMPARE(described.exitCode, 0);
        QCOMPARE(described.lines().at(0).at("parameters").get<int>(), 28960);
        std::ifstream log(folder + "/log.jsonl");
        int steps = 0;
        for (std::string line; std::getline(log, line);) {
            QCOMPARE(Json::parse(line).at("step").get<int>(), ++steps);
        }
        QCOMPARE(steps, 6);
    }
};

QTEST_GUILESS_MAIN(RoundCommandTest)
#include "tst_round_command.moc"
