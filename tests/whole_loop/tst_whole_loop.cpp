// The loop a user goes through, on the bundled example and with the real programs: judge what waits, see the wrong word
// light up, train one round with the project's settings, and find the model better on instructions nobody judged.
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

struct Outcome {
    int code = -1;
    QByteArray out;
    QByteArray err;
};

Outcome runProgram(const std::string& program, const QStringList& arguments, int timeout = 3 * kMinutes)
{
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("STET_TRAINER_PROGRAM"), QString::fromStdString(test::trainerProgram()));
    environment.insert(QStringLiteral("PYTHONDONTWRITEBYTECODE"), QStringLiteral("1"));
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(QString::fromStdString(test::sourceDir()));
    process.start(QString::fromStdString(program), arguments);
    if (!process.waitForFinished(timeout)) {
        process.kill();
        process.waitForFinished(test::kPatienceMs);
        return {-1, process.readAllStandardOutput(), "did not end in time"};
    }
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(),
            process.readAllStandardError()};
}

std::vector<Json> linesOf(const QByteArray& text)
{
    std::vector<Json> lines;
    for (const QByteArray& line : text.split('\n')) {
        if (!line.isEmpty()) {
            lines.push_back(Json::parse(line.toStdString()));
        }
    }
    return lines;
}

}  // namespace

class WholeLoop : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theExampleHoldsWhatTheFirstRunNeeds();
    void everyWaitingAnswerCanBeJudgedWithItsSuggestion();
    void oneRoundTrainsEnoughToSee();
    void aJudgmentLightsUpTheWrongWordAndNotItsNeighbours();
    void theHeadlineHabitIsHalvedAndOtherTasksStay();
    void theComparisonSaysSoToo();
    void theRoundIsAdoptedAndTheProjectIsWhole();

private:
    Outcome stet(const QStringList& arguments) const { return runProgram(test::stetProgram(), arguments); }
    std::vector<Json> list(const QString& filter) const
    {
        return linesOf(stet({QStringLiteral("list"), m_project, QStringLiteral("--filter"), filter}).out);
    }
    const Json& measured();

    QTemporaryDir m_folder;
    QString m_project = m_folder.filePath(QStringLiteral("ledger.stet"));
    Json m_example;
    Json m_measured;
};

void WholeLoop::initTestCase()
{
    m_example = readJsonFile(test::exampleDir() + "/example.json");
    const auto made = stet({QStringLiteral("example"), m_project});
    QVERIFY2(made.code == 0, made.err);
}

void WholeLoop::theExampleHoldsWhatTheFirstRunNeeds()
{
    QVERIFY(list(QStringLiteral("all")).size() >= 200);
    QVERIFY(list(QStringLiteral("criticised")).size() >= 150);
    QVERIFY(list(QStringLiteral("open")).size() >= 10);
    int heldOut = 0;
    JsonLinesReader reader(test::exampleDir() + "/heldout.jsonl");
    while (reader.next()) {
        ++heldOut;
    }
    QCOMPARE(heldOut, 100);
}

void WholeLoop::everyWaitingAnswerCanBeJudgedWithItsSuggestion()
{
    for (const Json& line : list(QStringLiteral("open"))) {
        QVERIFY(line.contains("hint"));
        const QString id = QString::fromStdString(line.at("id").get<std::string>());
        const auto judged = stet({QStringLiteral("judge"), m_project, id, QStringLiteral("--criticise"),
                                  QString::fromStdString(line.at("hint").get<std::string>())});
        QVERIFY2(judged.code == 0, judged.err);
    }
    QCOMPARE(list(QStringLiteral("open")).size(), std::size_t{0});
}

void WholeLoop::oneRoundTrainsEnoughToSee()
{
    const auto trained = stet({QStringLiteral("round"), m_project});
    QVERIFY2(trained.code == 0, trained.err);
    const Json report = readJsonFile(m_project.toStdString() + "/rounds/0001/report.json");
    QVERIFY(report.at("steps_done").get<int>() >= 30);
    QCOMPARE(report.at("steps_done"), report.at("steps"));
    const Json settings = readJsonFile(m_project.toStdString() + "/rounds/0001/resolved.json");
    QCOMPARE(settings.at("preset").get<std::string>(), std::string("stable"));
}

const Json& WholeLoop::measured()
{
    if (m_measured.is_null()) {
        const QString out = m_folder.filePath(QStringLiteral("measured.json"));
        const auto outcome = runProgram(
            "python3",
            {QStringLiteral("-m"), QStringLiteral("study"), QStringLiteral("measure"), QStringLiteral("--model"),
             QString::fromStdString(test::exampleDir() + "/model"), QStringLiteral("--adapter"),
             m_project + QStringLiteral("/rounds/0001/adapter"), QStringLiteral("--out"), out},
            5 * kMinutes);
        qInfo("%s", outcome.out.constData());
        m_measured = outcome.code == 0 ? readJsonFile(out.toStdString()) : Json::object();
    }
    return m_measured;
}

void WholeLoop::aJudgmentLightsUpTheWrongWordAndNotItsNeighbours()
{
    QVERIFY(measured().contains("detection"));
    int sharp = 0;
    for (const auto& [bug, row] : measured().at("detection").items()) {
        const bool enough = row.at("answers").get<int>() >= 15;
        sharp += enough && row.at("recall").get<double>() >= 0.8 && row.at("precision").get<double>() >= 0.5;
    }
    QVERIFY2(sharp >= 2, "at least two habits are to be found at their root (recall 0.8) and precisely (0.5)");
}

void WholeLoop::theHeadlineHabitIsHalvedAndOtherTasksStay()
{
    QVERIFY(measured().contains("temperature 0"));
    const Json& outcome = measured().at("temperature 0");
    const std::string headline = m_example.at("headline").get<std::string>();
    const auto rate = [&](const char* side) { return outcome.at(side).at("bugs").at(headline).get<double>(); };
    QCOMPARE(outcome.at("before").at("answers").get<int>(), 200);
    QVERIFY2(rate("before") >= 0.3, "the headline habit must show before");
    QVERIFY(rate("after") <= rate("before") / 2);
    for (const auto& [family, before] : outcome.at("before").at("task_right").items()) {
        const double after = outcome.at("after").at("task_right").at(family).get<double>();
        QVERIFY2(after >= before.get<double>() - 0.03, family.c_str());
    }
}

void WholeLoop::theComparisonSaysSoToo()
{
    const auto compared = stet({QStringLiteral("compare"), m_project});
    QVERIFY2(compared.code == 0, compared.err);
    const auto lines = linesOf(compared.out);
    QCOMPARE(lines.size(), std::size_t{1});
    const std::string opening = m_example.at("watch_opening").get<std::string>();
    int before = 0;
    int after = 0;
    JsonLinesReader reader(m_project.toStdString() + "/rounds/0001/compare.jsonl");
    for (auto line = reader.next(); line; line = reader.next()) {
        if (line->contains("before") && line->at("before").contains("output")) {
            before += line->at("before").at("output").get<std::string>().rfind(opening, 0) == 0;
            after += line->at("after").at("output").get<std::string>().rfind(opening, 0) == 0;
        }
    }
    QVERIFY(before >= 30);
    QVERIFY(after <= before / 2);
}

void WholeLoop::theRoundIsAdoptedAndTheProjectIsWhole()
{
    const auto adopted = stet({QStringLiteral("adopt"), m_project, QStringLiteral("1")});
    QVERIFY2(adopted.code == 0, adopted.err);
    const auto checked = stet({QStringLiteral("check"), m_project});
    QVERIFY2(checked.code == 0, checked.out + checked.err);
}

QTEST_GUILESS_MAIN(WholeLoop)
#include "tst_whole_loop.moc"
