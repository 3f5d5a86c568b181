// Scores, answers and comparisons that are asked for over the pipes: those of the commands, streamed, and cancelled in
// the middle.
#include "tests/trainer/serve/served_model.h"

using namespace stet;
using namespace stet::test;
namespace fs = std::filesystem;

namespace {

constexpr int kManyAnswers = 400;

// Work for much longer than a test waits.
int askForManyAnswers(ServedTalk& worker)
{
    Json items = Json::array();
    for (int i = 0; i < kManyAnswers; ++i) {
        items.push_back({{"id", i}, {"instruction", "Say something about number " + std::to_string(i)}});
    }
    return worker.send("generate/run", {{"items", items}, {"batch", 1}, {"max_new_tokens", 64}});
}

}  // namespace

class ServedAnswersTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void scoresAreThoseOfTheCommand()
    {
        ServedHere worker;
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

    void answersAreStreamedAndThoseOfTheCommand()
    {
        ServedHere worker;
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

    // Piece by piece, and together what the answer is.
    void anAnswersTextIsToldWhileItGrows()
    {
        ServedHere worker;
        loadedInto(worker, exampleDir() + "/model");
        const Json items = {{{"id", "a"}, {"instruction", "Count the words: hat hat hat"}},
                            {{"id", 2}, {"instruction", "Grüße 你好 🦙"}}};
        worker.result("generate/run", {{"items", items}, {"max_new_tokens", 24}, {"stream", true}});
        std::map<std::string, std::string> told;
        std::size_t pieces = 0;
        for (const auto& piece : worker.notifications("generate/text")) {
            told[piece.at("id").dump()] += piece.at("text").get<std::string>();
            ++pieces;
        }
        QVERIFY2(pieces > 4, qPrintable(QString::number(pieces)));
        for (const auto& item : worker.notifications("generate/item")) {
            QCOMPARE(told[item.at("id").dump()], item.at("output").get<std::string>());
        }
    }

    void scoresAreAnsweredWhileAnswersAreGenerated()
    {
        ServedHere worker;
        loadedInto(worker, exampleDir() + "/model");
        const int generate = askForManyAnswers(worker);
        QVERIFY(worker.waitFor([](const Json& message) { return message.value("method", "") == "generate/item"; }));
        QVERIFY(worker.result("score/run", judged()).contains("logprob"));
        QVERIFY(worker.repliesTo(generate).empty());
    }

    void whatRunsIsCancelledInTheMiddle()
    {
        ServedHere worker;
        loadedInto(worker, exampleDir() + "/model");
        const int generate = askForManyAnswers(worker);
        QVERIFY(worker.waitFor([](const Json& message) { return message.value("method", "") == "generate/item"; }));
        worker.cancel(generate);
        QCOMPARE(code(worker.replyTo(generate)), kCancelled);
        QVERIFY(worker.notifications("generate/item").size() < std::size_t{kManyAnswers});
    }

    void aComparisonIsWrittenWholeOrNotAtAll()
    {
        QTemporaryDir dir;
        const std::string out = dir.path().toStdString() + "/out.jsonl";
        ServedHere worker;
        loadedInto(worker);
        const Json params = {{"in", smallExamples()},
                             {"out", out},
                             {"before", "base"},
                             {"after", startAdapter()},
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

    // Before anything is answered or scored.
    void aComparisonNeverTakesItsInputsOrADevicesPlace()
    {
        QTemporaryDir dir;
        const std::string in = dir.path().toStdString() + "/in.jsonl";
        publishFile(in, contentOf(smallExamples()));
        ServedHere worker;
        loadedInto(worker);
        for (const std::string& out : {in, std::string("/dev/null"), dir.path().toStdString() + "/absent/out.jsonl"}) {
            const int request = worker.send("compare/run", {{"in", in}, {"out", out}, {"max_new_tokens", 4}});
            QCOMPARE(code(worker.replyTo(request)), kBadInput);
            QVERIFY(worker.notifications("compare/progress").empty());
        }
        QVERIFY(contentOf(in) == contentOf(smallExamples()));
    }
};

QTEST_GUILESS_MAIN(ServedAnswersTest)
#include "tst_served_answers.moc"
