// Results that can't be written: refused before the work where that can be known, never over what is read, and never
// half written.
#include "tests/support/patience.h"
#include "tests/support/round_folders.h"
#include "tests/trainer/cli/clear_refusal.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace stet;
using namespace stet::test;
namespace fs = std::filesystem;

namespace {

bool canLoseCapabilities()
{
    return ::geteuid() != 0 || ::prctl(PR_CAPBSET_READ, CAP_SETPCAP) == 1;
}

// Root may write everywhere; without these capabilities a read-only folder is one for root as well.
void loseCapabilities()
{
    ::prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE);
    ::prctl(PR_CAPBSET_DROP, CAP_DAC_READ_SEARCH);
}

class ReadOnly {
public:
    explicit ReadOnly(const std::string& folder) : m_folder(folder) { ::chmod(folder.c_str(), 0555); }
    ~ReadOnly() { ::chmod(m_folder.c_str(), 0755); }

private:
    std::string m_folder;
};

void limitFileSize(rlim_t bytes)
{
    const rlimit limit = {bytes, bytes};
    ::setrlimit(RLIMIT_FSIZE, &limit);
}

}  // namespace

class BadOutputsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void outputsThatCannotBeAreRefusedBeforeTheWork()
    {
        QTemporaryDir dir;
        const std::string base = dir.path().toStdString();
        ::mkfifo((base + "/pipe").c_str(), 0600);
        for (const std::string& out : {base + "/none/out.jsonl", base, base + "/pipe"}) {
            for (const char* command : {"score", "generate", "tokenize", "logits"}) {
                const Ran ran = runTrainer({command, "--model", smallModel(), "--in", smallExamples(), "--out", out});
                QCOMPARE(ran.exitCode, 3);
                containsAll(ran.errors, QStringLiteral("Cannot write|") + QString::fromStdString(out));
                isClear(ran);
            }
        }
        QVERIFY(namesIn(base) == std::vector<std::string>{"pipe"});
        QVERIFY(fs::is_fifo(base + "/pipe"));
    }

    // Nothing is more easily lost than what was meant for a pipe.
    void anOutputThatIsLostIsNoticed_data()
    {
        QTest::addColumn<QByteArray>("command");
        for (const char* command : {"describe", "score", "logits"}) {
            QTest::newRow(command) << QByteArray(command);
        }
    }

    void anOutputThatIsLostIsNoticed()
    {
        QFETCH(QByteArray, command);
        QTemporaryDir dir;
        const std::string in = dir.path().toStdString() + "/in.jsonl";
        publishFile(in, command == "logits" ? R"({"id": "a", "ids": [1, 2]})" : kGood);
        QProcess process;
        process.setStandardOutputFile(QStringLiteral("/dev/full"));
        QStringList arguments = {QString::fromUtf8(command), QStringLiteral("--model"),
                                 QString::fromStdString(smallModel())};
        if (command != "describe") {
            arguments << QStringLiteral("--in") << QString::fromStdString(in);
        }
        process.start(QString::fromStdString(trainerProgram()), arguments);
        QVERIFY(process.waitForFinished(test::kPatienceMs));
        QCOMPARE(process.exitCode(), 3);
        QVERIFY(process.readAllStandardError().contains("Standard output could not be written"));
    }

    void whatIsReadIsNotOverwritten_data()
    {
        QTest::addColumn<QByteArray>("command");
        QTest::addColumn<QByteArray>("out");
        for (const char* command : {"score", "generate", "compare", "precision", "tokenize", "logits", "evaluate"}) {
            QTest::newRow(command) << QByteArray(command) << QByteArray("in.jsonl");
        }
        QTest::newRow("another spelling") << QByteArray("score") << QByteArray("./in.jsonl");
        QTest::newRow("a link") << QByteArray("score") << QByteArray("link.jsonl");
    }

    // The examples hold a person's judgments: results never take their place, also not by another name of the file.
    void whatIsReadIsNotOverwritten()
    {
        QFETCH(QByteArray, command);
        QFETCH(QByteArray, out);
        QTemporaryDir dir;
        const std::string base = dir.path().toStdString() + "/";
        const bool task = command == "evaluate";
        const std::string content = task ? R"({"id":1,"reference":"a","output":"a"})" : kGood;
        publishFile(base + "in.jsonl", content);
        fs::create_symlink(base + "in.jsonl", base + "link.jsonl");
        std::vector<std::string> arguments = {command.toStdString(),
                                              task ? "--task" : "--in",
                                              base + "in.jsonl",
                                              "--out",
                                              base + out.toStdString(),
                                              "--model",
                                              smallModel()};
        if (command == "compare") {
            arguments.insert(arguments.end(), {"--before", "base", "--after", "base"});
        }
        const Ran ran = runTrainer(arguments);
        QCOMPARE(ran.exitCode, 3);
        containsAll(ran.errors, QStringLiteral("Cannot write|is read|another|") + QString::fromUtf8(out));
        isClear(ran);
        QVERIFY(readFile(base + "in.jsonl", 1000) == content);
        QVERIFY(fs::is_symlink(base + "link.jsonl"));
    }

    void aReadOnlyFolderIsNamed()
    {
        if (!canLoseCapabilities()) {
            QSKIP("root here may write everywhere and can't give that up");
        }
        QTemporaryDir dir;
        const std::string folder = makeRound(dir, "round");
        const ReadOnly locked(folder);
        const Ran scored = runTrainer(
            {"score", "--model", smallModel(), "--in", smallExamples(), "--out", folder + "/out"}, loseCapabilities);
        QCOMPARE(scored.exitCode, 3);
        containsAll(scored.errors, QStringLiteral("Cannot write|not allowed"));
        const Ran round = runTrainer({"round", folder}, loseCapabilities);
        QCOMPARE(round.exitCode, 3);
        containsAll(round.errors, QStringLiteral("round|not allowed"));
        QVERIFY(namesIn(folder) == (std::vector<std::string>{"examples.jsonl", "round.json"}));
    }

    // A limit on a file's size stands in for a full disk: writes fail half-way.
    void aFullDiskLeavesNothingHalfWritten_data()
    {
        QTest::addColumn<int>("bytes");
        QTest::newRow("at once") << 0;
        QTest::newRow("in the results") << 5000;
        QTest::newRow("in the weights") << 60000;
    }

    void aFullDiskLeavesNothingHalfWritten()
    {
        QFETCH(int, bytes);
        QTemporaryDir dir;
        const auto limited = [bytes] { limitFileSize(static_cast<rlim_t>(bytes)); };
        const std::string out = dir.path().toStdString() + "/out";
        const std::string ids = dir.path().toStdString() + "/ids";
        publishFile(
            ids,
            "{\"id\":1,\"ids\":[" +
                [] {
                    std::string list = "1";
                    for (int i = 0; i < 99; ++i) {
                        list += ",1";
                    }
                    return list;
                }() +
                "]}\n");
        const Ran logits = runTrainer({"logits", "--model", smallModel(), "--in", ids, "--out", out}, limited);
        QVERIFY2(logits.exitCode == 3, qPrintable(logits.errors));
        isClear(logits);
        if (bytes < 60000) {
            const Ran scored =
                runTrainer({"score", "--model", smallModel(), "--in", smallExamples(), "--out", out}, limited);
            QVERIFY2(scored.exitCode == 3, qPrintable(scored.errors));
            containsAll(scored.errors, QStringLiteral("Cannot write"));
        }
        QVERIFY(namesIn(dir.path().toStdString()) == std::vector<std::string>{"ids"});
        const std::string folder = makeRound(dir, "round");
        const Ran round = runTrainer({"round", folder}, limited);
        QVERIFY2(round.exitCode == 3, qPrintable(round.errors));
        isClear(round);
        QVERIFY(!fs::exists(folder + "/adapter"));
        QVERIFY(!fs::exists(folder + "/report.json"));
        // With room again it goes on.
        QCOMPARE(runTrainer({"round", folder}).exitCode, 0);
    }

    void aFullDiskLeavesNoModelHalfWritten_data()
    {
        QTest::addColumn<QString>("arguments");
        QTest::newRow("merged") << QStringLiteral("merge");
        QTest::newRow("GGUF") << QStringLiteral("export --gguf F32");
        QTest::newRow("GGUF with a Modelfile") << QStringLiteral("export --gguf F16 --modelfile --prompt-style alpaca");
        QTest::newRow("GGUF adapter") << QStringLiteral("export --gguf-adapter");
        QTest::newRow("PEFT") << QStringLiteral("export --peft");
    }

    void aFullDiskLeavesNoModelHalfWritten()
    {
        QFETCH(QString, arguments);
        QTemporaryDir dir;
        std::vector<std::string> words;
        for (const QString& word : arguments.split(QLatin1Char(' '))) {
            words.push_back(word.toStdString());
        }
        words.insert(words.end(),
                     {"--model", smallModel(), "--adapter", goldenDir() + "/cut/start", "--out",
                      dir.path().toStdString() + "/out"});
        const Ran full = runTrainer(words, [] { limitFileSize(3000); });
        QVERIFY2(full.exitCode == 3, qPrintable(full.errors));
        isClear(full);
        QVERIFY(namesIn(dir.path().toStdString()).empty());
        QCOMPARE(runTrainer(words).exitCode, 0);  // with room
    }
};

QTEST_GUILESS_MAIN(BadOutputsTest)
#include "tst_bad_outputs.moc"
