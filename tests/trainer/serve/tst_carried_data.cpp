// Requests that carry a round's or a comparison's data instead of naming a folder: a worker elsewhere does with them
// what it does with files.
#include "base/json_lines.h"
#include "tests/trainer/serve/served_model.h"

using namespace stet;
using namespace stet::test;
namespace fs = std::filesystem;

namespace {

Json linesOf(const std::string& path)
{
    Json lines = Json::array();
    JsonLinesReader reader(path);
    while (auto line = reader.next()) {
        lines.push_back(std::move(*line));
    }
    return lines;
}

Json carried(const std::string& folder)
{
    return {{"settings", readJsonFile(folder + "/round.json")}, {"examples", linesOf(folder + "/examples.jsonl")}};
}

}  // namespace

class CarriedDataTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void previewAndFlagsAreThoseOfTheFolder()
    {
        QTemporaryDir dir;
        const std::string folder = makeRound(dir, "round");
        ServedHere worker;
        loadedInto(worker);
        for (const char* method : {"round/preview", "round/flags"}) {
            const Json ofFolder = worker.result(method, {{"dir", folder}});
            QVERIFY(!ofFolder.empty());
            QCOMPARE(worker.result(method, carried(folder)).dump(), ofFolder.dump());
        }
        QVERIFY(namesIn(folder) == (std::vector<std::string>{"examples.jsonl", "round.json"}));
    }

    void aRoundIsTrainedToTheSameBytes()
    {
        QTemporaryDir dir;
        const std::string folder = makeRound(dir, "round");
        const std::string made = dir.path().toStdString() + "/elsewhere/round";
        ServedHere worker;
        loadedInto(worker);
        Json start = carried(folder);
        start["dir"] = made;
        QCOMPARE(outcome(worker.replyTo(worker.send("round/start", start))), std::string("finished"));
        QCOMPARE(outcome(worker.replyTo(worker.send("round/start", {{"dir", folder}}))), std::string("finished"));
        QVERIFY(adapterOf(made) == adapterOf(folder));
        // The same data again is the same round; other data is another, and the folder is taken.
        QCOMPARE(outcome(worker.replyTo(worker.send("round/start", start))), std::string("already finished"));
        start["settings"]["epochs"] = 4;
        const Json reply = worker.replyTo(worker.send("round/start", start));
        QCOMPARE(code(reply), kBadInput);
        QVERIFY2(reply.dump().find("another round") != std::string::npos, reply.dump().c_str());
    }

    void aComparisonBringsItsLinesBack()
    {
        QTemporaryDir dir;
        const std::string out = dir.path().toStdString() + "/out.jsonl";
        ServedHere worker;
        loadedInto(worker);
        const Json how = {{"after", startAdapter()}, {"max_new_tokens", 4}};
        Json files = how;
        files.update({{"in", smallExamples()}, {"out", out}});
        const Json summary = worker.result("compare/run", files);
        QVERIFY(!summary.contains("lines"));
        Json data = how;
        data["examples"] = linesOf(smallExamples());
        Json result = worker.result("compare/run", data);
        Json lines = result["lines"];
        QCOMPARE(lines.size(), std::size_t{26});
        lines.push_back(summary);
        QCOMPARE(lines.dump(), linesOf(out).dump());
        QCOMPARE(result.at("summary").dump(), summary.at("summary").dump());
    }

    void halfOfTheDataIsRefusedByName_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("params");
        QTest::addColumn<QString>("word");
        const auto row = [](const char* method, const char* params, const char* word) {
            QTest::addRow("%s %s", method, params)
                << QByteArray(method) << QByteArray(params) << QString::fromUtf8(word);
        };
        row("round/preview", "{}", "'dir'");
        row("round/preview", R"({"settings":{}})", "'examples' is missing");
        row("round/flags", R"({"dir":"/x","settings":{},"examples":[]})", "'dir'");
        row("round/start", R"({"settings":{},"examples":[]})", "'dir' is missing");
        row("round/start", R"({"dir":"/x","examples":[]})", "'settings' is missing");
        row("compare/run", R"({"in":"/x"})", "'out'");
        row("compare/run", R"({"examples":[],"out":"/x"})", "'examples' alone");
        row("compare/run", R"({"examples":[{"id":1,"instruction":"a"},{"id":2}]})", "examples 2: field 'instruction'");
    }

    void halfOfTheDataIsRefusedByName()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, params);
        QFETCH(QString, word);
        ServedHere worker;
        loadedInto(worker);
        const Json reply = worker.replyTo(worker.send(method.toStdString(), Json::parse(params.toStdString())));
        QCOMPARE(code(reply), kBadInput);
        const auto message = QString::fromStdString(reply.at("error").at("message").get<std::string>());
        QVERIFY2(message.contains(word), qPrintable(message));
    }
};

QTEST_GUILESS_MAIN(CarriedDataTest)
#include "tst_carried_data.moc"
