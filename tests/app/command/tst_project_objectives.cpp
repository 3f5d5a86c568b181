// A project's demonstrations and revisions train: a file is imported, and `stet round` runs every objective that learns
// from better answers on the example's model.
#include "annotate/store/project.h"
#include "base/files.h"
#include "base/json.h"
#include "tests/support/paths.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

using namespace stet;

class ProjectObjectivesTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_temporary;

    QString path(const char* name) const { return m_temporary->filePath(QString::fromLatin1(name)); }

    static QString run(const QStringList& arguments)
    {
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(QString::fromStdString(test::stetProgram()), arguments);
        process.waitForFinished(240'000);
        const QString said = QString::fromUtf8(process.readAll());
        return process.exitCode() == 0 ? said : QStringLiteral("failed: ") + said;
    }

    // A sentence and what an objective learns from.
    void importRows(const char* fields) const
    {
        std::string lines;
        for (int i = 1; i <= 12; ++i) {
            const QString rest = QString::fromUtf8(fields).arg(i);
            lines += QString::fromUtf8("{\"id\":%1,\"instruction\":\"How many g are %1 kg?\",").arg(i).toStdString() +
                rest.toStdString() + "}\n";
        }
        publishFile(path("in.jsonl").toStdString(), lines);
        const QString said = run({"import", path("p.stet"), path("in.jsonl")});
        QVERIFY2(said.contains(QStringLiteral("12 responses imported")), qPrintable(said));
    }

private Q_SLOTS:
    void init()
    {
        m_temporary = std::make_unique<QTemporaryDir>();
        run({"new", path("p.stet"), "--model", QString::fromStdString(test::exampleDir() + "/model")});
    }

    void anObjectiveTrainsFromAProject_data()
    {
        QTest::addColumn<QByteArray>("fields");
        const char* judged = "\"output\":\"Sure! %1 kg is %1000 g.\",\"judgment\":\"No "
                             "\\\"Sure!\\\".\",\"revision\":\"%1 kg is %1000 g.\"";
        QTest::newRow("ilf") << QByteArray(judged);
        QTest::newRow("dpo") << QByteArray(judged);
        QTest::newRow("unlikelihood") << QByteArray(judged);
        QTest::newRow("hindsight") << QByteArray(judged);
        QTest::newRow("forward-prediction") << QByteArray(judged);
        QTest::newRow("cut") << QByteArray(judged);
        QTest::newRow("sft") << QByteArray("\"demonstration\":\"%1 kg is %1000 g.\"");
    }

    void anObjectiveTrainsFromAProject()
    {
        QFETCH(QByteArray, fields);
        importRows(fields.constData());
        const std::string objective = QTest::currentDataTag();
        {
            const auto project = annotate::Project::open(path("p.stet").toStdString());
            project->setSetting("round", toLine({{"objective", objective}, {"epochs", 1}, {"batch_size", 4}}));
        }
        const QString said = run({"round", path("p.stet")});
        QVERIFY2(said.contains(QStringLiteral("Round 1 is trained: 3 steps")), qPrintable(said));
        const Json report = readJsonFile(path("p.stet/rounds/0001/report.json").toStdString());
        QCOMPARE(report.at("totals").at("examples").get<int>(), 12);
        const Json resolved = readJsonFile(path("p.stet/rounds/0001/resolved.json").toStdString());
        QVERIFY(toLine(resolved).find("\"" + objective + "\"") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(ProjectObjectivesTest)
#include "tst_project_objectives.moc"
