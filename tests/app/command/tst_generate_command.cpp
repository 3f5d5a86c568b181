// `stet generate` with the real worker: responses come into the queue, survive whatever ends the command, and are
// written once.
#include "annotate/store/project.h"
#include "base/files.h"
#include "base/json.h"
#include "tests/support/paths.h"
#include "tests/support/patience.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <set>

using namespace stet;

namespace {

struct Said {
    int code = -1;
    QString out;
    QString err;
};

}  // namespace

class GenerateCommandTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_temporary;
    QString m_project;

    QString path(const char* name) const { return m_temporary->filePath(QString::fromLatin1(name)); }
    static QString program() { return QString::fromStdString(test::stetProgram()); }

    static Said run(const QStringList& arguments)
    {
        QProcess process;
        process.start(program(), arguments);
        if (!process.waitForFinished(test::kPatienceMs)) {
            process.kill();
            process.waitForFinished();
            return {};
        }
        return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
                QString::fromUtf8(process.readAllStandardError())};
    }

    QString instructions(const char* name, int count, int from = 0) const
    {
        std::string lines;
        for (int i = from; i < from + count; ++i) {
            lines += "Add " + std::to_string(i) + " and " + std::to_string(2 * i + 1) + "\n";
        }
        publishFile(path(name).toStdString(), lines);
        return path(name);
    }

    static std::vector<Json> open(const QString& project)
    {
        std::vector<Json> lines;
        for (const auto& line : run({"list", project, "--filter", "open"}).out.split('\n', Qt::SkipEmptyParts)) {
            lines.push_back(Json::parse(line.toStdString()));
        }
        return lines;
    }

private Q_SLOTS:
    void init()
    {
        m_temporary = std::make_unique<QTemporaryDir>();
        m_project = path("p.stet");
        QCOMPARE(run({"new", m_project, "--model", QString::fromStdString(test::exampleDir() + "/model")}).code, 0);
    }

    void aFileOfInstructionsIsAnsweredIntoTheQueue()
    {
        const auto imported = run({"import", m_project, instructions("asked.txt", 50)});
        QVERIFY2(imported.out.contains("50 instructions imported into the set 'instructions'"),
                 qPrintable(imported.out));
        QVERIFY2(imported.out.contains("20 of what is asked are held out"), qPrintable(imported.out));
        const auto generated = run({"generate", m_project, "--fresh", "6", "--max-new-tokens", "24"});
        QVERIFY2(generated.code == 0, qPrintable(generated.err));
        QCOMPARE(generated.out, QStringLiteral("6 responses by the base model wait to be judged\n"));
        const auto lines = open(m_project);
        QCOMPARE(lines.size(), std::size_t(6));
        QVERIFY(!lines.front().at("output").get<std::string>().empty());
        const auto again = run({"generate", m_project, "--fresh", "6", "--max-new-tokens", "24"});
        QCOMPARE(again.code, 0);
        QCOMPARE(again.out, QStringLiteral("All 6 responses are there already; nothing was written\n"));
        QVERIFY(run({"sets", m_project}).out.contains("{\"set\":\"instructions\",\"instructions\":30,\"fresh\":24}"));
    }

    void aFileNamedBesideTheProjectIsASetOfItsName()
    {
        run({"import", m_project, instructions("asked.txt", 3)});
        const auto generated =
            run({"generate", m_project, "--file", instructions("more.txt", 2, 10), "--max-new-tokens", "8"});
        QVERIFY2(generated.code == 0, qPrintable(generated.err));
        QCOMPARE(open(m_project).size(), std::size_t(2));
        QVERIFY(run({"sets", m_project}).out.contains("\"set\":\"more\""));
    }

    void severalSampledResponsesDifferAndAreTheSameForTheSameSeeds()
    {
        run({"import", m_project, instructions("asked.txt", 2)});
        const QStringList sampled = {"generate", m_project, "--samples",        "3", "--temperature", "1.5",
                                     "--seed",   "9",       "--max-new-tokens", "24"};
        QCOMPARE(run(sampled).code, 0);
        const auto first = open(m_project);
        QCOMPARE(first.size(), std::size_t(6));
        std::set<std::string> outputs;
        for (const auto& line : first) {
            outputs.insert(line.at("output").get<std::string>());
        }
        QVERIFY(outputs.size() > 2);
        const QString other = path("q.stet");
        run({"new", other, "--model", QString::fromStdString(test::exampleDir() + "/model")});
        run({"import", other, path("asked.txt")});
        QStringList there = sampled;
        there[1] = other;
        QCOMPARE(run(there).code, 0);
        QCOMPARE(open(other), first);
    }

    void whateverEndsItNothingIsLostAndNothingIsWrittenTwice_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("killed") << SIGKILL;
        QTest::newRow("ended") << SIGTERM;
        QTest::newRow("its terminal closes") << SIGHUP;
    }

    void whateverEndsItNothingIsLostAndNothingIsWrittenTwice()
    {
        QFETCH(int, signal);
        constexpr int kAsked = 80;
        run({"import", m_project, instructions("asked.txt", kAsked), "--hold-out", "none"});
        const QStringList wish = {"generate",         m_project, "--temperature", "2",
                                  "--max-new-tokens", "60",      "--batch",       "1"};
        QProcess process;
        process.start(program(), wish);
        // It has the project for itself by the time its worker speaks; a list before would take it.
        process.setReadChannel(QProcess::StandardError);
        QVERIFY(process.waitForReadyRead(test::kPatienceMs));
        QTRY_VERIFY_WITH_TIMEOUT(!open(m_project).empty(), test::kPatienceMs);
        ::kill(static_cast<pid_t>(process.processId()), signal);
        QVERIFY(process.waitForFinished(test::kPatienceMs));
        if (signal == SIGKILL) {
            QCOMPARE(process.exitStatus(), QProcess::CrashExit);
        } else {
            QCOMPARE(process.exitCode(), static_cast<int>(FailureKind::Interrupted));
            QVERIFY(process.readAllStandardError().contains("responses are written; run the same command to go on"));
        }
        const auto before = open(m_project);
        QVERIFY2(!before.empty() && before.size() < kAsked, "it was interrupted in the midst of it");
        const auto rest = run(wish);
        QVERIFY2(rest.code == 0, qPrintable(rest.err));
        QVERIFY2(rest.out.contains(QString("; %1 were there already").arg(before.size())), qPrintable(rest.out));
        const auto after = open(m_project);
        QCOMPARE(after.size(), std::size_t(kAsked));
        std::set<std::string> asked;
        for (const auto& line : after) {
            asked.insert(line.at("instruction").get<std::string>());
        }
        QCOMPARE(asked.size(), std::size_t(kAsked));
        QVERIFY(std::equal(before.begin(), before.end(), after.begin()));
        QCOMPARE(run({"check", m_project}).code, 0);
    }

    void whatCannotBeIsSaidWithTheNextStep_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("words");
        QTest::newRow("several greedy") << QStringList{"--samples", "2"} << 2 << "temperature above 0";
        QTest::newRow("held out") << QStringList{"--set", "heldout"} << 2 << "compared on the set 'heldout'";
        QTest::newRow("no such set") << QStringList{"--set", "x"} << 2 << "There is no set 'x'";
        QTest::newRow("no such round") << QStringList{"--round", "3"} << 3 << "no round 3";
        QTest::newRow("no round") << QStringList{"--round", "last"} << 2 << "'last' is no round";
        QTest::newRow("no file") << QStringList{"--file", "/no/such.txt"} << 3 << "there is no such file";
    }

    void whatCannotBeIsSaidWithTheNextStep()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        QFETCH(QString, words);
        run({"import", m_project, instructions("asked.txt", 2)});
        const auto said = run(QStringList{"generate", m_project} + arguments);
        QCOMPARE(said.code, code);
        QVERIFY2(said.err.contains(words), qPrintable(said.err));
        QVERIFY(open(m_project).empty());
    }

    void aPromptThatDoesNotFitIsNamedAndTheOthersAreKept()
    {
        run({"import", m_project, instructions("asked.txt", 2)});
        publishFile(path("long.txt").toStdString(), std::string(20000, 'x') + "\n");
        const auto said = run({"generate", m_project, "--file", path("long.txt")});
        QCOMPARE(said.code, 3);
        QVERIFY2(said.err.contains("0 of 1 responses are written; see above"), qPrintable(said.err));
        QCOMPARE(run({"generate", m_project, "--set", "instructions", "--max-new-tokens", "8"}).code, 0);
    }
};

QTEST_GUILESS_MAIN(GenerateCommandTest)
#include "tst_generate_command.moc"
