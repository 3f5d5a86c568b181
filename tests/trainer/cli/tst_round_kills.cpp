// A round whose process is killed at random moments and started again ends with the bytes of one that was left alone;
// one that began anew from half of it does not. STET_KILLS sets how often (a campaign:
// STET_KILLS=200 build/release/tests/tst_round_kills).
#include "tests/support/patience.h"
#include "tests/support/round_folders.h"

#include <QFile>
#include <QProcess>
#include <QRandomGenerator>
#include <QtTest>

using namespace stet;
using namespace stet::test;
namespace fs = std::filesystem;

namespace {

std::string makeDroppingRound(const QTemporaryDir& dir, const std::string& name)
{
    return makeRound(dir, name,
                     {{"preset", "cut-code"},
                      {"epochs", 40},
                      {"optimizer", {{"lr", 0.004}}},
                      {"lora", {{"r", 4}, {"alpha", 8}, {"dropout", 0.1}}}});
}

int stepsIn(const std::string& folder)
{
    QFile log(QString::fromStdString(folder + "/log.jsonl"));
    return log.open(QIODevice::ReadOnly) ? static_cast<int>(log.readAll().count('\n')) : 0;
}

void start(QProcess& process, const std::string& folder)
{
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("OMP_WAIT_POLICY"), QStringLiteral("passive"));
    process.setProcessEnvironment(environment);
    process.setStandardErrorFile(QProcess::nullDevice());
    process.start(QString::fromStdString(trainerProgram()), {QStringLiteral("round"), QString::fromStdString(folder)});
}

}  // namespace

class RoundKills : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aKilledRoundEndsWithTheBytesOfOneLeftAlone()
    {
        const int given = qEnvironmentVariableIntValue("STET_KILLS");
        int kills = given > 0 ? given : 4;
        const auto seed = QRandomGenerator::system()->generate();
        qInfo("seed %u, %d kills at the most", seed, kills);
        QRandomGenerator random(seed);
        QTemporaryDir dir;
        const std::string whole = makeDroppingRound(dir, "whole");
        QProcess alone;
        start(alone, whole);
        QVERIFY(alone.waitForFinished(test::kPatienceMs));
        QCOMPARE(alone.exitCode(), 0);

        const std::string parts = makeDroppingRound(dir, "parts");
        int killed = 0;
        for (bool finished = false; !finished;) {
            QProcess process;
            start(process, parts);
            QVERIFY(process.waitForStarted());
            // Far enough for a checkpoint, so that the round gets on, and then anywhere.
            const int wanted = stepsIn(parts) + 6 + static_cast<int>(random.bounded(40));
            const bool reached = kills > 0 &&
                QTest::qWaitFor([&] { return stepsIn(parts) >= wanted || process.state() == QProcess::NotRunning; },
                                120'000);
            if (reached && process.state() != QProcess::NotRunning) {
                process.kill();
                --kills;
                ++killed;
            }
            QVERIFY(process.state() == QProcess::NotRunning || process.waitForFinished(test::kPatienceMs));
            finished = process.exitStatus() == QProcess::NormalExit;
            QVERIFY(!finished || process.exitCode() == 0);
        }
        QVERIFY(killed > 0);
        QCOMPARE(stepsIn(parts), stepsIn(whole));
        QVERIFY(adapterOf(parts) == adapterOf(whole));
        for (const auto& entry : fs::directory_iterator(parts)) {
            QVERIFY2(entry.path().filename().string().find("stet-tmp") == std::string::npos, entry.path().c_str());
        }
    }
};

QTEST_GUILESS_MAIN(RoundKills)
#include "tst_round_kills.moc"
