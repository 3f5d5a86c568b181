// The worker dies in every way it can, the real one too: what was asked is answered with how it died, and it comes
// back.
#include "tests/app/worker/worker_bench.h"
#include "tests/support/paths.h"

#include <QFile>
#include <QSignalSpy>
#include <QtTest>

#include <csignal>

using namespace stet;
using namespace stet::test;

class WorkerDeathsTest : public QObject {
    Q_OBJECT

    // Ends the worker as `request` or a signal does, and expects to be told why and to have it back.
    static void losesAndRegains(WorkerClient& client, const std::function<void()>& harm, const QString& words)
    {
        States states(client);
        Answer lost;
        QObject context;
        client.request("silence", Json::object(), &context, lost.taker());
        const qint64 before = client.processId();
        harm();
        QTRY_COMPARE_WITH_TIMEOUT(lost.count, 1, kPatienceMs);
        QVERIFY2(lost.failure().contains(words), qPrintable(lost.failure()));
        QVERIFY(states.said(State::Restarting).contains(words));
        QTRY_COMPARE_WITH_TIMEOUT(client.state(), State::Ready, kPatienceMs);
        QVERIFY(client.processId() != before);
        Answer again;
        client.request("echo", {{"a", 1}}, &context, again.taker());
        QTRY_COMPARE_WITH_TIMEOUT(again.result(), (Json{{"a", 1}}), kPatienceMs);
        QCOMPARE(lost.count, 1);
    }

private Q_SLOTS:
    void killedCrashedOrGoneItIsNamedAndComesBack_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<int>("signal");
        QTest::addColumn<QString>("words");
        QTest::newRow("killed") << QByteArray() << SIGKILL << QStringLiteral("was killed, possibly because memory");
        QTest::newRow("crashed") << QByteArray("abort") << 0 << QStringLiteral("ended by signal 6");
        QTest::newRow("ended by itself") << QByteArray("exit") << 0 << QStringLiteral("ended by itself (code 3)");
        QTest::newRow("hung") << QByteArray() << SIGSTOP << QStringLiteral("no sign of life");
        QTest::newRow("a line without end") << QByteArray("huge") << 0 << QStringLiteral("longer than 16 MiB");
    }

    void killedCrashedOrGoneItIsNamedAndComesBack()
    {
        QFETCH(QByteArray, method);
        QFETCH(int, signal);
        QFETCH(QString, words);
        WorkerClient client(fake("polite"));
        WorkerTimeouts patience = kQuick;
        patience.hung = signal == SIGSTOP ? kQuick.hung : kPatienceMs;
        client.setTimeouts(patience);
        client.start();
        QTRY_COMPARE_WITH_TIMEOUT(client.state(), State::Ready, kPatienceMs);
        losesAndRegains(
            client,
            [&] {
                if (signal != 0) {
                    ::kill(static_cast<pid_t>(client.processId()), signal);
                } else {
                    client.request(method.constData(), kNothing, nullptr, {});
                }
            },
            words);
    }

    void aWorkerThatNeverGreetsIsHung_data()
    {
        QTest::addColumn<QByteArray>("mode");
        QTest::newRow("mute") << QByteArray("mute");
        QTest::newRow("babbling") << QByteArray("babbling");
    }

    void aWorkerThatNeverGreetsIsHung()
    {
        QFETCH(QByteArray, mode);
        WorkerClient client(fake(mode.constData()));
        WorkerTimeouts impatient = kQuick;
        impatient.greet = 400;
        client.setTimeouts(impatient);
        States states(client);
        Answer answer;
        client.start();
        client.request("echo", kNothing, this, answer.taker());
        QTRY_VERIFY_WITH_TIMEOUT(answer.failure().contains(QStringLiteral("no sign of life")), kPatienceMs);
        QVERIFY(states.states.contains(State::Restarting));
    }

    // On a slow machine or a cold disk the libraries of the real one take longer than a hung one is given.
    void aSlowStartIsNoHang()
    {
        WorkerClient client(fake("late"));
        client.setTimeouts(kQuick);
        States states(client);
        client.start();
        QTRY_COMPARE_WITH_TIMEOUT(client.state(), State::Ready, kPatienceMs);
        QVERIFY(!states.states.contains(State::Restarting));
    }

    void oneThatKeepsDyingIsGivenUpAfterFiveWithItsLastWords()
    {
        WorkerClient client(fake("dies"));
        client.setTimeouts(kQuick);
        States states(client);
        client.start();
        QTRY_COMPARE_WITH_TIMEOUT(client.state(), State::Lost, kPatienceMs);
        QCOMPARE(states.states.count(State::Starting), 5);
        QCOMPARE(states.states.count(State::Restarting), 4);
        QVERIFY(states.said(State::Restarting).contains(QStringLiteral("code 7")));
        QVERIFY(states.said(State::Lost).contains(QStringLiteral("5 times")));
        QVERIFY(states.said(State::Lost).contains(QStringLiteral("something is missing")));
        // Each pause twice as long as the one before; the client's timer may be a twentieth early.
        qint64 least = kQuick.restart;
        for (int i = 0; i + 1 < states.states.size(); ++i) {
            if (states.states.at(i) == State::Restarting) {
                QVERIFY(states.times.at(i + 1) - states.times.at(i) >= least - least / 20 - 1);
                least *= 2;
            }
        }
        QCOMPARE(least, qint64(kQuick.restart) * 16);
        client.restartNow();
        QCOMPARE(client.state(), State::Starting);
    }

    void askedToItStartsAgain()
    {
        WorkerClient client(fake("polite"));
        client.setTimeouts(kQuick);
        client.start();
        QTRY_COMPARE_WITH_TIMEOUT(client.state(), State::Ready, kPatienceMs);
        QSignalSpy ready(&client, &WorkerClient::ready);
        const qint64 process = client.processId();
        client.restartNow();
        QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 1, kPatienceMs);
        QVERIFY(client.processId() != process);
    }

    void whatIsAskedInAFailuresReplyGoesToTheNextWorker()
    {
        WorkerClient client(fake("polite"));
        client.setTimeouts(kQuick);
        client.start();
        QTRY_COMPARE_WITH_TIMEOUT(client.state(), State::Ready, kPatienceMs);
        Answer second;
        client.request("silence", kNothing, this, [&](const WorkerReply&) {
            client.request("echo", {{"again", true}}, this, second.taker());
        });
        ::kill(static_cast<pid_t>(client.processId()), SIGKILL);
        QTRY_COMPARE_WITH_TIMEOUT(second.result(), (Json{{"again", true}}), kPatienceMs);
    }

    void theRealWorkerIsKilledInTheMiddleAndScoresAgain()
    {
        if (!QFile::exists(QString::fromStdString(test::trainerProgram()))) {
            QSKIP("stet-trainer is no part of this build");
        }
        WorkerClient client({QString::fromStdString(test::trainerProgram())});
        client.setTimeouts({200, 20000, 20, 30000, 10000});
        const Json load = {{"model", test::goldenDir() + "/cut/model"}, {"device", "cpu"}, {"threads", 1}};
        const Json example = {{"id", 1}, {"instruction", "Write about ben."}, {"output", "ben saw a old tree"}};
        client.start();
        Answer loaded;
        Answer scored;
        client.request(contract::method::kLoad, load, this, loaded.taker());
        client.request(contract::method::kScore, example, this, scored.taker());
        QTRY_COMPARE_WITH_TIMEOUT(scored.count, 1, kPatienceMs);
        QVERIFY(scored.result().contains("logprob"));
        QSignalSpy ready(&client, &WorkerClient::ready);
        ::kill(static_cast<pid_t>(client.processId()), SIGKILL);
        QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 1, kPatienceMs);
        Answer loadedAgain;
        Answer scoredAgain;
        client.request(contract::method::kLoad, load, this, loadedAgain.taker());
        client.request(contract::method::kScore, example, this, scoredAgain.taker());
        QTRY_COMPARE_WITH_TIMEOUT(scoredAgain.count, 1, kPatienceMs);
        QCOMPARE(scoredAgain.result(), scored.result());
    }

    void theRealWorkerIsFrozenAndReplaced()
    {
        if (!QFile::exists(QString::fromStdString(test::trainerProgram()))) {
            QSKIP("stet-trainer is no part of this build");
        }
        WorkerClient client({QString::fromStdString(test::trainerProgram())});
        client.setTimeouts({100, 3000, 20, 30000, 10000});
        client.start();
        QTRY_COMPARE_WITH_TIMEOUT(client.state(), State::Ready, kPatienceMs);
        States states(client);
        QSignalSpy ready(&client, &WorkerClient::ready);
        ::kill(static_cast<pid_t>(client.processId()), SIGSTOP);
        QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 1, kPatienceMs);
        QVERIFY(states.said(State::Restarting).contains(QStringLiteral("no sign of life")));
    }
};

QTEST_GUILESS_MAIN(WorkerDeathsTest)
#include "tst_worker_deaths.moc"
