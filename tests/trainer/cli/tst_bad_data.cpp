// Lines, rounds, paths and devices that are wrong: one clear message with the next step, the right exit code, nothing
// on standard output, nothing half written.
#include "tests/support/round_folders.h"
#include "tests/trainer/cli/clear_refusal.h"

#include <sys/stat.h>

using namespace stet;
using namespace stet::test;
namespace fs = std::filesystem;

class BadDataTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void badLines_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("words");
        const QByteArray good = QByteArray::fromStdString(kGood) + "\n";
        const auto row = [](const char* name, const QByteArray& content, const char* words) {
            QTest::newRow(name) << content << QString::fromUtf8(words);
        };
        row("broken JSON in line 3", good + good + "{\"id\": 3,\n", "in.jsonl, line 3|not valid JSON");
        row("a list in line 2", good + "[1]\n", "in.jsonl, line 2|object");
        row("not UTF-8", good + "{\"id\":2,\"instruction\":\"\xFF\",\"output\":\"a\"}\n", "line 2|UTF-8");
        row("no id", good + "{\"instruction\":\"a\",\"output\":\"b\"}\n", "line 2|'id'");
        row("no instruction", "{\"id\":1,\"output\":\"b\"}\n", "line 1|'instruction'");
        row("judgment without answer", "{\"id\":1,\"instruction\":\"a\",\"judgment\":\"b\"}\n", "line 1|'output'");
        row("judgment is a number", "{\"id\":1,\"instruction\":\"a\",\"output\":\"b\",\"judgment\":5}\n",
            "line 1|'judgment' must be a text");
        row("a mark backwards",
            "{\"id\":1,\"instruction\":\"a\",\"output\":\"b\",\"marks\":[{\"begin\":4,\"end\":1,\"mark\":\"flag\"}]}\n",
            "line 1|mark");
        row("too deep", "{\"id\":1,\"instruction\":" + QByteArray(200, '[') + QByteArray(200, ']') + "}\n",
            "line 1|nested deeper");
        row("empty", "", "in.jsonl|holds no line");
        row("blank lines alone", "\n\n\n", "in.jsonl|holds no line");
    }

    void badLines()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, words);
        QTemporaryDir dir;
        const std::string in = dir.path().toStdString() + "/in.jsonl";
        publishFile(in, content.toStdString());
        const std::string out = dir.path().toStdString() + "/out.jsonl";
        const Ran ran = runTrainer({"score", "--model", smallModel(), "--in", in, "--out", out});
        QVERIFY2(ran.exitCode == 3, qPrintable(ran.errors));
        containsAll(ran.errors, words);
        isClear(ran);
        QVERIFY(ran.output.empty());
        QVERIFY(namesIn(dir.path().toStdString()) == std::vector<std::string>{"in.jsonl"});
    }

    void aPipeOrAFolderIsNoInput()
    {
        QTemporaryDir dir;
        const std::string base = dir.path().toStdString();
        ::mkfifo((base + "/pipe").c_str(), 0600);
        for (const std::string& in : {base + "/pipe", base, base + "/none"}) {
            const Ran ran = runTrainer({"score", "--model", smallModel(), "--in", in});
            QCOMPARE(ran.exitCode, 3);
            containsAll(ran.errors, QString::fromStdString(in) + QStringLiteral("|Cannot"));
            isClear(ran);
        }
    }

    void aPathThatCanNotBeIsNamed()
    {
        const std::string path = "/" + std::string(5000, 'x');
        for (const auto& arguments :
             {std::vector<std::string>{"round", path}, std::vector<std::string>{"verify", path},
              std::vector<std::string>{"describe", "--model", path},
              std::vector<std::string>{"score", "--model", smallModel(), "--in", path},
              std::vector<std::string>{"score", "--model", smallModel(), "--in", smallExamples(), "--out", path},
              std::vector<std::string>{"score", "--model", smallModel(), "--in", smallExamples(), "--adapter", path}}) {
            const Ran ran = runTrainer(arguments);
            QVERIFY2(ran.exitCode == 3, qPrintable(QString::fromStdString(arguments.front()) + ran.errors.right(80)));
            isClear(ran);
        }
    }

    void badRounds_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QString>("words");
        const auto row = [](const char* name, const char* file, const QByteArray& content, int exitCode,
                            const char* words) {
            QTest::newRow(name) << QByteArray(file) << content << exitCode << QString::fromUtf8(words);
        };
        const QByteArray model = "{\"model\":\"" + QByteArray::fromStdString(smallModel()) + "\",\"device\":\"cpu\"";
        const QByteArray accepted = "{\"id\":1,\"instruction\":\"a\",\"output\":\"b\",\"judgment\":null}\n";
        row("empty data", "examples.jsonl", "", 3, "examples.jsonl|judge some responses");
        row("all accepted", "examples.jsonl", accepted + accepted, 3, "examples.jsonl|every response is accepted");
        row("broken line", "examples.jsonl", accepted + "{\"id\"\n", 3, "examples.jsonl, line 2");
        row("judgment without answer", "examples.jsonl",
            accepted + "{\"id\":2,\"instruction\":\"a\",\"judgment\":\"b\"}\n", 3, "line 2|'output'");
        row("broken settings", "round.json", "{\"model\":", 3, "round.json|not valid JSON");
        row("no model named", "round.json", "{}", 3, "round.json|'model'");
        row("unknown preset", "round.json", model + ",\"preset\":\"best\"}", 3, "'preset'|best|stable");
        row("wrong type", "round.json", model + ",\"lambda\":\"much\"}", 3, "'lambda' must be a number");
        row("out of range", "round.json", model + ",\"batch_size\":0}", 3, "'batch_size' must be 1 to");
        row("nothing preferred", "round.json", model + ",\"objective\":\"dpo\"}", 3, "dpo|revision|demonstration");
        row("no such parent", "round.json", model + ",\"parent\":{\"adapter\":\"../none\",\"how\":\"merge\"}}", 3,
            "none");
        row("a layer that isn't there", "round.json", model + ",\"lora\":{\"targets\":[\"wheel_proj\"]}}", 4,
            "wheel_proj");
    }

    void badRounds()
    {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, content);
        QFETCH(int, exitCode);
        QFETCH(QString, words);
        QTemporaryDir dir;
        const std::string folder = makeRound(dir, "round");
        publishFile(folder + "/" + file.toStdString(), content.toStdString());
        const Ran ran = runTrainer({"round", folder});
        QVERIFY2(ran.exitCode == exitCode, qPrintable(QString::number(ran.exitCode) + ran.errors));
        containsAll(ran.errors, words);
        isClear(ran);
        QVERIFY(ran.output.empty());
        for (const auto& name : namesIn(folder)) {
            QVERIFY2(name == "examples.jsonl" || name == "round.json" || name == "lock", name.c_str());
        }
    }

    void aGpuThatIsNotThereIsNamed()
    {
        const Ran described = runTrainer({"describe", "--model", smallModel()});
        if (described.lines().at(0).at("device") != "cpu") {
            QSKIP("this computer has a GPU");
        }
        QTemporaryDir dir;
        const Json gpu = {{"device", "cuda"}};
        for (const auto& arguments :
             {std::vector<std::string>{"score", "--model", smallModel(), "--in", smallExamples(), "--device", "cuda"},
              std::vector<std::string>{"describe", "--model", smallModel(), "--device", "cuda:1"},
              std::vector<std::string>{"round", makeRound(dir, "round", gpu)}}) {
            const Ran ran = runTrainer(arguments);
            QCOMPARE(ran.exitCode, 3);
            containsAll(ran.errors, QStringLiteral("A GPU was asked for|use --device auto or cpu"));
            QVERIFY(ran.output.empty());
        }
    }

    // In a safetensors header the name means something else: the file could not be read.
    void anIdThatCannotNameATensorIsRefused()
    {
        QTemporaryDir dir;
        const std::string in = dir.path().toStdString() + "/in.jsonl";
        publishFile(in, R"({"id":"__metadata__","ids":[1]})");
        const Ran ran = runTrainer({"logits", "--model", smallModel(), "--in", in, "--out", in + ".safetensors"});
        QCOMPARE(ran.exitCode, 3);
        containsAll(ran.errors, QStringLiteral("line 1|__metadata__|another id"));
        QVERIFY(namesIn(dir.path().toStdString()) == std::vector<std::string>{"in.jsonl"});
    }

    void aVerifyThatFindsSomethingNamesIt()
    {
        QTemporaryDir dir;
        const std::string base = dir.path().toStdString();
        const Ran nothing = runTrainer({"verify", base});
        QCOMPARE(nothing.exitCode, 3);
        isClear(nothing);
        const std::string adapter = base + "/adapter";
        fs::copy(startAdapter(), adapter);
        std::string bytes = contentOf(adapter + "/adapter_model.safetensors");
        bytes.replace(bytes.size() - 4, 4, std::string("\x00\x00\xC0\x7F", 4));  // not a number
        publishFile(adapter + "/adapter_model.safetensors", bytes);
        const Ran ran = runTrainer({"verify", adapter});
        QCOMPARE(ran.exitCode, 3);
        QCOMPARE(ran.lines().at(0).at("sound").get<bool>(), false);
        containsAll(ran.errors, QStringLiteral("not finite"));
        const Ran refused =
            runTrainer({"score", "--model", smallModel(), "--in", smallExamples(), "--adapter", adapter});
        QCOMPARE(refused.exitCode, 3);
        QVERIFY(refused.output.empty());
    }
};

QTEST_GUILESS_MAIN(BadDataTest)
#include "tst_bad_data.moc"
