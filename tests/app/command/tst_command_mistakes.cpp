// `stet` in the hands of somebody in a hurry: what would destroy something is refused, what is damaged is recovered,
// and every message names the thing and the next step.
#include "base/files.h"
#include "tests/support/paths.h"
#include "tests/support/patience.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

using namespace stet;

class CommandMistakesTest : public QObject {
    Q_OBJECT

    struct Outcome {
        int code = -1;
        QString out;
        QString err;
    };

    std::unique_ptr<QTemporaryDir> m_temporary;
    QString m_project;

    QString path(const char* name) const { return m_temporary->filePath(QString::fromLatin1(name)); }
    static QString model() { return QString::fromStdString(test::exampleDir() + "/model"); }

    static Outcome run(const QStringList& arguments, const QString& output = {})
    {
        QProcess process;
        if (!output.isEmpty()) {
            process.setStandardOutputFile(output);
        }
        process.start(QString::fromStdString(test::stetProgram()), arguments);
        if (!process.waitForFinished(test::kPatienceMs)) {
            process.kill();
            return {};
        }
        return {process.exitCode(), output.isEmpty() ? QString::fromUtf8(process.readAllStandardOutput()) : QString(),
                QString::fromUtf8(process.readAllStandardError())};
    }

    // Many responses, so that the database has many pages.
    QString manyLines(int count) const
    {
        std::string lines;
        for (int i = 0; i < count; ++i) {
            const std::string number = std::to_string(i);
            lines += "{\"id\": " + number + ", \"instruction\": \"Sort list " + number + "\", \"output\": \"" +
                std::string(600, 'a') + number + "\", \"judgment\": \"Wrong order in " + number + ".\"}\n";
        }
        publishFile(path("many.jsonl").toStdString(), lines);
        return path("many.jsonl");
    }

    void filledProject(int count) const
    {
        QCOMPARE(run({"new", m_project, "--model", model()}).code, 0);
        QCOMPARE(run({"import", m_project, manyLines(count)}).code, 0);
    }

    QString database() const { return m_project + QStringLiteral("/project.db"); }

private Q_SLOTS:
    void init()
    {
        m_temporary = std::make_unique<QTemporaryDir>();
        m_project = path("p.stet");
    }

    void anExportNeverTakesTheProjectsOrADevicesPlace()
    {
        filledProject(3);
        const auto before = readFile(database().toStdString(), 1U << 30U);
        for (const QString& out : {database(), m_project + QStringLiteral("/rounds/x.jsonl"), m_project,
                                   QStringLiteral("/dev/full"), path("many.jsonl") + QStringLiteral("/x")}) {
            const auto outcome = run({"export", m_project, "--format", "jsonl", "--out", out});
            QVERIFY2(outcome.code == 3, qPrintable(out));
            QVERIFY2(outcome.err.contains(out), qPrintable(outcome.err));
        }
        QCOMPARE(readFile(database().toStdString(), 1U << 30U), before);
        QVERIFY(!QFileInfo(QStringLiteral("/dev/full")).isFile());
        QCOMPARE(run({"export", m_project, "--format", "jsonl", "--out", ""}).code, 2);
        const auto shown = run({"export", m_project, "--format", "jsonl"});
        QCOMPARE(shown.code, 0);
        QCOMPARE(shown.out.count(QLatin1Char('\n')), 3);
        QCOMPARE(run({"export", m_project, "--format", "jsonl", "--out", "-"}).out, shown.out);
        QVERIFY(!QFile::exists(QStringLiteral("-")));
    }

    void aFoldersNameMayEndInASlash()
    {
        QCOMPARE(run({"new", m_project + QLatin1Char('/'), "--model", model() + QLatin1Char('/')}).code, 0);
        QCOMPARE(run({"import", m_project + QLatin1Char('/'), manyLines(1)}).code, 0);
        QCOMPARE(run({"recover", m_project + QLatin1Char('/'), "--out", path("q.stet/")}).code, 0);
        QCOMPARE(run({"check", path("q.stet")}).code, 0);
    }

    void aFullDiskBehindAPipeIsNoticed()
    {
        filledProject(3);
        const auto outcome = run({"list", m_project}, QStringLiteral("/dev/full"));
        QCOMPARE(outcome.code, 3);
        QVERIFY2(outcome.err.contains(QStringLiteral("disk is full")), qPrintable(outcome.err));
    }

    void aTruncatedProjectIsRecovered()
    {
        filledProject(400);
        QFile file(database());
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.resize(file.size() / 2 / 4096 * 4096));
        file.close();
        QCOMPARE(run({"check", m_project}).code, 3);
        const auto recovered = run({"recover", m_project, "--out", path("q.stet")});
        QVERIFY2(recovered.code == 0, qPrintable(recovered.err));
        QVERIFY2(recovered.out.contains(QStringLiteral("what stood there is lost")), qPrintable(recovered.out));
        QCOMPARE(run({"check", path("q.stet")}).code, 0);
        const int rescued = static_cast<int>(run({"list", path("q.stet")}).out.count(QLatin1Char('\n')));
        QVERIFY2(rescued > 20 && rescued < 400, qPrintable(QString::number(rescued)));
    }

    // One damaged page: the rows before and behind it are there.
    void whatLiesBehindADamagedPageIsRecovered()
    {
        filledProject(400);
        QFile file(database());
        QVERIFY(file.open(QIODevice::ReadWrite));
        QByteArray all = file.readAll();
        const auto at = all.indexOf("aaa200") / 4096 * 4096;
        QVERIFY(at > 0);
        all.replace(at, 4096, QByteArray(4096, '\x5a'));
        file.seek(0);
        file.write(all);
        file.close();
        QCOMPARE(run({"check", m_project}).code, 3);
        const auto recovered = run({"recover", m_project, "--out", path("q.stet")});
        QVERIFY2(recovered.code == 0, qPrintable(recovered.err));
        const QString listed = run({"list", path("q.stet")}).out;
        QVERIFY2(listed.count(QLatin1Char('\n')) > 380, qPrintable(recovered.out));
        QVERIFY(listed.contains(QStringLiteral("Sort list 0\"")));
        QVERIFY(listed.contains(QStringLiteral("Sort list 399\"")));
        QVERIFY(!listed.contains(QStringLiteral("Sort list 200\"")));
        QVERIFY(listed.indexOf(QStringLiteral("Sort list 150\"")) < listed.indexOf(QStringLiteral("Sort list 250\"")));
        QVERIFY(listed.contains(QStringLiteral("\"judgment\":\"Wrong order in 399.\"")));
    }

    void anEmptiedProjectIsRecoveredFromItsBackup()
    {
        filledProject(5);
        QVERIFY(QDir().mkpath(m_project + QStringLiteral("/backups")));
        QVERIFY(QFile::copy(database(), m_project + QStringLiteral("/backups/project-1.db")));
        QVERIFY(QFile(database()).resize(0));
        const auto recovered = run({"recover", m_project, "--out", path("q.stet")});
        QVERIFY2(recovered.code == 0, qPrintable(recovered.err));
        QVERIFY2(recovered.out.contains(QStringLiteral("project-1.db")), qPrintable(recovered.out));
        QCOMPARE(run({"list", path("q.stet")}).out.count(QLatin1Char('\n')), 5);
    }

    void aBackupIsRestored()
    {
        filledProject(5);
        const QString copy = m_project + QStringLiteral("/backups/project-1.db");
        QVERIFY(QFile::copy(database(), copy));
        QCOMPARE(run({"judge", m_project, "1", "--criticise", "Wrong order."}).code, 0);
        QCOMPARE(run({"restore", m_project, copy}).code, 0);
        QVERIFY(!run({"list", m_project}).out.contains(QStringLiteral("Wrong order.\"")));
        QCOMPARE(run({"restore", m_project, path("absent.db")}).code, 3);
        QCOMPARE(run({"list", m_project}).out.count(QLatin1Char('\n')), 5);
    }

    void nothingIsMadeWhereNothingCanBeRead()
    {
        filledProject(1);
        publishFile(database().toStdString(), "no database");
        const auto recovered = run({"recover", m_project, "--out", path("q.stet")});
        QCOMPARE(recovered.code, 3);
        QVERIFY2(recovered.err.contains(m_project), qPrintable(recovered.err));
        QVERIFY(!QFile::exists(path("q.stet")));
    }

    void theExamplesModelComesAlong()
    {
        QCOMPARE(run({"example", m_project}).code, 0);
        QCOMPARE(run({"recover", m_project, "--out", path("q.stet")}).code, 0);
        QVERIFY(QFile::exists(path("q.stet/model/config.json")));
        QVERIFY(QDir(m_project).removeRecursively());
        QCOMPARE(run({"check", path("q.stet")}).code, 0);
        QCOMPARE(run({"list", path("q.stet")}).out.count(QLatin1Char('\n')), 218);
    }

    void anImportSaysWhatItCouldNotUse()
    {
        QCOMPARE(run({"new", m_project, "--model", model()}).code, 0);
        publishFile(path("typo.jsonl").toStdString(),
                    "{\"id\": 1, \"instruction\": \"a\", \"output\": \"b\", \"judgmnt\": \"no\"}\n"
                    "{\"id\": 2, \"instruction\": \"c\", \"output\": \"d\", \"judgmnt\": \"no\"}\n");
        const auto once = run({"import", m_project, path("typo.jsonl")});
        QCOMPARE(once.code, 0);
        QCOMPARE(once.out.count(QStringLiteral("'judgmnt'")), 1);
        QVERIFY2(once.out.contains(QStringLiteral("1 findings")), qPrintable(once.out));
        const auto twice = run({"import", m_project, path("typo.jsonl")});
        QCOMPARE(twice.out.count(QStringLiteral("has this response already")), 2);
    }

    void anImportIsCheckedMendedAndTakenBack()
    {
        QCOMPARE(run({"new", m_project, "--model", model()}).code, 0);
        publishFile(path("judged.csv").toStdString(),
                    "instruction,output,judgment\nSay a.,a,$ERROR$\nSay b.,b,Perfect answer.\nSay c.,c,Too short.\n");
        const auto checked = run({"import", m_project, path("judged.csv"), "--check"});
        QCOMPARE(checked.code, 0);
        QVERIFY2(checked.out.contains(QStringLiteral("1 placeholder: --leave-out placeholder, --to-do placeholder")) &&
                     checked.out.contains(QStringLiteral("Nothing was imported")),
                 qPrintable(checked.out));
        QVERIFY(run({"list", m_project}).out.isEmpty());
        const auto wrong = run({"import", m_project, path("judged.csv"), "--accept", "placeholder"});
        QCOMPARE(wrong.code, 2);
        QVERIFY2(wrong.err.contains(QStringLiteral("can be done: leave-out, to-do")), qPrintable(wrong.err));
        const auto mended =
            run({"import", m_project, path("judged.csv"), "--leave-out", "placeholder", "--accept", "praise"});
        QVERIFY2(mended.out.contains(QStringLiteral("2 responses imported: 1 accepted, 1 criticised, 0 to do")) &&
                     mended.out.contains(QStringLiteral("1 rows left out, as asked")),
                 qPrintable(mended.out));
        QVERIFY(run({"imports", m_project}).out.contains(QStringLiteral("\"file\":\"judged.csv\"")));
        QCOMPARE(run({"judge", m_project, "2", "--criticise", "My words."}).code, 0);
        const auto undone = run({"undo-import", m_project});
        QCOMPARE(undone.code, 0);
        QVERIFY2(undone.out.contains(QStringLiteral("taken back: 1 responses")) &&
                     undone.out.contains(QStringLiteral("1 responses stay")),
                 qPrintable(undone.out));
        QCOMPARE(run({"list", m_project}).out.count(QLatin1Char('\n')), 1);
        QCOMPARE(run({"check", m_project}).code, 0);
    }

    void anExportSaysWhatItLeftOut()
    {
        QCOMPARE(run({"new", m_project, "--model", model()}).code, 0);
        publishFile(path("t.tsv").toStdString(), "frage\tantwort\nSay a.\ta\n");
        const auto unknown = run({"import", m_project, path("t.tsv")});
        QCOMPARE(unknown.code, 3);
        QVERIFY2(unknown.err.contains(QStringLiteral("--columns")), qPrintable(unknown.err));
        QCOMPARE(run({"import", m_project, path("t.tsv"), "--columns", "instruction=frage,output=antwort"}).code, 0);
        const auto exported = run({"export", m_project, "--format", "trl", "--out", path("o.jsonl")});
        QVERIFY2(exported.out.contains(QStringLiteral("1 were left out: trl has no place for them")),
                 qPrintable(exported.out));
    }

    void mistakesAreNamedWithTheNextStep_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("said");
        QTest::newRow("two verdicts") << QStringList{"judge", "P", "0", "--accept", "--skip"} << 2 << "one verdict";
        QTest::newRow("accepted and criticised")
            << QStringList{"judge", "P", "0", "--accept", "--criticise", "no"} << 2 << "one verdict";
        QTest::newRow("no such response") << QStringList{"judge", "P", "nobody", "--accept"} << 3 << "stet list";
        QTest::newRow("no round to compare") << QStringList{"compare", "P"} << 3 << "stet round";
        QTest::newRow("unknown option") << QStringList{"round", "P", "--presett", "stable"} << 2
                                        << "stet round has no option '--presett'";
        QTest::newRow("one word too many") << QStringList{"check", "P", "now"} << 2 << "does not take 'now'";
    }

    void mistakesAreNamedWithTheNextStep()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        QFETCH(QString, said);
        filledProject(1);
        arguments.replaceInStrings(QStringLiteral("P"), m_project);
        const auto outcome = run(arguments);
        QVERIFY2(outcome.code == code, qPrintable(outcome.err));
        QVERIFY2(outcome.err.contains(said), qPrintable(outcome.err));
        QVERIFY(run({"list", m_project, "--filter", "criticised"}).out.contains(QStringLiteral("\"id\":0")));
    }

    // Qt would end the program with a core dump.
    void withoutADisplayTheWindowSaysSo()
    {
        for (const QStringList& arguments : {QStringList(), QStringList{"--example"}, QStringList{"p.stet"}}) {
            QProcess process;
            auto environment = QProcessEnvironment::systemEnvironment();
            for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}) {
                environment.remove(QString::fromLatin1(name));
            }
            process.setProcessEnvironment(environment);
            process.start(QString::fromStdString(test::stetProgram()), arguments);
            QVERIFY(process.waitForFinished(test::kPatienceMs));
            QCOMPARE(process.exitStatus(), QProcess::NormalExit);
            QCOMPARE(process.exitCode(), 3);
            QVERIFY(process.readAllStandardError().contains("no display"));
        }
    }

    void aMistypedSubCommandIsNoProject()
    {
        const auto outcome = run({"chekc"});
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.err.contains(QStringLiteral("'chekc'")), qPrintable(outcome.err));
    }

    void aWorkerThatIsNotThereLeavesTheRoundToGoOn()
    {
        QCOMPARE(run({"new", m_project, "--model", model()}).code, 0);
        QCOMPARE(run({"import", m_project, manyLines(1)}).code, 0);
        qputenv("STET_TRAINER", "/nowhere/stet-trainer");
        const auto absent = run({"round", m_project});
        qunsetenv("STET_TRAINER");
        QCOMPARE(absent.code, 3);
        QVERIFY2(absent.err.contains(QStringLiteral("STET_TRAINER")), qPrintable(absent.err));
        const auto trained = run({"round", m_project});
        QVERIFY2(trained.code == 0, qPrintable(trained.err));
        QVERIFY2(trained.out.contains(QStringLiteral("Round 1 is trained")), qPrintable(trained.out));
    }

    // As the window takes it: a program and its arguments.
    void anotherWorkerMayHaveArguments()
    {
        QCOMPARE(run({"new", m_project, "--model", model()}).code, 0);
        QCOMPARE(run({"import", m_project, manyLines(1)}).code, 0);
        qputenv("STET_TRAINER", "env \"A=b c\" \"" + QByteArray::fromStdString(test::trainerProgram()) + "\"");
        const auto trained = run({"round", m_project});
        qunsetenv("STET_TRAINER");
        QVERIFY2(trained.code == 0, qPrintable(trained.err));
    }

    void aMissingOrChangedAdapterIsFound()
    {
        QCOMPARE(run({"new", m_project, "--model", model()}).code, 0);
        QCOMPARE(run({"import", m_project, manyLines(1)}).code, 0);
        const auto trained = run({"round", m_project});
        QVERIFY2(trained.code == 0, qPrintable(trained.err));
        QCOMPARE(run({"check", m_project}).code, 0);
        const QString weights = m_project + QStringLiteral("/rounds/0001/adapter/adapter_model.safetensors");
        QFile file(weights);
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.seek(file.size() - 4));
        QVERIFY(file.putChar('~'));
        file.close();
        const auto changed = run({"check", m_project});
        QCOMPARE(changed.code, 3);
        QVERIFY2(changed.out.contains(QStringLiteral("round 1: its adapter is not the one that was trained")),
                 qPrintable(changed.out));
        QVERIFY(QFile::remove(weights));
        const auto checked = run({"check", m_project});
        QCOMPARE(checked.code, 3);
        QVERIFY2(checked.out.contains(QStringLiteral("round 1: its adapter has no adapter_model.safetensors")),
                 qPrintable(checked.out));
    }

    // A round that is there, but whose worker could not train it.
    void anUnfinishedRoundIsNeitherComparedNorAdopted()
    {
        QCOMPARE(run({"new", m_project, "--model", model()}).code, 0);
        QCOMPARE(run({"import", m_project, manyLines(1)}).code, 0);
        const QString worker = path("worker");
        publishFile(worker.toStdString(), "#!/bin/sh\n[ \"$1\" = describe ]\n");
        QFile::setPermissions(worker, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        qputenv("STET_TRAINER", worker.toUtf8());
        const int trained = run({"round", m_project}).code;
        qunsetenv("STET_TRAINER");
        QCOMPARE(trained, 1);
        for (const char* command : {"compare", "adopt"}) {
            const auto outcome = run({command, m_project, "1"});
            QCOMPARE(outcome.code, 3);
            QVERIFY2(outcome.err.contains(QStringLiteral("not finished")), qPrintable(outcome.err));
            QVERIFY2(outcome.err.contains(QStringLiteral("stet round")), qPrintable(outcome.err));
        }
    }
};

QTEST_GUILESS_MAIN(CommandMistakesTest)
#include "tst_command_mistakes.moc"
