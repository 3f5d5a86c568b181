// `stet` without a window, as scripts use it: the real program's exit codes, its data on standard output, its messages
// on standard error.
#include "annotate/store/project.h"
#include "base/files.h"
#include "base/json.h"
#include "tests/support/paths.h"
#include "tests/support/patience.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>

using namespace stet;

namespace {

struct Outcome {
    int code = -1;
    QString out;
    QString err;
};

}  // namespace

class CommandTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_temporary;
    QString m_project;

    QString path(const char* name) const { return m_temporary->filePath(QString::fromLatin1(name)); }

    static QProcessEnvironment environment()
    {
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("DISPLAY"), QString());  // none is needed
        environment.remove(QStringLiteral("QT_QPA_PLATFORM"));
        return environment;
    }

    static QString program() { return QString::fromStdString(test::stetProgram()); }

    // The only child of a process; 0: none.
    static qint64 childOf(qint64 process)
    {
        QFile children(QStringLiteral("/proc/%1/task/%1/children").arg(process));
        return children.open(QIODevice::ReadOnly) ? children.readAll().trimmed().toLongLong() : 0;
    }

    Outcome run(const QStringList& arguments) const
    {
        QProcess process;
        process.setProcessEnvironment(environment());
        process.start(program(), arguments);
        if (!process.waitForFinished(test::kPatienceMs)) {
            process.kill();
            return {};
        }
        return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
                QString::fromUtf8(process.readAllStandardError())};
    }

    QString file(const char* name, const std::string& content) const
    {
        publishFile(path(name).toStdString(), content);
        return path(name);
    }

    QString judged() const
    {
        return file("judged.jsonl",
                    "{\"id\": 1, \"instruction\": \"How many ml are 2 l?\", \"output\": \"Sure! 2 l are 2000 ml.\", "
                    "\"judgment\": \"Do not start with Sure!.\"}\n"
                    "{\"id\": 2, \"instruction\": \"How many g are 3 kg?\", \"output\": \"3 kg = 3000 g.\", "
                    "\"judgment\": null}\n"
                    "{\"id\": \"x\", \"instruction\": \"Plural of cup?\", \"output\": \"cups.\"}\n");
    }

    QString manyJudged(int count) const
    {
        std::string lines;
        for (int i = 0; i < count; ++i) {
            const std::string n = std::to_string(i + 1);
            lines += "{\"id\": " + n + ", \"instruction\": \"How many g are " + n + " kg?\", \"output\": \"Sure! " + n +
                " kg = " + n + "000 g.\", \"judgment\": \"Do not start with Sure!.\"}\n";
        }
        return file("many.jsonl", lines);
    }

    QString model() const { return QString::fromStdString(test::exampleDir() + "/model"); }

private Q_SLOTS:
    void init()
    {
        m_temporary = std::make_unique<QTemporaryDir>();
        m_project = path("p.stet");
    }

    void aProjectIsMadeFilledListedAndExported()
    {
        QCOMPARE(run({"new", m_project, "--model", model()}).code, 0);
        const auto imported = run({"import", m_project, judged()});
        QCOMPARE(imported.code, 0);
        QVERIFY(imported.out.contains(QStringLiteral("3 responses imported: 1 accepted, 1 criticised, 1 to do")));
        QVERIFY(imported.err.isEmpty());
        const auto listed = run({"list", m_project});
        QCOMPARE(listed.out.count(QLatin1Char('\n')), 3);
        for (const QString& line : listed.out.split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
            QVERIFY(Json::accept(line.toStdString()));
        }
        QCOMPARE(run({"list", m_project, "--filter", "open"}).out.count(QLatin1Char('\n')), 1);
        QCOMPARE(run({"export", m_project, "--format", "cut", "--out", path("out.json")}).code, 0);
        const Json exported = readJsonFile(path("out.json").toStdString());
        QCOMPARE(exported.size(), std::size_t{2});
        QCOMPARE(run({"check", m_project}).code, 0);
    }

    void aResponseIsJudgedByItsId()
    {
        run({"new", m_project, "--model", model()});
        run({"import", m_project, judged()});
        QCOMPARE(run({"judge", m_project, "x", "--criticise", "Wrong."}).code, 0);
        QCOMPARE(run({"judge", m_project, "1", "--accept"}).code, 0);
        const auto listed = run({"list", m_project, "--filter", "criticised"});
        QCOMPARE(listed.out.count(QLatin1Char('\n')), 1);
        QVERIFY(listed.out.contains(QStringLiteral("\"judgment\":\"Wrong.\"")));
        QCOMPARE(run({"judge", m_project, "nobody", "--accept"}).code, 3);
        QCOMPARE(run({"judge", m_project, "x"}).code, 2);  // neither verdict nor words
    }

    void settingsOfRoundsAreChosenAndCheckedByTheWorker()
    {
        run({"new", m_project, "--model", model()});
        QVERIFY(run({"settings", m_project, "epochs=3"}).out.contains(QStringLiteral("\"epochs\": 3")));
        run({"import", m_project, judged()});
        const auto chosen = run({"settings", m_project, "preset=ftpo", "optimizer.lr=3e-4", "epochs="});
        QVERIFY2(chosen.code == 0, qPrintable(chosen.err));
        const Json used = Json::parse(chosen.out.toStdString());
        QVERIFY2(used.at("optimizer").at("lr") == 3e-4 && used.at("objective") == "ftpo", qPrintable(chosen.out));
        QVERIFY(used.at("epochs").get<int>() > 3);  // the preset's, for so few examples
        // What can't be is said by the worker, and nothing of it stays.
        const auto wrong = run({"settings", m_project, "preset=stable", "epochs=0"});
        QCOMPARE(wrong.code, 3);
        QVERIFY2(wrong.err.contains(QStringLiteral("epochs")) &&
                     wrong.err.contains(QStringLiteral("stay as they were")),
                 qPrintable(wrong.err));
        QCOMPARE(run({"settings", m_project, "rate=1"}).code, 2);
        QCOMPARE(run({"settings", m_project, "epochs"}).code, 2);
        QVERIFY(run({"settings", m_project}).out == chosen.out);
    }

    void whatJudgmentsQuoteIsMarked()
    {
        run({"new", m_project, "--model", model()});
        run({"import", m_project, judged()});
        run({"judge", m_project, "x", "--criticise", "\"cups\" is no sentence."});
        for (const char* said :
             {"1 places marked in 1 of 2 criticised responses\n", "0 places marked in 0 of 2 criticised responses\n"}) {
            const auto marked = run({"mark-quoted", m_project});
            QCOMPARE(marked.code, 0);
            QCOMPARE(marked.out, QString::fromLatin1(said));
        }
        const auto project = annotate::Project::open(m_project.toStdString());
        const auto item = *project->item(*project->findExternal("\"x\""));
        QCOMPARE(item.marks, (std::vector<annotate::Mark>{{0, 4, annotate::MarkKind::Flag}}));
    }

    void aCorrectionIsGivenWithTheVerdictAndComesOutAgain()
    {
        run({"new", m_project, "--model", model()});
        run({"import", m_project, judged()});
        const auto given = run({"judge", m_project, "x", "--criticise", "Wrong.", "--revision", "Right — 对."});
        QCOMPARE(given.code, 0);
        QVERIFY(given.out.contains(QStringLiteral("criticised, corrected")));
        QVERIFY(run({"list", m_project}).out.contains(QStringLiteral("\"revision\":\"Right — 对.\"")));
        QVERIFY(run({"export", m_project, "--format", "jsonl"}).out.contains(QStringLiteral("Right — 对.")));
        QCOMPARE(run({"judge", m_project, "x", "--criticise", "Wrong."}).code, 0);  // nothing is said of it
        QVERIFY(run({"list", m_project}).out.contains(QStringLiteral("revision")));
        QCOMPARE(run({"judge", m_project, "x", "--criticise", "Wrong.", "--revision", ""}).code, 0);
        QVERIFY(!run({"list", m_project}).out.contains(QStringLiteral("revision")));
        QCOMPARE(run({"judge", m_project, "x", "--skip", "--revision", "Right."}).code, 2);
        QCOMPARE(run({"judge", m_project, "x", "--revision", "Right."}).code, 2);  // no verdict
        QCOMPARE(run({"check", m_project}).code, 0);
    }

    // Few steps on one response (one criticised keeps no accepted one): what a round does to the model, and the
    // example, are tests/whole_loop's.
    void aRoundIsTrainedComparedAndAdopted()
    {
        QCOMPARE(run({"new", m_project, "--model", model()}).code, 0);
        QCOMPARE(run({"import", m_project, judged()}).code, 0);
        const auto trained = run({"round", m_project});
        QVERIFY2(trained.code == 0, qPrintable(trained.err));
        QVERIFY2(QRegularExpression("^Round 1 is trained: [1-9]\\d* steps on 1 criticised and 0 accepted responses")
                     .match(trained.out)
                     .hasMatch(),
                 qPrintable(trained.out));
        QVERIFY(QFile::exists(m_project + QStringLiteral("/rounds/0001/adapter/adapter_model.safetensors")));
        const auto compared = run({"compare", m_project});
        QVERIFY2(compared.code == 0, qPrintable(compared.err));
        QVERIFY(Json::parse(compared.out.toStdString()).contains("criticised_flagged_logp"));
        const auto adopted = run({"adopt", m_project, "1"});
        QCOMPARE(adopted.code, 0);
        QVERIFY(adopted.out.contains(QStringLiteral("round 1")));
        QCOMPARE(run({"adopt", m_project, "base"}).code, 0);
        QCOMPARE(run({"adopt", m_project, "7"}).code, 3);
    }

    // A new project's own contrast, and where the preset repeats what was published, that one's.
    void aPresetTrainsAsItIsDefined_data()
    {
        QTest::addColumn<QString>("preset");
        QTest::addColumn<QString>("contrast");
        QTest::newRow("stable") << "stable"
                                << "D6";
        QTest::newRow("ftpo") << "ftpo"
                              << "D6";
        QTest::newRow("released code") << "cut-code"
                                       << "D1";
        QTest::newRow("article") << "cut-paper"
                                 << "D2";
    }

    void aPresetTrainsAsItIsDefined()
    {
        QFETCH(QString, preset);
        QFETCH(QString, contrast);
        run({"new", m_project, "--model", model()});
        run({"import", m_project, manyJudged(10)});
        const auto trained = run({"round", m_project, "--preset", preset});
        QVERIFY2(trained.code == 0, qPrintable(trained.err));
        const Json resolved = readJsonFile(m_project.toStdString() + "/rounds/0001/resolved.json");
        QCOMPARE(QString::fromStdString(resolved.at("preset").get<std::string>()), preset);
        QCOMPARE(QString::fromStdString(resolved.at("contrast").get<std::string>()), contrast);
        QVERIFY(QDir::isAbsolutePath(QString::fromStdString(resolved.at("model").get<std::string>())));
    }

    // However the command or its worker ends, the round is taken up again and no second one is made.
    void aRoundThatWasInterruptedGoesOn_data()
    {
        QTest::addColumn<bool>("worker");  // else the command itself
        QTest::addColumn<int>("signal");
        QTest::newRow("the command is ended") << false << SIGTERM;
        QTest::newRow("its terminal closes") << false << SIGHUP;
        QTest::newRow("the command is killed") << false << SIGKILL;
        QTest::newRow("the worker is killed") << true << SIGKILL;
    }

    void aRoundThatWasInterruptedGoesOn()
    {
        QFETCH(bool, worker);
        QFETCH(int, signal);
        QCOMPARE(run({"example", m_project}).code, 0);
        QProcess command;
        command.setProcessEnvironment(environment());
        command.setProcessChannelMode(QProcess::SeparateChannels);
        command.start(program(), {"round", m_project});
        const QString log = m_project + QStringLiteral("/rounds/0001/log.jsonl");
        QTRY_VERIFY_WITH_TIMEOUT(QFileInfo(log).size() > 0, test::kPatienceMs);
        const auto victim = worker ? childOf(command.processId()) : command.processId();
        QVERIFY(victim > 0);
        ::kill(static_cast<pid_t>(victim), signal);
        QVERIFY(command.waitForFinished(test::kPatienceMs));
        if (signal != SIGKILL || worker) {
            QCOMPARE(command.exitCode(), 6);
        }
        // A worker whose command was killed ends by itself, with its checkpoint.
        int code = -1;
        QTRY_VERIFY_WITH_TIMEOUT(code == 0 || (code = run({"round", m_project}).code) == 0, test::kPatienceMs);
        QVERIFY(!QFile::exists(m_project + QStringLiteral("/rounds/0002")));
        QCOMPARE(run({"adopt", m_project, "1"}).code, 0);
    }

    void anotherPresetThanThatOfTheUnfinishedRoundIsRefused()
    {
        QCOMPARE(run({"example", m_project}).code, 0);
        {
            const auto project = annotate::Project::open(m_project.toStdString());
            project->writeRoundInput(project->addRound(0, "stable"));
        }
        const auto refused = run({"round", m_project, "--preset", "cut-code"});
        QCOMPARE(refused.code, 2);
        QVERIFY2(refused.err.contains(QStringLiteral("its preset is stable")), qPrintable(refused.err));
    }

    void aModelThatCannotBeUsedMakesNoProjectAndNoRound()
    {
        const QString folder = path("odd");
        QVERIFY(QDir().mkpath(folder));
        publishFile((folder + "/config.json").toStdString(), R"({"architectures": ["GPT2LMHeadModel"]})");
        const auto refused = run({"new", m_project, "--model", folder});
        QCOMPARE(refused.code, 4);
        QVERIFY2(refused.err.contains(QStringLiteral("GPT2LMHeadModel")), qPrintable(refused.err));
        QVERIFY(!QFile::exists(m_project));
        QCOMPARE(run({"new", m_project, "--model", model()}).code, 0);
        QCOMPARE(run({"import", m_project, judged()}).code, 0);
        annotate::Project::open(m_project.toStdString())->setSetting("model", folder.toStdString());
        QCOMPARE(run({"round", m_project}).code, 4);
        QVERIFY(QDir(m_project + QStringLiteral("/rounds")).isEmpty());
    }

    void anIdOfTwoResponsesIsNotGuessed()
    {
        run({"new", m_project, "--model", model()});
        run({"import", m_project, judged()});
        run({"import", m_project, judged()});
        const auto refused = run({"judge", m_project, "x", "--accept"});
        QCOMPARE(refused.code, 3);
        QVERIFY2(refused.err.contains(QStringLiteral("2 responses")), qPrintable(refused.err));
    }

    void whatIsWrongIsNamedWithItsExitCode_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("said");
        QTest::newRow("no model folder") << QStringList{"new", "NEW", "--model", "/nowhere"} << 3 << "/nowhere";
        QTest::newRow("a name without .stet") << QStringList{"new", "NEW-x", "--model", "MODEL"} << 2 << ".stet";
        QTest::newRow("a project that is there") << QStringList{"new", "P", "--model", "MODEL"} << 3 << "exists";
        QTest::newRow("no project") << QStringList{"list", "/nowhere.stet"} << 3 << "/nowhere.stet";
        QTest::newRow("no such file") << QStringList{"import", "P", "/nowhere.json"} << 3 << "/nowhere.json";
        QTest::newRow("broken JSON") << QStringList{"import", "P", "BROKEN"} << 3 << "line 2";
        QTest::newRow("unknown format") << QStringList{"import", "P", "GOOD", "--format", "docx"} << 2 << "docx";
        QTest::newRow("unknown filter") << QStringList{"list", "P", "--filter", "nice"} << 2 << "nice";
        QTest::newRow("unknown preset") << QStringList{"round", "P", "--preset", "fast"} << 2 << "fast";
        QTest::newRow("nothing to train on") << QStringList{"round", "P"} << 3 << "judge some first";
        QTest::newRow("no such round") << QStringList{"compare", "P", "4"} << 3 << "round 4";
        QTest::newRow("a round that is no number") << QStringList{"compare", "P", "last"} << 2 << "last";
        QTest::newRow("unknown option") << QStringList{"list", "P", "--colour"} << 2 << "--colour";
        QTest::newRow("a place that can't be written")
            << QStringList{"export", "P", "--format", "jsonl", "--out", "/proc/x/y"} << 3 << "/proc/x/y";
    }

    void whatIsWrongIsNamedWithItsExitCode()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        QFETCH(QString, said);
        run({"new", m_project, "--model", model()});
        const std::map<QString, QString> places = {
            {"P", m_project},
            {"NEW", path("new.stet")},
            {"NEW-x", path("new")},
            {"MODEL", model()},
            {"GOOD", judged()},
            {"BROKEN", file("broken.jsonl", "{\"id\": 1, \"instruction\": \"a\", \"output\": \"b\"}\n{\"id\": 2,\n")}};
        for (QString& argument : arguments) {
            if (const auto place = places.find(argument); place != places.end()) {
                argument = place->second;
            }
        }
        const auto outcome = run(arguments);
        QVERIFY2(outcome.code == code, qPrintable(QStringLiteral("%1: %2").arg(outcome.code).arg(outcome.err)));
        QVERIFY2(outcome.err.contains(said), qPrintable(outcome.err));
        QVERIFY2(outcome.out.isEmpty(), qPrintable(outcome.out));
        QVERIFY(!QDir(path("new.stet")).exists());
        QCOMPARE(run({"list", m_project}).out, QString());
        QVERIFY(QDir(m_project + QStringLiteral("/rounds")).isEmpty());
    }

    void aDamagedProjectIsCheckedAndRecovered()
    {
        run({"new", m_project, "--model", model()});
        run({"import", m_project, judged()});
        QFile database(m_project + QStringLiteral("/project.db"));
        QVERIFY(database.open(QIODevice::ReadWrite));
        QByteArray all = database.readAll();
        QVERIFY(all.contains("2 l are 2000 ml"));
        all.replace("2 l are 2000 ml", "2 l are 3000 ml");
        database.seek(0);
        database.write(all);
        database.close();
        const auto checked = run({"check", m_project});
        QCOMPARE(checked.code, 3);
        QVERIFY2(checked.err.contains(QStringLiteral("stet recover")), qPrintable(checked.err));
        QCOMPARE(run({"recover", m_project, "--out", path("q.stet")}).code, 0);
        QCOMPARE(run({"check", path("q.stet")}).code, 0);
        QCOMPARE(run({"list", path("q.stet")}).out.count(QLatin1Char('\n')), 3);
    }

    void versionAndHelpGoToStandardOutput()
    {
        const auto version = run({"--version"});
        QCOMPARE(version.code, 0);
        QVERIFY(version.out.startsWith(QStringLiteral("stet ")));
        QVERIFY(run({"--help"}).out.contains(QStringLiteral("export")));
    }
};

QTEST_GUILESS_MAIN(CommandTest)
#include "tst_command.moc"
