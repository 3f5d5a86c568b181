// The real worker over its pipes: what it answers, in which order, and what it never does.
#include "tests/trainer/serve/round_folders.h"
#include "tests/trainer/serve/served_trainer.h"

#include <csignal>

using namespace stet;
using namespace stet::test;
namespace fs = std::filesystem;

namespace {

constexpr int kUsage = -32002;
constexpr int kBadInput = -32003;
constexpr int kInvalidRequest = -32600;
constexpr int kParseError = -32700;
constexpr int kCancelled = -32800;

const Json kCpu = {{"device", "cpu"}, {"threads", 1}};

Json loadParams(const std::string& model)
{
    Json params = kCpu;
    params["model"] = model;
    return params;
}

Json judged(const std::string& judgment = "The name must begin with a capital letter.")
{
    return {{"id", 1},
            {"instruction", "Write about ben."},
            {"output", "ben saw a old tree and 5 more things in the park"},
            {"judgment", judgment}};
}

Json loadedInto(ServedTrainer& worker, const std::string& model = smallModel())
{
    return worker.result("model/load", loadParams(model));
}

int code(const Json& reply)
{
    return reply.is_object() && reply.contains("error") ? reply.at("error").at("code").get<int>() : 0;
}

std::string outcome(const Json& reply)
{
    return reply.is_object() && reply.contains("result") ? reply.at("result").value("outcome", "") : reply.dump();
}

std::size_t stepsSeen(const ServedTrainer& worker)
{
    std::size_t steps = 0;
    for (const auto& params : worker.notifications("round/progress")) {
        steps += params.contains("step") ? 1 : 0;
    }
    return steps;
}

}  // namespace

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
        ServedTrainer worker;
        const Json model = loadedInto(worker);
        QCOMPARE(model.at("architecture").get<std::string>(), std::string("LlamaForCausalLM"));
        QCOMPARE(model.at("prompt_style").get<std::string>(), std::string("alpaca"));
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
        ServedTrainer worker;
        loadedInto(worker);
        QCOMPARE(worker.errorOf("model/load", loadParams(goldenDir())), kBadInput);
        QVERIFY(worker.result("score/run", judged()).contains("logprob"));
    }

    void scoresAreThoseOfTheCommand()
    {
        ServedTrainer worker;
        loadedInto(worker);
        QTemporaryDir dir;
        const std::string in = dir.path().toStdString() + "/in.jsonl";
        publishFile(in, judged().dump() + "\n");
        QProcess command;
        command.start(QString::fromStdString(trainerProgram()),
                      {QStringLiteral("score"), QStringLiteral("--model"), QString::fromStdString(smallModel()),
                       QStringLiteral("--in"), QString::fromStdString(in), QStringLiteral("--device"),
                       QStringLiteral("cpu"), QStringLiteral("--threads"), QStringLiteral("1")});
        QVERIFY(command.waitForFinished(kPatienceMs));
        const Json line = Json::parse(command.readAllStandardOutput().toStdString());
        QVERIFY(worker.result("score/run", judged()) == line);
        // Again, from what was kept.
        QVERIFY(worker.result("score/run", judged()) == line);
    }

    void everyRequestGetsOneReplyInTheOrderAsked()
    {
        ServedTrainer worker;
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
        ServedTrainer worker;
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
        static ServedTrainer worker;
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

    void whatWaitsIsCancelledAtOnce()
    {
        QTemporaryDir dir;
        ServedTrainer worker;
        loadedInto(worker);
        const int round = worker.send("round/start", {{"dir", makeLongRound(dir, "round")}});
        QVERIFY(worker.waitForStep(round, 1));
        const int generate = worker.send("generate/run", {{"items", {{{"id", 1}, {"instruction", "a"}}}}});
        worker.cancel(generate);
        QCOMPARE(code(worker.replyTo(generate)), kCancelled);
        QVERIFY(worker.repliesTo(round).empty());
        worker.result("round/stop", {{"how", "discard"}});
        QCOMPARE(outcome(worker.replyTo(round)), std::string("discarded"));
        QCOMPARE(worker.repliesTo(generate).size(), std::size_t(1));
    }

    void whatRunsIsCancelledInTheMiddle()
    {
        ServedTrainer worker;
        loadedInto(worker, exampleDir() + "/model");
        Json items = Json::array();
        for (int i = 0; i < 400; ++i) {
            items.push_back({{"id", i}, {"instruction", "Say something about number " + std::to_string(i)}});
        }
        const int generate = worker.send("generate/run", {{"items", items}, {"batch", 1}, {"max_new_tokens", 64}});
        QVERIFY(worker.waitFor([](const Json& message) { return message.value("method", "") == "generate/item"; }));
        worker.cancel(generate);
        QCOMPARE(code(worker.replyTo(generate)), kCancelled);
        QVERIFY(worker.notifications("generate/item").size() < 400);
    }

    void scoresAreAnsweredWhileAnswersAreGenerated()
    {
        ServedTrainer worker;
        loadedInto(worker, exampleDir() + "/model");
        Json items = Json::array();
        for (int i = 0; i < 400; ++i) {
            items.push_back({{"id", i}, {"instruction", "Say something about number " + std::to_string(i)}});
        }
        const int generate = worker.send("generate/run", {{"items", items}, {"batch", 1}, {"max_new_tokens", 64}});
        QVERIFY(worker.waitFor([](const Json& message) { return message.value("method", "") == "generate/item"; }));
        QVERIFY(worker.result("score/run", judged()).contains("logprob"));
        QVERIFY(worker.repliesTo(generate).empty());
    }

    // Sixty-four micro-batches a step: a score that waited for a step's end would see several go by.
    void aScoreInARoundWaitsForOneMicroBatchAtMost()
    {
        QTemporaryDir dir;
        const std::string model = exampleDir() + "/model";
        const std::string folder = makeRound(
            dir, "round",
            {{"model", model}, {"epochs", 50000}, {"batch_size", 26}, {"micro_batch_tokens", 1}, {"flags", "current"}});
        ServedTrainer worker;
        loadedInto(worker, model);
        const int round = worker.send("round/start", {{"dir", folder}});
        QVERIFY(worker.waitForStep(round, 1));
        for (int i = 0; i < 5; ++i) {
            const auto before = stepsSeen(worker);
            QVERIFY(worker.result("score/run", judged("Judgment " + std::to_string(i))).contains("logprob"));
            // One step may have ended just before or after.
            QVERIFY2(stepsSeen(worker) - before <= 1, qPrintable(QString::number(stepsSeen(worker) - before)));
        }
        worker.result("round/stop", {{"dir", folder}, {"how", "discard"}});
        QCOMPARE(outcome(worker.replyTo(round)), std::string("discarded"));
    }

    void scoringInARoundChangesNoByte()
    {
        QTemporaryDir dir;
        const std::string model = exampleDir() + "/model";
        const Json settings = {{"model", model}, {"epochs", 2}, {"batch_size", 8}, {"micro_batch_tokens", 64}};
        const std::string alone = makeRound(dir, "alone", settings);
        const std::string disturbed = makeRound(dir, "disturbed", settings);
        ServedTrainer worker;
        loadedInto(worker, model);
        QCOMPARE(outcome(worker.replyTo(worker.send("round/start", {{"dir", alone}}))), std::string("finished"));
        const int round = worker.send("round/start", {{"dir", disturbed}});
        std::vector<int> scores;
        for (int i = 0; i < 30; ++i) {
            scores.push_back(worker.send("score/run", judged("Judgment " + std::to_string(i))));
        }
        QVERIFY(worker.waitForStep(round, 1));
        scores.push_back(worker.send("score/run", judged("In the middle")));
        QCOMPARE(outcome(worker.replyTo(round)), std::string("finished"));
        QVERIFY(!worker.replyTo(scores.back()).is_null());
        QVERIFY(adapterOf(alone) == adapterOf(disturbed));
    }

    void aStopThatComesWhileTheRoundStillWaitsIsKept()
    {
        QTemporaryDir dir;
        const std::string first = makeLongRound(dir, "first");
        const std::string second = makeRound(dir, "second");
        ServedTrainer worker;
        loadedInto(worker);
        const int running = worker.send("round/start", {{"dir", first}});
        QVERIFY(worker.waitForStep(running, 1));
        const int waiting = worker.send("round/start", {{"dir", second}});
        QCOMPARE(worker.result("round/stop", {{"dir", second + "/"}, {"how", "discard"}}).value("rounds", 0), 1);
        // The running one goes on.
        const auto steps = static_cast<int>(stepsSeen(worker));
        QVERIFY(worker.waitForStep(running, steps + 3));
        QCOMPARE(worker.result("round/stop", {{"dir", first}, {"how", "pause"}}).value("rounds", 0), 1);
        QCOMPARE(outcome(worker.replyTo(running)), std::string("paused"));
        QCOMPARE(outcome(worker.replyTo(waiting)), std::string("discarded"));
        QVERIFY(checkpointsIn(first) > 0);
        QVERIFY(namesIn(second) == (std::vector<std::string>{"examples.jsonl", "lock", "round.json"}));
        QCOMPARE(worker.result("round/stop", {{"dir", first}}).value("rounds", -1), 0);
    }

    void aStopIsHeardWhileResponsesAreScoredBeforeTheFirstStep()
    {
        QTemporaryDir dir;
        const std::string folder = makeSlowlyScoredRound(dir, "round");
        ServedTrainer worker;
        loadedInto(worker);
        for (const char* how : {"pause", "discard"}) {
            const std::size_t from = worker.messages().size();
            const int round = worker.send("round/start", {{"dir", folder}});
            QVERIFY(worker.waitFor(
                [](const Json& message) {
                    return message.value("params", Json::object()).value("phase", "") == "scoring";
                },
                from));
            QVERIFY(worker.result("score/run", judged()).contains("logprob"));
            worker.result("round/stop", {{"dir", folder}, {"how", how}});
            QCOMPARE(outcome(worker.replyTo(round)), std::string(how) == "pause" ? "paused" : "discarded");
            QCOMPARE(stepsSeen(worker), std::size_t(0));
            QVERIFY(namesIn(folder) == (std::vector<std::string>{"examples.jsonl", "lock", "round.json"}));
        }
    }

    void keepPublishesWhatIsThere()
    {
        QTemporaryDir dir;
        const std::string folder = makeLongRound(dir, "round");
        ServedTrainer worker;
        loadedInto(worker);
        const int round = worker.send("round/start", {{"dir", folder}});
        QVERIFY(worker.waitForStep(round, 5));
        worker.result("round/stop", {{"how", "keep"}});
        const Json reply = worker.replyTo(round);
        QCOMPARE(outcome(reply), std::string("kept"));
        QVERIFY(reply.at("result").at("report").at("health").at("passed").get<bool>());
        QVERIFY(fs::exists(folder + "/report.json"));
        Json with = judged();
        with["adapter"] = folder + "/adapter";
        const Json scored = worker.result("score/run", with);
        QVERIFY(scored.at("logprob") != worker.result("score/run", judged()).at("logprob"));
    }

    void saveWritesACheckpointAndGoesOn()
    {
        QTemporaryDir dir;
        const std::string folder = makeRound(dir, "round", {{"epochs", 50000}, {"checkpoint_every_steps", 1000000}});
        ServedTrainer worker;
        loadedInto(worker);
        const int round = worker.send("round/start", {{"dir", folder}});
        QVERIFY(worker.waitForStep(round, 1));
        QCOMPARE(checkpointsIn(folder), 0);
        QCOMPARE(worker.result("round/save", {{"dir", folder}}).value("rounds", 0), 1);
        QTRY_COMPARE(checkpointsIn(folder), 1);
        const auto steps = static_cast<int>(stepsSeen(worker));
        QVERIFY(worker.waitForStep(round, steps + 3));
        worker.result("round/stop", {{"how", "discard"}});
        QCOMPARE(outcome(worker.replyTo(round)), std::string("discarded"));
        QCOMPARE(checkpointsIn(folder), 0);
    }

    void endOfInputChecksTheRoundInAndItGoesOnToTheSameBytes_data()
    {
        QTest::addColumn<QList<int>>("signalList");
        QTest::newRow("end of input") << QList<int>();
        QTest::newRow("terminated") << QList<int>{SIGTERM};
        QTest::newRow("the terminal closed") << QList<int>{SIGHUP, SIGTERM, SIGHUP};
        QTest::newRow("Ctrl+C in the terminal") << QList<int>{SIGINT, SIGTERM};
        QTest::newRow("killed") << QList<int>{SIGKILL};
    }

    void endOfInputChecksTheRoundInAndItGoesOnToTheSameBytes()
    {
        QFETCH(QList<int>, signalList);
        QTemporaryDir dir;
        const Json settings = {{"epochs", 12}, {"checkpoint_every_steps", 5}};
        const std::string whole = makeRound(dir, "whole", settings);
        const std::string broken = makeRound(dir, "broken", settings);
        ServedTrainer again;
        loadedInto(again);
        QCOMPARE(outcome(again.replyTo(again.send("round/start", {{"dir", whole}}))), std::string("finished"));
        {
            ServedTrainer worker;
            loadedInto(worker);
            const int round = worker.send("round/start", {{"dir", broken}});
            QVERIFY(worker.waitForStep(round, 7));
            for (const int signal : signalList) {
                ::kill(static_cast<pid_t>(worker.processId()), signal);
            }
            worker.closeWriteChannel();
            QVERIFY(worker.waitForEnd());
            if (!signalList.contains(SIGKILL)) {
                QCOMPARE(worker.exitCode(), 0);
                QCOMPARE(outcome(worker.replyTo(round)), std::string("paused"));
            }
        }
        QVERIFY(!fs::exists(broken + "/adapter"));
        QVERIFY(checkpointsIn(broken) > 0);
        QCOMPARE(outcome(again.replyTo(again.send("round/start", {{"dir", broken}}))), std::string("finished"));
        QVERIFY(adapterOf(broken) == adapterOf(whole));
    }

    void whatWasAskedBeforeTheEndIsStillAnswered()
    {
        QTemporaryDir dir;
        ServedTrainer worker;
        loadedInto(worker);
        const int round = worker.send("round/start", {{"dir", makeLongRound(dir, "round")}});
        QVERIFY(worker.waitForStep(round, 1));
        const int generate = worker.send("generate/run", {{"items", {{{"id", 1}, {"instruction", "a"}}}}});
        const int shutdown = worker.send("worker/shutdown");
        QVERIFY(worker.waitForEnd());
        QCOMPARE(worker.exitCode(), 0);
        QVERIFY(worker.replyTo(shutdown).contains("result"));
        QCOMPARE(outcome(worker.replyTo(round)), std::string("paused"));
        QCOMPARE(code(worker.replyTo(generate)), kCancelled);
    }

    void answersAreStreamedAndThoseOfTheCommand()
    {
        ServedTrainer worker;
        loadedInto(worker, exampleDir() + "/model");
        const Json items = {{{"id", "a"}, {"instruction", "Write about Sue."}},
                            {{"id", 2}, {"instruction", "Write about Ben."}, {"input", "Be short."}}};
        QCOMPARE(worker.result("generate/run", {{"items", items}, {"max_new_tokens", 12}}).at("count").get<int>(), 2);
        auto streamed = worker.notifications("generate/item");
        QCOMPARE(streamed.size(), std::size_t(2));
        std::sort(streamed.begin(), streamed.end(),
                  [](const Json& a, const Json& b) { return a.at("id").dump() < b.at("id").dump(); });
        QTemporaryDir dir;
        const std::string in = dir.path().toStdString() + "/in.jsonl";
        publishFile(in, items[0].dump() + "\n" + items[1].dump() + "\n");
        QProcess command;
        command.start(QString::fromStdString(trainerProgram()),
                      {QStringLiteral("generate"), QStringLiteral("--model"),
                       QString::fromStdString(exampleDir() + "/model"), QStringLiteral("--in"),
                       QString::fromStdString(in), QStringLiteral("--max-new-tokens"), QStringLiteral("12")});
        QVERIFY(command.waitForFinished(kPatienceMs));
        for (auto& item : streamed) {
            item.erase("request");
            QVERIFY(Json::parse(command.readLine().toStdString()) == item);
        }
    }

    void aComparisonIsWrittenWholeOrNotAtAll()
    {
        QTemporaryDir dir;
        const std::string out = dir.path().toStdString() + "/out.jsonl";
        ServedTrainer worker;
        loadedInto(worker);
        const Json params = {{"in", smallExamples()},
                             {"out", out},
                             {"before", "base"},
                             {"after", goldenDir() + "/cut/start"},
                             {"max_new_tokens", 4}};
        const int cancelled = worker.send("compare/run", params);
        QVERIFY(worker.waitFor([](const Json& message) { return message.value("method", "") == "compare/progress"; }));
        worker.cancel(cancelled);
        const Json reply = worker.replyTo(cancelled);
        // It may have been quicker than the word.
        QVERIFY(reply.contains("result") || code(reply) == kCancelled);
        QCOMPARE(fs::exists(out), reply.contains("result"));
        const Json summary = worker.result("compare/run", params);
        QVERIFY(summary.at("summary").contains("criticised_flagged_logp"));
        const std::string written = contentOf(out);
        QCOMPARE(std::count(written.begin(), written.end(), '\n'), std::ptrdiff_t(27));
        QVERIFY(namesIn(dir.path().toStdString()) == std::vector<std::string>{"out.jsonl"});
    }
};

QTEST_GUILESS_MAIN(ServerTest)
#include "tst_server.moc"
