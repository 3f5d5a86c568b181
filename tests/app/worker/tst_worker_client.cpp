// The window's side of the pipes, against a worker that misbehaves in every way and against the real one: whatever
// happens, each request gets one answer, what happened is named, and the worker comes back.
#include "app/worker/worker_client.h"

#include "tests/support/paths.h"

#include <QSignalSpy>
#include <QtTest>

#include <csignal>

using namespace stet;
using namespace stet::app;
using State = WorkerClient::State;

namespace {

constexpr int kPatienceMs = 10000;
const Json kNothing = Json::object();
constexpr WorkerPatience kQuick = {50, 400, 20, 200, 200};

QStringList fake(const char* mode)
{
    return {QStringLiteral(STET_FAKE_WORKER), QString::fromUtf8(mode)};
}

// What came back to one request.
struct Answer {
    int count = 0;
    WorkerReply reply = FailureReport{};

    WorkerClient::OnReply taker()
    {
        return [this](const WorkerReply& given) {
            ++count;
            reply = given;
        };
    }
    QString failure() const
    {
        const auto* report = std::get_if<FailureReport>(&reply);
        return count == 1 && report != nullptr ? QString::fromStdString(report->message) : QString();
    }
    bool cancelled() const { return count == 1 && std::holds_alternative<WorkerCancelled>(reply); }
    Json result() const { return count == 1 && std::holds_alternative<Json>(reply) ? std::get<Json>(reply) : Json(); }
};

// The states a client went through, with what it said.
class States : public QObject {
public:
    explicit States(WorkerClient& client)
    {
        connect(&client, &WorkerClient::stateChanged, this, [this](State state, const QString& detail) {
            states.push_back(state);
            details.push_back(detail);
            times.push_back(clock.elapsed());
        });
        clock.start();
    }
    QString said(State state) const
    {
        const auto at = states.lastIndexOf(state);
        return at < 0 ? QString() : details.at(at);
    }

    QList<State> states;
    QStringList details;
    QList<qint64> times;
    QElapsedTimer clock;
};

}  // namespace

class WorkerClientTest : public QObject {
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
        WorkerPatience patience = kQuick;
        patience.hung = signal == SIGSTOP ? kQuick.hung : kPatienceMs;
        client.setPatience(patience);
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
        client.setPatience(kQuick);
        States states(client);
        Answer answer;
        client.start();
        client.request("echo", kNothing, this, answer.taker());
        QTRY_VERIFY_WITH_TIMEOUT(answer.failure().contains(QStringLiteral("no sign of life")), kPatienceMs);
        QVERIFY(states.states.contains(State::Restarting));
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
        client.setPatience(kQuick);
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

    void oneThatKeepsDyingIsGivenUpAfterFiveWithItsLastWords()
    {
        WorkerClient client(fake("dies"));
        client.setPatience(kQuick);
        States states(client);
        client.start();
        QTRY_COMPARE_WITH_TIMEOUT(client.state(), State::Lost, kPatienceMs);
        QCOMPARE(states.states.count(State::Starting), 5);
        QCOMPARE(states.states.count(State::Restarting), 4);
        QVERIFY(states.said(State::Restarting).contains(QStringLiteral("code 7")));
        QVERIFY(states.said(State::Lost).contains(QStringLiteral("5 times")));
        QVERIFY(states.said(State::Lost).contains(QStringLiteral("something is missing")));
        // Each pause at least twice as long as the first one was set.
        qint64 least = kQuick.restart;
        for (int i = 0; i + 1 < states.states.size(); ++i) {
            if (states.states.at(i) == State::Restarting) {
                QVERIFY(states.times.at(i + 1) - states.times.at(i) >= least - 1);
                least *= 2;
            }
        }
        QCOMPARE(least, qint64(kQuick.restart) * 16);
        client.restartNow();
        QCOMPARE(client.state(), State::Starting);
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

    void askedToItStartsAgain()
    {
        WorkerClient client(fake("polite"));
        client.setPatience(kQuick);
        client.start();
        QTRY_COMPARE_WITH_TIMEOUT(client.state(), State::Ready, kPatienceMs);
        QSignalSpy ready(&client, &WorkerClient::ready);
        const qint64 process = client.processId();
        client.restartNow();
        QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 1, kPatienceMs);
        QVERIFY(client.processId() != process);
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

    void whatIsAskedInAFailuresReplyGoesToTheNextWorker()
    {
        WorkerClient client(fake("polite"));
        client.setPatience(kQuick);
        client.start();
        QTRY_COMPARE_WITH_TIMEOUT(client.state(), State::Ready, kPatienceMs);
        Answer second;
        client.request("silence", kNothing, this, [&](const WorkerReply&) {
            client.request("echo", {{"again", true}}, this, second.taker());
        });
        ::kill(static_cast<pid_t>(client.processId()), SIGKILL);
        QTRY_COMPARE_WITH_TIMEOUT(second.result(), (Json{{"again", true}}), kPatienceMs);
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
        client.setPatience(kQuick);
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

    void theRealWorkerIsKilledInTheMiddleAndScoresAgain()
    {
        WorkerClient client({QString::fromStdString(test::trainerProgram())});
        client.setPatience({200, 20000, 20, 30000, 10000});
        const Json load = {{"model", test::goldenDir() + "/cut/model"}, {"device", "cpu"}, {"threads", 1}};
        const Json example = {{"id", 1}, {"instruction", "Write about ben."}, {"output", "ben saw a old tree"}};
        client.start();
        Answer loaded;
        Answer scored;
        client.request(protocol::method::kLoad, load, this, loaded.taker());
        client.request(protocol::method::kScore, example, this, scored.taker());
        QTRY_COMPARE_WITH_TIMEOUT(scored.count, 1, kPatienceMs);
        QVERIFY(scored.result().contains("logprob"));
        QSignalSpy ready(&client, &WorkerClient::ready);
        ::kill(static_cast<pid_t>(client.processId()), SIGKILL);
        QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 1, kPatienceMs);
        Answer loadedAgain;
        Answer scoredAgain;
        client.request(protocol::method::kLoad, load, this, loadedAgain.taker());
        client.request(protocol::method::kScore, example, this, scoredAgain.taker());
        QTRY_COMPARE_WITH_TIMEOUT(scoredAgain.count, 1, kPatienceMs);
        QCOMPARE(scoredAgain.result(), scored.result());
    }

    void theRealWorkerIsFrozenAndReplaced()
    {
        WorkerClient client({QString::fromStdString(test::trainerProgram())});
        client.setPatience({100, 1000, 20, 30000, 10000});
        client.start();
        QTRY_COMPARE_WITH_TIMEOUT(client.state(), State::Ready, kPatienceMs);
        losesAndRegainsFrozen(client);
    }

private:
    static void losesAndRegainsFrozen(WorkerClient& client)
    {
        States states(client);
        QSignalSpy ready(&client, &WorkerClient::ready);
        ::kill(static_cast<pid_t>(client.processId()), SIGSTOP);
        QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 1, kPatienceMs);
        QVERIFY(states.said(State::Restarting).contains(QStringLiteral("no sign of life")));
    }
};

QTEST_GUILESS_MAIN(WorkerClientTest)
#include "tst_worker_client.moc"
