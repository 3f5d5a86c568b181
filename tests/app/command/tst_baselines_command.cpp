// stet baselines with the real worker: one table of the same judgments through several objectives, apart from the
// project's rounds; interrupted, it goes on.
#include "annotate/store/project.h"
#include "base/files.h"
#include "base/json.h"
#include "tests/support/paths.h"
#include "tests/support/patience.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <filesystem>
#include <map>

using namespace stet;

class BaselinesCommandTest : public QObject {
    Q_OBJECT

    struct Outcome {
        int code = -1;
        QString out;
        QString err;
    };

    std::unique_ptr<QTemporaryDir> m_temporary;

    QString project() const { return m_temporary->filePath(QStringLiteral("p.stet")); }
    bool has(const char* path) const { return std::filesystem::exists(project().toStdString() + "/baselines/" + path); }

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

    static std::map<std::string, Json> rowsOf(const QString& lines)
    {
        std::map<std::string, Json> rows;
        for (const QString& line : lines.split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
            const Json row = Json::parse(line.toStdString());
            rows[row.at("objective")] = row;
        }
        return rows;
    }

private Q_SLOTS:
    void init()
    {
        m_temporary = std::make_unique<QTemporaryDir>();
        QCOMPARE(run({"new", project(), "--model", QString::fromStdString(test::exampleDir() + "/model")}).code, 0);
        std::string lines;
        for (int i = 1; i <= 16; ++i) {
            const std::string n = std::to_string(i);
            lines += "{\"id\": " + n + ", \"instruction\": \"How many g are " + n + " kg?\", \"output\": \"" +
                (i % 4 == 0 ? "" : "Sure! ") + n + " kg = " + n +
                "000 g.\", \"judgment\": " + (i % 4 == 0 ? "null" : "\"Do not start with Sure!.\"") + "}\n";
        }
        const QString data = m_temporary->filePath(QStringLiteral("in.jsonl"));
        publishFile(data.toStdString(), lines);
        QCOMPARE(run({"import", project(), data}).code, 0);
        const QString heldOut = m_temporary->filePath(QStringLiteral("heldout.jsonl"));
        publishFile(heldOut.toStdString(),
                    "{\"instruction\": \"How many ml are 2 l?\"}\n{\"instruction\": \"How many ml are 7 l?\"}\n");
        QCOMPARE(run({"import", project(), heldOut, "--set", "heldout"}).code, 0);
    }

    void oneTableOfTheSameJudgmentsThroughSeveralObjectives()
    {
        const QStringList command = {"baselines", project(), "--objectives", "sft,ilf,unlikelihood"};
        const auto made = run(command + QStringList{"--json"});
        QVERIFY2(made.code == 0, qPrintable(made.err));
        QVERIFY2(made.err.contains(QStringLiteral("ilf is impossible: No response has a revision")),
                 qPrintable(made.err));
        const auto rows = rowsOf(made.out);
        for (const char* objective : {"cut", "sft", "unlikelihood"}) {
            const Json& row = rows.at(objective);
            QCOMPARE(row.at("state").get<std::string>(), std::string("done"));
            QCOMPARE(row.at("steps").get<int>(), rows.at("cut").at("steps").get<int>());
            QVERIFY(row.at("criticised_flagged_logp").at("before").is_number());
            QCOMPARE(row.at("praised_logp").at("before").get<double>(),
                     rows.at("cut").at("praised_logp").at("before").get<double>());
            QVERIFY(row.at("changed").is_number());
        }
        // What each is about shows: imitation raises what is accepted; unlikelihood of every word of the criticised,
        // the article's ablation that does not converge, takes it along.
        const Json& sft = rows.at("sft").at("praised_logp");
        QVERIFY(sft.at("after").get<double>() > sft.at("before").get<double>());
        const Json& unlikelihood = rows.at("unlikelihood").at("praised_logp");
        QVERIFY(unlikelihood.at("after").get<double>() < unlikelihood.at("before").get<double>());
        QCOMPARE(rows.at("ilf").at("state").get<std::string>(), std::string("impossible"));
        QCOMPARE(rows.at("dpo").at("state").get<std::string>(), std::string("impossible"));
        QCOMPARE(rows.at("hindsight").at("state").get<std::string>(), std::string("waiting"));
        const auto project = annotate::Project::open(this->project().toStdString());
        QVERIFY(project->rounds().empty());
        QCOMPARE(project->currentRound(), 0);
    }

    void whatIsDoneIsNotDoneAgain()
    {
        const QStringList command = {"baselines", project(), "--objectives", "sft"};
        QCOMPARE(run(command).code, 0);
        const auto again = run(command);
        QCOMPARE(again.code, 0);
        QVERIFY2(!again.err.contains(QStringLiteral("training")), qPrintable(again.err));
        const QStringList lines = again.out.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 3);
        QVERIFY(lines.at(0).startsWith(QStringLiteral("objective")));
        QVERIFY(lines.at(1).startsWith(QStringLiteral("cut")));
        QVERIFY2(lines.at(2).startsWith(QStringLiteral("sft")) && lines.at(2).contains(QStringLiteral(" -> ")),
                 qPrintable(lines.at(2)));
        const auto other = run(command + QStringList{"--preset", "cut-code"});
        QCOMPARE(other.code, 2);
        QVERIFY2(other.err.contains(QStringLiteral("--anew")), qPrintable(other.err));
    }

    void interruptedItGoesOnWhereItWas()
    {
        const QStringList command = {"baselines", project(), "--objectives", "sft"};
        QProcess process;
        process.start(QString::fromStdString(test::stetProgram()), command);
        QString said;
        process.setReadChannel(QProcess::StandardError);
        const auto trainsSft = [&] {
            return said.section(QStringLiteral("sft (2 of 2): training"), 1).contains(QStringLiteral("training …"));
        };
        while (!trainsSft() && process.waitForReadyRead(test::kPatienceMs)) {
            said += QString::fromUtf8(process.readAllStandardError());
        }
        ::kill(static_cast<pid_t>(process.processId()), SIGTERM);
        QVERIFY(process.waitForFinished(test::kPatienceMs));
        said += QString::fromUtf8(process.readAllStandardError());
        QVERIFY2(process.exitCode() == 6, qPrintable(said));
        QVERIFY2(said.contains(QStringLiteral("What is done is kept")), qPrintable(said));
        QVERIFY(has("cut/adapter"));
        QVERIFY(!has("sft/adapter"));
        const auto rest = run(command);
        QCOMPARE(rest.code, 0);
        QVERIFY2(!rest.err.contains(QStringLiteral("cut (1 of 2)")), qPrintable(rest.err));
        QVERIFY(has("sft/adapter"));
    }
};

QTEST_GUILESS_MAIN(BaselinesCommandTest)
#include "tst_baselines_command.moc"
