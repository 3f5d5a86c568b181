// Pre-training of a small model: it learns, an interrupted one ends with the same bytes, and what comes out is a model
// folder like any other.
#include "base/failure.h"
#include "base/files.h"
#include "base/folder_lock.h"
#include "base/json.h"
#include "tests/support/device.h"
#include "tests/support/paths.h"
#include "trainer/model/generate.h"
#include "trainer/pretrain/pretrain.h"
#include "trainer/text/example_encoder.h"

#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>

using namespace stet;
namespace fs = std::filesystem;

class PretrainTest : public QObject {
    Q_OBJECT

    static constexpr int kSteps = 60;

    // One sentence again and again, behind a prompt that is not trained on.
    static std::string makeFolder(const QTemporaryDir& dir, const std::string& name, const Json& more = Json::object())
    {
        const std::string folder = dir.path().toStdString() + "/" + name;
        fs::create_directories(folder);
        for (const char* file : {"config.json", "tokenizer.json", "tokenizer_config.json"}) {
            fs::copy_file(test::goldenDir() + "/cut/model/" + file, folder + "/" + file);
        }
        std::string lines;
        for (int i = 0; i < 40; ++i) {
            lines += toLine({{"text", "Say it. Tom saw a red ball in the park"}, {"prompt", "Say it."}}) + "\n";
        }
        publishFile(folder + "/text.jsonl", lines);
        Json settings = {{"steps", kSteps},  {"batch_size", 4}, {"lr", 0.01},   {"warmup_steps", 5},
                         {"max_length", 64}, {"seed", 3},       {"threads", 1}, {"checkpoint_every_steps", 20}};
        settings["device"] = test::device();
        settings.update(more);
        publishFile(folder + "/pretrain.json", settings.dump());
        return folder;
    }

    static std::string failureOf(const std::string& folder, const round::PretrainHooks& hooks = {})
    {
        try {
            round::runPretrain(folder, hooks);
        } catch (const Failure& failure) {
            return failure.what();
        }
        return "nothing failed";
    }

private Q_SLOTS:
    void initTestCase() { STET_LOAD_DEVICE(); }

    // A resumed training of other texts or settings would be neither the one nor the other.
    void aCheckpointOfSomethingElseIsRefused_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("content");
        QTest::addColumn<bool>("refused");
        QTest::newRow("texts") << "text.jsonl"
                               << R"({"text": "Say it. Tom saw nothing", "prompt": "Say it."})" << true;
        QTest::newRow("learning rate") << "pretrain.json"
                                       << R"({"steps": 60, "lr": 0.02})" << true;
        QTest::newRow("how often it is saved")
            << "pretrain.json"
            << R"({"steps": 60, "batch_size": 4, "lr": 0.01, "warmup_steps": 5, "max_length": 64, "seed": 3, "checkpoint_every_steps": 10})"
            << false;
    }

    void aCheckpointOfSomethingElseIsRefused()
    {
        QFETCH(QString, file);
        QFETCH(QString, content);
        QFETCH(bool, refused);
        QTemporaryDir dir;
        const std::string folder = makeFolder(dir, "other");
        round::PretrainHooks hooks;
        hooks.stopRequested = [] { return true; };
        QVERIFY(failureOf(folder, hooks).find("Stopped at step 1") != std::string::npos);
        publishFile(folder + "/" + file.toStdString(), content.toStdString());
        const std::string said = failureOf(folder, hooks);
        QCOMPARE(said.find("other settings or texts") != std::string::npos, refused);
    }

    void onlyOneProcessWorksOnAFolder()
    {
        QTemporaryDir dir;
        const std::string folder = makeFolder(dir, "taken");
        const FolderLock lock(folder);
        const std::string said = failureOf(folder);
        QVERIFY2(said.find("Another process is working on") != std::string::npos, said.c_str());
    }

    void whatIsNotReadIsSaid()
    {
        QTemporaryDir dir;
        const std::string folder = makeFolder(dir, "warned");
        publishFile(folder + "/text.jsonl",
                    R"({"text": "Say it. Tom saw", "prompt": "Say it.", "promt": 1})"
                    "\n" +
                        toLine({{"text", std::string(4000, 'a')}, {"prompt", std::string(3999, 'a')}}) + "\n");
        round::PretrainHooks hooks;
        std::vector<std::string> warnings;
        hooks.onWarning = [&](const std::string& warning) { warnings.push_back(warning); };
        hooks.stopRequested = [] { return true; };
        (void)failureOf(folder, hooks);
        QCOMPARE(warnings.size(), std::size_t(2));
        QVERIFY2(warnings[0].find("'promt'") != std::string::npos, warnings[0].c_str());
        QVERIFY2(warnings[1].find("1 texts are left out") != std::string::npos, warnings[1].c_str());
    }

    void itLearnsAndIsResumedToTheSameBytes()
    {
        QTemporaryDir dir;
        const std::string whole = makeFolder(dir, "whole");
        double first = 0;
        double last = 0;
        round::PretrainHooks hooks;
        hooks.onStep = [&](const round::PretrainStep& step) { (step.step == 1 ? first : last) = step.loss; };
        round::runPretrain(whole, hooks);
        QVERIFY2(last < first / 4, qPrintable(QStringLiteral("%1 → %2").arg(first).arg(last)));

        const std::string parts = makeFolder(dir, "parts");
        int asked = 0;
        round::PretrainHooks stopping;
        stopping.stopRequested = [&] { return ++asked == 33; };
        QVERIFY(failureOf(parts, stopping) != "nothing failed");
        QVERIFY(!fs::exists(parts + "/model"));
        round::runPretrain(parts, {});
        const auto bytes = [](const std::string& folder) {
            return readFile(folder + "/model/model.safetensors", std::size_t{1} << 26);
        };
        // A GPU adds up the gradient of an embedding in another order each time.
        QVERIFY(test::onGpu() || bytes(parts) == bytes(whole));

        // A folder like any other: it says what it learnt.
        const auto folder = files::openModelFolder(whole + "/model");
        const auto decoder = model::Decoder::load(folder, model::resolveCompute({"cpu", "float32", 1}, "float32"));
        const auto tokenizer = text::Tokenizer::load(folder.path);
        model::GenerateOptions options;
        options.maxNewTokens = 24;
        const auto prompt = tokenizer->encode("Say it.", text::Specials::Added).ids;
        const auto said = model::generate(*decoder, {}, {{"a", prompt}}, folder.stopIds, options).front();
        QCOMPARE(tokenizer->decode(said.ids, true), std::string(" Tom saw a red ball in the park"));
        QVERIFY(!said.stoppedByLength);
    }

    void aFinishedFolderIsLeftAlone()
    {
        QTemporaryDir dir;
        const std::string folder = makeFolder(dir, "done", {{"steps", 2}});
        round::runPretrain(folder, {});
        const auto written = fs::last_write_time(folder + "/model/model.safetensors");
        round::runPretrain(folder, {});
        QVERIFY(fs::last_write_time(folder + "/model/model.safetensors") == written);
    }

    void whatIsMissingIsNamed_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("said");
        QTest::newRow("no settings") << "pretrain.json" << QByteArray() << "pretrain.json";
        QTest::newRow("no text") << "text.jsonl" << QByteArray() << "text.jsonl";
        QTest::newRow("a broken line") << "text.jsonl" << QByteArray("{\"text\": \"a\"}\n{\"text\"\n") << "line 2";
        QTest::newRow("a setting out of range") << "pretrain.json" << QByteArray("{\"steps\": 0}") << "steps";
        QTest::newRow("settings that are a list") << "pretrain.json" << QByteArray("[]") << "object";
        QTest::newRow("a batch without end")
            << "pretrain.json" << QByteArray("{\"steps\": 1, \"batch_size\": 576460752303423488}") << "batch_size";
        QTest::newRow("betas of words") << "pretrain.json" << QByteArray("{\"steps\": 1, \"betas\": [\"a\", \"b\"]}")
                                        << "betas";
        QTest::newRow("one beta") << "pretrain.json" << QByteArray("{\"steps\": 1, \"betas\": 0.5}") << "betas";
        QTest::newRow("threads without end")
            << "pretrain.json" << QByteArray("{\"steps\": 1, \"threads\": 99999999999}") << "threads";
        QTest::newRow("another dtype") << "pretrain.json" << QByteArray("{\"steps\": 1, \"dtype_out\": \"int8\"}")
                                       << "dtype_out";
        QTest::newRow("another architecture")
            << "config.json" << QByteArray("{\"architectures\": [\"GPT2LMHeadModel\"]}") << "GPT2LMHeadModel";
    }

    void whatIsMissingIsNamed()
    {
        QFETCH(QString, file);
        QFETCH(QByteArray, content);
        QFETCH(QString, said);
        QTemporaryDir dir;
        const std::string folder = makeFolder(dir, "bad");
        const std::string path = folder + "/" + file.toStdString();
        fs::remove(path);
        if (!content.isEmpty()) {
            publishFile(path, content.toStdString());
        }
        const auto message = QString::fromStdString(failureOf(folder));
        QVERIFY2(message.contains(said), qPrintable(message));
        QVERIFY(!fs::exists(folder + "/model"));
    }

    // Where the tokenizer adds no beginning, an empty text has nothing that its end could be predicted from.
    void textsWithoutATokenToPredictAreNoTexts()
    {
        QTemporaryDir dir;
        const std::string folder = makeFolder(dir, "empty");
        Json tokenizer = readJsonFile(folder + "/tokenizer.json");
        tokenizer["post_processor"] = nullptr;
        publishFile(folder + "/tokenizer.json", tokenizer.dump());
        publishFile(folder + "/text.jsonl", "{\"text\": \"\"}\n");
        const std::string message = failureOf(folder);
        QVERIFY2(message.find("no text") != std::string::npos, message.c_str());
    }

    void aCheckpointOfAnotherModelIsSaid()
    {
        QTemporaryDir dir;
        const std::string folder = makeFolder(dir, "other");
        round::PretrainHooks stopping;
        stopping.stopRequested = [] { return true; };
        QVERIFY(failureOf(folder, stopping).find("Stopped") != std::string::npos);
        Json config = readJsonFile(folder + "/config.json");
        config["intermediate_size"] = config["intermediate_size"].get<int>() + 8;
        publishFile(folder + "/config.json", config.dump());
        const std::string message = failureOf(folder);
        QVERIFY2(message.find("another config.json") != std::string::npos, message.c_str());
        config["num_hidden_layers"] = config["num_hidden_layers"].get<int>() + 1;
        publishFile(folder + "/config.json", config.dump());
        QCOMPARE(failureOf(folder), message);
    }

    void anEndOutsideTheVocabularyIsRefused()
    {
        QTemporaryDir dir;
        const std::string folder = makeFolder(dir, "end");
        Json config = readJsonFile(folder + "/config.json");
        config["eos_token_id"] = config["vocab_size"];
        publishFile(folder + "/config.json", config.dump());
        const std::string message = failureOf(folder);
        QVERIFY2(message.find("eos_token_id") != std::string::npos, message.c_str());
    }
};

QTEST_APPLESS_MAIN(PretrainTest)
#include "tst_pretrain.moc"
