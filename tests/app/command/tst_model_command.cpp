// A model leaves a project by `stet export` and `stet use`: each form is whole where it was asked for, or not there at
// all; what can't be is one sentence.
#include "annotate/store/project.h"
#include "base/files.h"
#include "tests/support/finished_round.h"
#include "tests/support/paths.h"
#include "tests/support/patience.h"

#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>

using namespace stet;
namespace fs = std::filesystem;

namespace {

struct Outcome {
    int code = -1;
    QString out;
    QString err;
};

}  // namespace

class ModelCommandTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_home;
    QString m_project;

    QString at(const char* name) const { return m_home.filePath(QString::fromUtf8(name)); }

    static Outcome run(const QStringList& arguments)
    {
        QProcess process;
        process.start(QString::fromStdString(test::stetProgram()), arguments);
        if (!process.waitForFinished(test::kPatienceMs)) {
            process.kill();
            return {};
        }
        return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
                QString::fromUtf8(process.readAllStandardError())};
    }

    void requireRefused(const QStringList& arguments, int code, const char* said)
    {
        const auto before = QDir(m_home.path()).entryList();
        const Outcome outcome = run(arguments);
        QCOMPARE(outcome.code, code);
        QVERIFY2(outcome.err.contains(QString::fromUtf8(said)), qPrintable(outcome.err));
        QCOMPARE(outcome.out, QString());
        QCOMPARE(QDir(m_home.path()).entryList(), before);
    }

private Q_SLOTS:
    // A project with a finished round and one that is not.
    void initTestCase()
    {
        m_project = at("mine.stet");
        QCOMPARE(run({"example", m_project}).code, 0);
        const auto project = annotate::Project::open(m_project.toStdString());
        test::addFinishedRound(*project);
        project->addRound(1, "stable");
    }

    void theBaseModelIsOneFile()
    {
        const Outcome outcome =
            run({"export", m_project, "--format", "gguf-q8_0", "--round", "base", "--out", at("base.gguf")});
        QVERIFY2(outcome.code == 0, qPrintable(outcome.err));
        QCOMPARE(outcome.out, QStringLiteral("The base model is exported to %1\n").arg(at("base.gguf")));
        QVERIFY(readFile(at("base.gguf").toStdString(), std::size_t{1} << 24U).starts_with("GGUF"));
    }

    void aRoundHasEveryForm_data()
    {
        QTest::addColumn<QString>("form");
        QTest::addColumn<QString>("file");
        QTest::newRow("merged") << "huggingface"
                                << "model.safetensors";
        QTest::newRow("adapter") << "peft"
                                 << "adapter_model.safetensors";
        QTest::newRow("GGUF adapter") << "gguf-adapter"
                                      << "";
        QTest::newRow("GGUF") << "gguf-bf16"
                              << "";
    }

    void aRoundHasEveryForm()
    {
        QFETCH(QString, form);
        QFETCH(QString, file);
        const QString out = at("round-") + form;
        const Outcome outcome = run({"export", m_project, "--format", form, "--round", "1", "--out", out});
        QVERIFY2(outcome.code == 0, qPrintable(outcome.err));
        QVERIFY(QFileInfo(file.isEmpty() ? out : out + "/" + file).isFile());
        QCOMPARE(QFileInfo::exists(out + "/README.md"), !file.isEmpty());
    }

    void ollamaGetsAModelfile()
    {
        const Outcome outcome =
            run({"use", m_project, "--for", "ollama", "--round", "1", "--out", at("for ollama.gguf")});
        QVERIFY2(outcome.code == 0, qPrintable(outcome.err));
        QCOMPARE(outcome.out,
                 QStringLiteral("ollama create for-ollama -f '%1.Modelfile' && ollama run for-ollama\n")
                     .arg(at("for ollama.gguf")));
        QVERIFY(outcome.err.contains("not tried"));
        const QString text =
            QString::fromStdString(readFile((at("for ollama.gguf") + ".Modelfile").toStdString(), 65536));
        QVERIFY2(text.startsWith("FROM ./for ollama.gguf\nTEMPLATE \"\"\"Below is an instruction"), qPrintable(text));
        QVERIFY2(text.contains("### Instruction:\n{{ .Prompt }}\n\n### Response:\n\"\"\"\nPARAMETER stop \"</s>\"\n"),
                 qPrintable(text));
    }

    void ollamaTakesItAtOnceWhereItIsThere()
    {
        QDir().mkdir(at("bin"));
        const std::string ollama = at("bin/ollama").toStdString();
        publishFile(ollama, "#!/bin/sh\necho \"$@\" > \"$(dirname \"$0\")/said\"\n");
        fs::permissions(ollama, fs::perms::owner_all);
        const QByteArray path = qgetenv("PATH");
        qputenv("PATH", at("bin").toLocal8Bit() + ":" + path);
        const Outcome outcome =
            run({"use", m_project, "--for", "ollama", "--round", "base", "--out", at("taken.gguf")});
        qputenv("PATH", path);
        QVERIFY2(outcome.code == 0, qPrintable(outcome.err));
        QCOMPARE(outcome.out, QStringLiteral("ollama run taken\n"));
        QCOMPARE(QString::fromStdString(readFile(at("bin/said").toStdString(), 4096)),
                 QStringLiteral("create taken -f %1.Modelfile\n").arg(at("taken.gguf")));
    }

    void everyProgramHasItsLine_data()
    {
        QTest::addColumn<QString>("program");
        QTest::addColumn<QString>("line");
        QTest::newRow("llama.cpp") << "llama.cpp"
                                   << "llama-cli -m '%1'\n";
        QTest::newRow("LM Studio") << "lmstudio"
                                   << "lms import '%1'\n";
        QTest::newRow("vLLM") << "vllm"
                              << "vllm serve '%1'\n";
    }

    void everyProgramHasItsLine()
    {
        QFETCH(QString, program);
        QFETCH(QString, line);
        const QString out = at("for-") + program;
        const Outcome outcome = run({"use", m_project, "--for", program, "--round", "1", "--out", out});
        QVERIFY2(outcome.code == 0, qPrintable(outcome.err));
        QCOMPARE(outcome.out, line.arg(out));
        QVERIFY(QFileInfo::exists(out));
    }

    void whatCannotBeIsSaid()
    {
        const auto exporting = [this](const char* form, const char* round, const QString& out) {
            return QStringList{"export", m_project, "--format", form, "--round", round, "--out", out};
        };
        requireRefused(exporting("peft", "base", at("a")), 2, "no adapter");
        requireRefused(exporting("gguf-f16", "2", at("a")), 3, "not finished");
        requireRefused(exporting("gguf-f16", "7", at("a")), 3, "7");
        requireRefused(exporting("gguf-f16", "1", m_project + "/a"), 3, "own folder");
        requireRefused(exporting("gguf-f16", "1", "-"), 2, "--out PATH");
        requireRefused(exporting("gguf-f16", "1", at("nowhere") + "/a"), 3, "was not exported");
        requireRefused(exporting("jsonl", "1", at("a")), 2, "--round is of a model");
        requireRefused({"use", m_project, "--for", "vllm", "--format", "gguf-f16", "--out", at("a")}, 2,
                       "reads no gguf-f16");
        requireRefused({"use", m_project, "--for", "word", "--out", at("a")}, 2, "known: ollama");
        QDir().mkdir(at("there"));
        requireRefused(exporting("huggingface", "1", at("there")), 3, "was not exported");
    }

    void nothingStaysWhereTheDiskIsFull()
    {
        if (!QFileInfo::exists("/dev/full")) {
            QSKIP("there is no /dev/full here");
        }
        requireRefused({"export", m_project, "--format", "gguf-f16", "--round", "1", "--out", "/dev/full"}, 3,
                       "exists already");
    }
};

QTEST_GUILESS_MAIN(ModelCommandTest)
#include "tst_model_command.moc"
