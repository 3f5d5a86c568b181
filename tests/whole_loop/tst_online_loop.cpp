// The online loop, on the bundled example and with the real programs: fresh instructions, answered by the adopted
// round, judged by the programmatic judge, trained on, compared, adopted, and again. Two rounds; STET_ROUNDS=5 for the
// article's number.
#include "base/files.h"
#include "base/json.h"
#include "base/json_lines.h"
#include "tests/support/paths.h"
#include "tests/support/patience.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

using namespace stet;

namespace {

constexpr int kMinutes = 60'000;
constexpr int kFresh = 40;  // instructions a round

struct Ended {
    int code = -1;
    QByteArray out;
    QByteArray err;
};

Ended runProgram(const QString& program, const QStringList& arguments)
{
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("PYTHONDONTWRITEBYTECODE"), QStringLiteral("1"));
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(QString::fromStdString(test::sourceDir()));
    process.start(program, arguments);
    if (!process.waitForFinished(5 * kMinutes)) {
        process.kill();
        process.waitForFinished(test::kPatienceMs);
        return {-1, process.readAllStandardOutput(), "did not end in time"};
    }
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(),
            process.readAllStandardError()};
}

std::vector<Json> linesOf(const std::string& path)
{
    std::vector<Json> lines;
    JsonLinesReader reader(path);
    for (auto line = reader.next(); line; line = reader.next()) {
        lines.push_back(*line);
    }
    return lines;
}

}  // namespace

class OnlineLoop : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_project = m_folder.filePath(QStringLiteral("ledger.stet"));

    QString path(const QString& name) const { return m_folder.filePath(name); }
    static Ended stet(const QStringList& arguments)
    {
        return runProgram(QString::fromStdString(test::stetProgram()), arguments);
    }
    static void study(const QStringList& arguments)
    {
        const auto ended = runProgram(QStringLiteral("python3"),
                                      QStringList{QStringLiteral("-m"), QStringLiteral("study")} + arguments);
        QVERIFY2(ended.code == 0, ended.err);
    }
    std::vector<Json> list(const QString& filter) const
    {
        const QString file = path(QStringLiteral("list.jsonl"));
        publishFile(file.toStdString(),
                    stet({QStringLiteral("list"), m_project, QStringLiteral("--filter"), filter}).out.toStdString());
        return linesOf(file.toStdString());
    }

    // Every other round in the article's format: a JSON list with an empty input.
    QString freshInstructions(int round) const
    {
        const QString lines = path(QStringLiteral("fresh-%1.jsonl").arg(round));
        study({QStringLiteral("instructions"), QStringLiteral("--seed"), QString::number(100 + round),
               QStringLiteral("--count"), QString::number(kFresh), QStringLiteral("--split"), QStringLiteral("train"),
               QStringLiteral("--family"), QStringLiteral("introduce"), QStringLiteral("--family"),
               QStringLiteral("list"), QStringLiteral("--family"), QStringLiteral("convert"), QStringLiteral("--out"),
               lines});
        if (round % 2 == 1) {
            return lines;
        }
        Json records = Json::array();
        for (Json line : linesOf(lines.toStdString())) {
            line["input"] = "";
            records.push_back(line);
        }
        const QString asList = path(QStringLiteral("fresh-%1.json").arg(round));
        publishFile(asList.toStdString(), records.dump(1));
        return asList;
    }

    void judgeWhatIsToDo() const
    {
        const QString judged = path(QStringLiteral("judged.jsonl"));
        publishFile(path(QStringLiteral("open.jsonl")).toStdString(),
                    stet({QStringLiteral("list"), m_project, QStringLiteral("--filter"), QStringLiteral("open")})
                        .out.toStdString());
        study({QStringLiteral("judge"), QStringLiteral("--in"), path(QStringLiteral("open.jsonl")),
               QStringLiteral("--out"), judged});
        for (const Json& line : linesOf(judged.toStdString())) {
            QStringList verdict = {QStringLiteral("judge"), m_project,
                                   QString::fromStdString(line.at("id").get<std::string>())};
            if (line.at("judgment").is_null()) {
                verdict << QStringLiteral("--accept");
            } else {
                verdict << QStringLiteral("--criticise")
                        << QString::fromStdString(line.at("judgment").get<std::string>());
            }
            const auto ended = stet(verdict);
            QVERIFY2(ended.code == 0, ended.err);
        }
        QVERIFY(list(QStringLiteral("open")).empty());
    }

    // The share of held-out responses that open with the headline's word, before and after a round.
    std::pair<double, double> openers(int round) const
    {
        double before = 0;
        double after = 0;
        int all = 0;
        for (const Json& line :
             linesOf(m_project.toStdString() + QString::asprintf("/rounds/%04d/compare.jsonl", round).toStdString())) {
            if (line.contains("before") && line.at("before").contains("output")) {
                before += line.at("before").at("output").get<std::string>().rfind("Sure!", 0) == 0 ? 1 : 0;
                after += line.at("after").at("output").get<std::string>().rfind("Sure!", 0) == 0 ? 1 : 0;
                ++all;
            }
        }
        return {before / all, after / all};
    }

private Q_SLOTS:
    void roundAfterRoundOnFreshInstructions()
    {
        const int rounds = qEnvironmentVariableIsSet("STET_ROUNDS") ? qEnvironmentVariableIntValue("STET_ROUNDS") : 2;
        QCOMPARE(stet({QStringLiteral("example"), m_project}).code, 0);
        judgeWhatIsToDo();
        for (int round = 1; round <= rounds; ++round) {
            const auto generated = stet({QStringLiteral("generate"), m_project, QStringLiteral("--file"),
                                         freshInstructions(round), QStringLiteral("--temperature"), QStringLiteral("1"),
                                         QStringLiteral("--max-new-tokens"), QStringLiteral("48")});
            QVERIFY2(generated.code == 0, generated.err);
            const auto open = list(QStringLiteral("open"));
            QVERIFY2(open.size() > kFresh / 2, generated.out + generated.err);
            theyAreOf(round - 1, open);
            judgeWhatIsToDo();
            const auto trained = stet({QStringLiteral("round"), m_project});
            QVERIFY2(trained.code == 0, trained.err);
            const auto compared = stet({QStringLiteral("compare"), m_project});
            QVERIFY2(compared.code == 0, compared.err);
            const auto [before, after] = openers(round);
            qInfo("round %d: responses that open with \"Sure!\": %.2f before, %.2f after", round, before, after);
            QVERIFY(round > 1 ? after <= 0.1 : before >= 0.5 && after <= before / 2);
            QCOMPARE(stet({QStringLiteral("adopt"), m_project, QString::number(round)}).code, 0);
        }
        const auto checked = stet({QStringLiteral("check"), m_project});
        QVERIFY2(checked.code == 0, checked.out + checked.err);
    }

private:
    // What an export says of who wrote the responses that wait, and how.
    void theyAreOf(int round, const std::vector<Json>& open) const
    {
        const QString file = path(QStringLiteral("export.jsonl"));
        QCOMPARE(stet({QStringLiteral("export"), m_project, QStringLiteral("--format"), QStringLiteral("jsonl"),
                       QStringLiteral("--filter"), QStringLiteral("open"), QStringLiteral("--out"), file})
                     .code,
                 0);
        const auto lines = linesOf(file.toStdString());
        QCOMPARE(lines.size(), open.size());
        for (const Json& line : lines) {
            const Json& author = line.at("provenance").at("response");
            QCOMPARE(author.at("kind").get<std::string>(), std::string("model"));
            QCOMPARE(author.at("round").get<int>(), round);
            QCOMPARE(line.at("sampling").at("temperature").get<double>(), 1.0);
            QCOMPARE(line.at("sampling").at("seed").get<int>(), 42);
        }
    }
};

QTEST_GUILESS_MAIN(OnlineLoop)
#include "tst_online_loop.moc"
