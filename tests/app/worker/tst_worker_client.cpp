// The window's side of the pipes, against a worker that is polite or odd: each request gets one answer, in order, and
// what can't be spoken with is named.
#include "tests/app/worker/worker_bench.h"

#include <QSignalSpy>
#include <QtTest>

#include <csignal>

using namespace stet;
using namespace stet::test;

class WorkerClientTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void itGreetsAndAnswers()
    {
        WorkerClient client(fake("polite"));
        QSignalSpy ready(&client, &WorkerClient::ready);
        QObject context;
        Answer early;
        client.start();
        // Asked before it is there: sent when it is.
        client.request("echo", {{"text", "ä🦙"}}, &context, early.taker());
        QCOMPARE(client.state(), State::Starting);
        QTRY_COMPARE_WITH_TIMEOUT(early.count, 1, kPatienceMs);
        QCOMPARE(early.result(), (Json{{"text", "ä🦙"}}));
        QCOMPARE(ready.count(), 1);
        QCOMPARE(client.hello().at("version").get<std::string>(), std::string("fake"));
        Answer refused;
        client.request("refuse", kNothing, &context, refused.taker());
        QTRY_COMPARE_WITH_TIMEOUT(refused.failure(), QStringLiteral("no good"), kPatienceMs);
        QCOMPARE(std::get<FailureReport>(refused.reply).kind, FailureKind::BadInput);
    }

    void notificationsArriveBeforeTheReplyTheyPrecede()
    {
        WorkerClient client(fake("polite"));
        QStringList order;
        connect(&client, &WorkerClient::notified, this, [&](const QString& method, const std::string& params) {
            order << method + QString::fromStdString(params);
        });
        client.start();
        client.request("notify", kNothing, this, [&](const WorkerReply&) { order << QStringLiteral("reply"); });
        QTRY_COMPARE_WITH_TIMEOUT(order.size(), 2, kPatienceMs);
        QCOMPARE(order, (QStringList{QStringLiteral("round/progress{\"step\":4}"), QStringLiteral("reply")}));
    }

    void aContextThatIsGoneGetsNothing()
    {
        WorkerClient client(fake("polite"));
        client.start();
        auto context = std::make_unique<QObject>();
        Answer never;
        Answer later;
        client.request("echo", kNothing, context.get(), never.taker());
        context.reset();
        client.request("echo", kNothing, this, later.taker());
        QTRY_COMPARE_WITH_TIMEOUT(later.count, 1, kPatienceMs);
        QCOMPARE(never.count, 0);
    }

    void cancelledIsNotFailed()
    {
        WorkerClient client(fake("polite"));
        Answer waiting;
        const auto first = client.request("silence", kNothing, this, waiting.taker());
        client.cancel(first);
        QVERIFY(waiting.cancelled());
        client.start();
        QTRY_COMPARE_WITH_TIMEOUT(client.state(), State::Ready, kPatienceMs);
        Answer running;
        client.cancel(client.request("silence", kNothing, this, running.taker()));
        QTRY_VERIFY_WITH_TIMEOUT(running.cancelled(), kPatienceMs);
        client.cancel(12345);  // unknown: nothing
    }

    void garbageIsPassedOver()
    {
        WorkerClient client(fake("polite"));
        client.start();
        Answer answer;
        client.request("garbage", kNothing, this, answer.taker());
        QTRY_COMPARE_WITH_TIMEOUT(answer.count, 1, kPatienceMs);
        QCOMPARE(answer.result(), Json("first"));
        Answer after;
        client.request("echo", {{"b", 2}}, this, after.taker());
        QTRY_COMPARE_WITH_TIMEOUT(after.count, 1, kPatienceMs);
        QCOMPARE(answer.count, 1);
        QCOMPARE(client.state(), State::Ready);
    }

    void anotherVersionIsRefusedPolitely_data()
    {
        QTest::addColumn<QByteArray>("mode");
        QTest::newRow("newer") << QByteArray("newer");
        QTest::newRow("says none") << QByteArray("older");
    }

    void anotherVersionIsRefusedPolitely()
    {
        QFETCH(QByteArray, mode);
        WorkerClient client(fake(mode.constData()));
        client.setTimeouts(kQuick);
        States states(client);
        QSignalSpy ready(&client, &WorkerClient::ready);
        Answer waiting;
        client.start();
        client.request("echo", kNothing, this, waiting.taker());
        QTRY_COMPARE_WITH_TIMEOUT(client.state(), State::Lost, kPatienceMs);
        QVERIFY(states.said(State::Lost).contains(QStringLiteral("another version of the protocol")));
        QVERIFY(waiting.failure().contains(QStringLiteral("install both from one release")));
        Answer later;
        client.request("echo", kNothing, this, later.taker());
        QCOMPARE(later.count, 0);  // never from inside the call
        QTRY_VERIFY_WITH_TIMEOUT(later.failure().contains(QStringLiteral("not running")), kPatienceMs);
        QCOMPARE(ready.count(), 0);
        QVERIFY(!states.states.contains(State::Restarting));
        // Asked to, it tries again, with the same end.
        client.restartNow();
        QTRY_COMPARE_WITH_TIMEOUT(states.states.count(State::Lost), 2, kPatienceMs);
    }

    void theEnvironmentNamesAnotherWorker()
    {
        qputenv("STET_TRAINER", QByteArrayLiteral("\"" STET_FAKE_WORKER "\" polite"));
        WorkerClient client;
        qunsetenv("STET_TRAINER");
        client.start();
        QTRY_COMPARE_WITH_TIMEOUT(client.state(), State::Ready, kPatienceMs);
        QCOMPARE(client.hello().at("version").get<std::string>(), std::string("fake"));
    }

    void anotherStartIsNoSecondWorker()
    {
        WorkerClient client(fake("polite"));
        client.start();
        QTRY_COMPARE_WITH_TIMEOUT(client.state(), State::Ready, kPatienceMs);
        const qint64 process = client.processId();
        client.start();
        QCOMPARE(client.processId(), process);
        QCOMPARE(client.state(), State::Ready);
    }

    void aProgramThatIsNotThereIsNamed()
    {
        WorkerClient client({QStringLiteral("/nowhere/stet-trainer")});
        States states(client);
        Answer answer;
        client.start();
        client.request("echo", kNothing, this, answer.taker());
        QTRY_COMPARE_WITH_TIMEOUT(client.state(), State::Lost, kPatienceMs);
        QVERIFY(states.said(State::Lost).contains(QStringLiteral("/nowhere/stet-trainer")));
        QTRY_COMPARE_WITH_TIMEOUT(answer.count, 1, kPatienceMs);
    }

    void stopAsksThenInsists_data()
    {
        QTest::addColumn<QByteArray>("mode");
        QTest::newRow("polite") << QByteArray("polite");
        QTest::newRow("stubborn") << QByteArray("stubborn");
    }

    void stopAsksThenInsists()
    {
        QFETCH(QByteArray, mode);
        WorkerClient client(fake(mode.constData()));
        client.setTimeouts(kQuick);
        QSignalSpy stopped(&client, &WorkerClient::stopped);
        client.start();
        QTRY_COMPARE_WITH_TIMEOUT(client.state(), State::Ready, kPatienceMs);
        Answer open;
        client.request("silence", kNothing, this, open.taker());
        client.stop();
        QTRY_COMPARE_WITH_TIMEOUT(stopped.count(), 1, kPatienceMs);
        QCOMPARE(client.state(), State::Stopped);
        QVERIFY(open.failure().contains(QStringLiteral("stopped")));
        client.start();
        QTRY_COMPARE_WITH_TIMEOUT(client.state(), State::Ready, kPatienceMs);
    }
};

QTEST_GUILESS_MAIN(WorkerClientTest)
#include "tst_worker_client.moc"
