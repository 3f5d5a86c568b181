// The real worker over its pipes: every message gets its one answer, in the order asked; what is no message, or wrong,
// is named.
#include "tests/trainer/serve/served_model.h"

using namespace stet;
using namespace stet::test;

class ServerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void helloSaysWhoIsThere()
    {
        ServedTrainer worker;
        const Json hello = worker.result("worker/hello", {{"protocol", 1}});
        QCOMPARE(hello.at("protocol").get<int>(), 1);
        for (const char* field : {"version", "build", "libtorch", "devices", "device_reason", "capabilities"}) {
            QVERIFY2(hello.contains(field), field);
        }
        QCOMPARE(hello.at("devices").front().get<std::string>(), std::string("cpu"));
        QCOMPARE(worker.errorOf("score/run", judged()), kUsage);
        QCOMPARE(worker.errorOf("score/walk"), -32601);
        worker.closeWriteChannel();
        QVERIFY(worker.waitForEnd());
        QCOMPARE(worker.exitCode(), 0);
        QCOMPARE(worker.exitStatus(), QProcess::NormalExit);
    }

    void aLoadSaysHowFarItIsAndEndsWithAll()
    {
        ServedHere worker;
        const Json model = loadedInto(worker);
        QCOMPARE(model.at("architecture").get<std::string>(), std::string("LlamaForCausalLM"));
        QCOMPARE(model.at("prompt_style").get<std::string>(), std::string("alpaca"));
        QVERIFY(model.at("warnings").empty());
        const auto progress = worker.notifications("model/progress");
        QVERIFY(!progress.empty());
        // Twenty tensors in a few milliseconds: the first and the last.
        QVERIFY2(progress.size() <= 5, qPrintable(QString::number(progress.size())));
        QCOMPARE(progress.back().at("share").get<double>(), 1.0);
        QCOMPARE(std::count_if(progress.begin(), progress.end(),
                               [](const Json& params) { return params.at("share").get<double>() >= 1; }),
                 std::ptrdiff_t(1));
    }

    void aFolderThatIsNoModelLeavesTheLoadedOne()
    {
        ServedHere worker;
        loadedInto(worker);
        QCOMPARE(worker.errorOf("model/load", loadParams(goldenDir())), kBadInput);
        QVERIFY(worker.result("score/run", judged()).contains("logprob"));
    }

    void everyRequestGetsOneReplyInTheOrderAsked()
    {
        ServedHere worker;
        loadedInto(worker);
        std::vector<int> asked;
        for (int i = 0; i < 200; ++i) {
            asked.push_back(worker.send("score/run", judged("Version " + std::to_string(i % 7))));
        }
        QVERIFY(!worker.replyTo(asked.back()).is_null());
        std::vector<int> answered;
        for (const auto& message : worker.messages()) {
            if (message.contains("result") && message.at("id").get<int>() >= asked.front()) {
                answered.push_back(message.at("id").get<int>());
            }
        }
        QVERIFY(answered == asked);
    }

    // The next model is loaded before what was asked after it is answered.
    void scoresAskedAfterALoadSeeTheNewModel()
    {
        ServedHere worker;
        loadedInto(worker, exampleDir() + "/model");
        const auto first = worker.result("score/run", judged()).at("tokens").size();
        worker.send("model/load", loadParams(smallModel()));
        const int score = worker.send("score/run", judged());
        QVERIFY(worker.replyTo(score).at("result").at("tokens").size() != first);
    }

    void badParamsAreNamed_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("params");
        QTest::addColumn<QString>("word");
        QTest::newRow("no output") << QByteArray("score/run") << QByteArray(R"({"id":1,"instruction":"a"})")
                                   << QStringLiteral("'output'");
        QTest::newRow("judgment without answer")
            << QByteArray("generate/run") << QByteArray(R"({"items":[{"id":1,"instruction":"a","judgment":"b"}]})")
            << QStringLiteral("no 'output'");
        QTest::newRow("lambda below one")
            << QByteArray("score/run") << QByteArray(R"({"id":1,"instruction":"a","output":"b","lambda":0.5})")
            << QStringLiteral("'lambda'");
        QTest::newRow("contexts is no list")
            << QByteArray("score/run") << QByteArray(R"({"id":1,"instruction":"a","output":"b","contexts":"plain"})")
            << QStringLiteral("'contexts'");
        QTest::newRow("unknown context") << QByteArray("score/run")
                                         << QByteArray(
                                                R"({"id":1,"instruction":"a","output":"b","contexts":["plane"]})")
                                         << QStringLiteral("plane");
        QTest::newRow("other judgments are no texts")
            << QByteArray("score/run") << QByteArray(R"({"id":1,"instruction":"a","output":"b","other_judgments":[1]})")
            << QStringLiteral("'other_judgments'");
        QTest::newRow("wrong type") << QByteArray("score/run")
                                    << QByteArray(R"({"id":1,"instruction":["a"],"output":"b"})")
                                    << QStringLiteral("'instruction' must be a text");
        QTest::newRow("no items") << QByteArray("generate/run") << QByteArray("{}") << QStringLiteral("'items'");
        QTest::newRow("top_p of nothing")
            << QByteArray("generate/run") << QByteArray(R"({"items":[],"top_p":0})") << QStringLiteral("'top_p'");
        QTest::newRow("no dir") << QByteArray("round/start") << QByteArray("{}") << QStringLiteral("'dir'");
        QTest::newRow("no such round") << QByteArray("round/start") << QByteArray(R"({"dir":"/nowhere/at/all"})")
                                       << QStringLiteral("/nowhere/at/all");
        QTest::newRow("no such data") << QByteArray("compare/run")
                                      << QByteArray(R"({"in":"/nowhere.jsonl","out":"/nowhere.out"})")
                                      << QStringLiteral("/nowhere.jsonl");
        QTest::newRow("stop how") << QByteArray("round/stop") << QByteArray(R"({"how":"gently"})")
                                  << QStringLiteral("pause, keep or discard");
        QTest::newRow("stop how, no text")
            << QByteArray("round/stop") << QByteArray(R"({"how":1})") << QStringLiteral("'how'");
        QTest::newRow("no such adapter")
            << QByteArray("score/run")
            << QByteArray(R"({"id":1,"instruction":"a","output":"b","adapter":"/nowhere/adapter"})")
            << QStringLiteral("/nowhere/adapter");
    }

    void badParamsAreNamed()
    {
        static ServedHere worker;
        static const Json model = loadedInto(worker);
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, params);
        QFETCH(QString, word);
        const Json reply = worker.replyTo(worker.send(method.toStdString(), Json::parse(params.toStdString())));
        QVERIFY2(reply.contains("error"), reply.dump().c_str());
        const int number = code(reply);
        QVERIFY2(number == kBadInput || number == kUsage || number == -32602, reply.dump().c_str());
        const auto message = QString::fromStdString(reply.at("error").at("message").get<std::string>());
        QVERIFY2(message.contains(word), qPrintable(message));
    }

    void unknownParamsAreWarnedOfOnceByName()
    {
        ServedTrainer worker;
        loadedInto(worker);
        Json params = judged();
        params["lamda"] = 2;
        worker.result("score/run", params);
        worker.result("score/run", params);
        QVERIFY(worker.result("round/save", {{"folder", "x"}}).at("rounds") == 0);
        worker.closeWriteChannel();
        QVERIFY(worker.waitForEnd());
        QCOMPARE(worker.log().count(QStringLiteral("score/run: unknown field 'lamda'")), qsizetype(1));
        QVERIFY(worker.log().contains(QStringLiteral("round/save: unknown field 'folder'")));
    }

    void linesThatAreNoMessageAreAnsweredAndForgotten()
    {
        ServedTrainer worker;
        loadedInto(worker);
        worker.sendRaw("good morning");
        worker.sendRaw("");
        worker.sendRaw(std::string(100, '['));
        worker.sendRaw("{\"id\":\"seven\",\"method\":\"score/run\"}");
        worker.sendRaw("{\"id\":7.5,\"method\":\"score/run\"}");
        worker.sendRaw("{\"id\":999,\"method\":5}");
        worker.sendRaw("{\"id\":998,\"result\":{}}");
        worker.sendRaw("{\"method\":\"$/dance\"}");
        worker.sendRaw("{\"method\":\"$/cancel\",\"params\":{\"id\":\"x\"}}");
        worker.sendRaw(std::string("\0\xFF\xFE", 3));
        QVERIFY(worker.result("score/run", judged()).contains("logprob"));
        QCOMPARE(code(worker.replyTo("seven")), kInvalidRequest);
        QCOMPARE(code(worker.replyTo(7.5)), kInvalidRequest);
        QCOMPARE(code(worker.replyTo(999)), kInvalidRequest);
        const auto unnamed = worker.repliesTo(Json());
        QCOMPARE(unnamed.size(), std::size_t(4));
        for (const auto& reply : unnamed) {
            QCOMPARE(code(reply), kParseError);
        }
        QVERIFY(worker.repliesTo(998).empty());
        QVERIFY(worker.strayLines().isEmpty());
        worker.sendRaw("{\"judgment\":\"a secret " + std::string(100000, 's'));
        QTRY_COMPARE_WITH_TIMEOUT(worker.repliesTo(Json()).size(), std::size_t(5), kPatienceMs);
        QVERIFY(worker.repliesTo(Json()).back().dump().size() < 1000);
        worker.closeWriteChannel();
        QVERIFY(worker.waitForEnd());
        // What people wrote is not logged.
        QVERIFY(!worker.log().contains(QStringLiteral("secret")));
        QVERIFY(worker.log().contains(QStringLiteral("it is not JSON")));
    }

    void aLineWithoutEndIsDroppedAndSaid()
    {
        ServedTrainer worker;
        loadedInto(worker);
        Json huge = judged();
        huge["output"] = std::string(std::size_t{17} << 20, 'a');
        worker.send("score/run", huge);
        QVERIFY(worker.result("score/run", judged()).contains("logprob"));
        const auto unnamed = worker.repliesTo(Json());
        QCOMPARE(unnamed.size(), std::size_t(1));
        QCOMPARE(code(unnamed.front()), kInvalidRequest);
        QVERIFY(unnamed.front().at("error").at("message").get<std::string>().find("16 MiB") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(ServerTest)
#include "tst_server.moc"
