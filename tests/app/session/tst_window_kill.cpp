// The window is killed at random moments while somebody types: every text it said was saved is there afterwards, and
// the project opens again. STET_KILLS sets how often (a campaign: STET_KILLS=200 build/release/tests/tst_window_kill).
#include "annotate/store/project.h"
#include "tests/support/patience.h"

#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QtTest>

using namespace stet;

class TestWindowKill : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyTextSaidToBeSavedIsThere();
};

void TestWindowKill::everyTextSaidToBeSavedIsThere()
{
    const int kills =
        std::max(1, qEnvironmentVariableIntValue("STET_KILLS") != 0 ? qEnvironmentVariableIntValue("STET_KILLS") : 3);
    const auto seed = QRandomGenerator::system()->generate();
    qInfo("seed %u, %d kills", seed, kills);
    QRandomGenerator random(seed);
    const QTemporaryDir home;
    QString project;
    for (int kill = 0; kill < kills; ++kill) {
        QProcess typist;
        typist.setStandardErrorFile(QProcess::nullDevice());
        typist.start(QStringLiteral(STET_TYPIST),
                     project.isEmpty() ? QStringList{home.path()} : QStringList{home.path(), project});
        const auto linesWanted = 2 + random.bounded(12);
        QByteArrayList lines;
        while (lines.size() < linesWanted) {
            QVERIFY2(typist.canReadLine() || typist.waitForReadyRead(test::kPatienceMs),
                     qPrintable(QStringLiteral("the typist fell silent: exit code %1, %2 lines")
                                    .arg(typist.exitCode())
                                    .arg(lines.size())));
            while (typist.canReadLine()) {
                lines.append(typist.readLine().chopped(1));
            }
        }
        QTest::qWait(random.bounded(40));  // not between two lines but anywhere
        typist.kill();
        QVERIFY(typist.waitForFinished(test::kPatienceMs));
        for (QByteArray rest = typist.readLine(); !rest.isEmpty(); rest = typist.readLine()) {
            if (rest.endsWith('\n')) {
                lines.append(rest.chopped(1));
            }
        }
        project = QString::fromUtf8(lines.first());
        const auto opened = annotate::Project::open(project.toStdString());
        QVERIFY(opened->check().empty());
        const QByteArrayList last = lines.last().split('\t');
        QCOMPARE(last.size(), 2);
        const auto item = opened->item({last.at(0).toLongLong()});
        QVERIFY(item.has_value());
        // What was typed after the last word of its being saved may be there too.
        const QByteArray stored = QByteArray::fromStdString(item->draft.value_or(item->judgment));
        QVERIFY2(stored.startsWith(last.at(1)), ("said to be saved: " + last.at(1) + ", found: " + stored).constData());
    }
}

QTEST_GUILESS_MAIN(TestWindowKill)
#include "tst_window_kill.moc"
