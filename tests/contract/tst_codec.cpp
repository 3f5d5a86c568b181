// What falls out of a struct's one list of fields: the reader with its messages, the writer with its bytes, and the
// names of what nobody reads.
#include "contract/compare.h"
#include "contract/generate.h"
#include "contract/model.h"
#include "contract/round.h"
#include "contract/score.h"

#include <QtTest>

#include <cmath>

using namespace stet;
using namespace stet::contract;

namespace {

QString refusal(const std::function<void()>& action)
{
    try {
        action();
    } catch (const Failure& failure) {
        return QString::fromUtf8(failure.what());
    }
    return QStringLiteral("nothing was refused");
}

}  // namespace

class CodecTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anExamplesLineIsWrittenInItsOrderAndReadBack_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("criticised") << QByteArray(
            R"({"id":7,"instruction":"a","input":"b","output":"c","judgment":"d","marks":[{"begin":0,"end":1,"mark":"clear"}],"stopped":"length"})");
        QTest::newRow("accepted") << QByteArray(R"({"id":"a-7","instruction":"a","output":"c","judgment":null})");
        QTest::newRow("to be answered") << QByteArray(R"({"id":1,"instruction":"a"})");
        QTest::newRow("control") << QByteArray(R"({"id":1,"instruction":"a","output":"c","set":"control"})");
        QTest::newRow("everything that trains") << QByteArray(
            R"({"id":1,"instruction":"u","output":"c","judgment":"","messages":[{"role":"user","content":"u"}],"revision":"e","demonstration":"f"})");
    }

    void anExamplesLineIsWrittenInItsOrderAndReadBack()
    {
        QFETCH(QByteArray, line);
        const Example example = parseExample(Json::parse(line.toStdString()), "line 1", false);
        QCOMPARE(QByteArray::fromStdString(toLine(toJson(example))), line);
    }

    void whatIsWrongIsNamed_data()
    {
        QTest::addColumn<QString>("said");
        QTest::addColumn<QString>("expected");
        const auto row = [](const QString& said, const char* expected) {
            QTest::newRow(expected) << said << QString::fromUtf8(expected);
        };
        const auto example = [](const char* json) {
            return refusal([json] { (void)parseExample(Json::parse(json), "in.jsonl, line 3", true); });
        };
        row(example(R"({"instruction":"a"})"), "in.jsonl, line 3: field 'id' is missing");
        row(example(R"({"id":true})"), "in.jsonl, line 3: field 'id' must be a text or a whole number");
        row(example(R"({"id":1})"), "in.jsonl, line 3: field 'instruction' is missing");
        row(example(R"({"id":1,"instruction":"a"})"), "in.jsonl, line 3: field 'output' is missing");
        row(example(R"({"id":1,"instruction":1})"),
            "in.jsonl, line 3: field 'instruction' must be a text, found number");
        row(example(R"({"id":1,"instruction":"a","output":"b","marks":[{"begin":2,"end":1,"mark":"flag"}]})"),
            "in.jsonl, line 3: a mark needs 0 ≤ begin ≤ end and mark \"flag\" or \"clear\"");
        row(example(R"({"id":1,"instruction":"a","output":"b","marks":[{"begin":0,"end":1e30,"mark":"flag"}]})"),
            "in.jsonl, line 3: field 'end' must be a whole number, found number");
        row(example(R"({"id":1,"instruction":"a","output":"b","stopped":"soon"})"),
            "in.jsonl, line 3: field 'stopped' must be \"length\" or \"eos\"");
        row(refusal([] {
                (void)fromJson<RoundStop>({{"how", "gently"}}, "round/stop");
            }),
            "round/stop: field 'how' must be pause, keep or discard");
        row(refusal([] {
                (void)fromJson<LoadRequest>({{"model", "m"}, {"threads", 1.5}}, "model/load");
            }),
            "model/load: field 'threads' must be a whole number, found number");
        row(refusal([] {
                (void)fromJson<LoadRequest>({{"model", "m"}, {"threads", 5e9}}, "model/load");
            }),
            "model/load: field 'threads' is too large");
        row(refusal([] { (void)fromJson<LoadRequest>(Json::array(), "model/load"); }),
            "model/load: expected an object, found array");
    }

    void whatIsWrongIsNamed()
    {
        QFETCH(QString, said);
        QFETCH(QString, expected);
        QCOMPARE(said, expected);
    }

    void whatNobodyReadsIsNamedAlsoWithinLists()
    {
        const Json params = {{"items", {{{"id", 1}, {"instruction", "a"}, {"instuction", "b"}}}}, {"max_tokens", 3}};
        const auto warnings = unknownIn<GenerateRequest>(params, "generate/run");
        QCOMPARE(warnings.size(), std::size_t{2});
        QCOMPARE(warnings[0], std::string("generate/run: unknown field 'max_tokens' is ignored"));
        QCOMPARE(warnings[1], std::string("generate/run, items: unknown field 'instuction' is ignored"));
        QVERIFY(unknownIn<ScoreRequest>({{"id", 1}, {"marks", Json::array()}, {"lambda", 2}}, "score/run").empty());
    }

    void aNumberThatIsNoneIsNullAndComesBackAsNone()
    {
        ScoreLine line;
        line.id = "a";
        line.logProb.emplace_back("plain", std::vector<double>{-1.5, std::nan("")});
        line.logProb.emplace_back("judged", std::nullopt);
        const Json json = toJson(line);
        QCOMPARE(toLine(json.at("logprob")), std::string(R"({"plain":[-1.5,null],"judged":null})"));
        const auto back = fromJson<ScoreLine>(json, "score/run");
        const auto* plain = find(back.logProb, "plain");
        QVERIFY(plain != nullptr);
        QVERIFY(plain->has_value());
        QCOMPARE(plain->value().at(0), -1.5);
        QVERIFY(std::isnan(plain->value().at(1)));
        QVERIFY(!find(back.logProb, "judged")->has_value());
        QVERIFY(find(back.logProb, "praised") == nullptr);
        QVERIFY(std::isnan(fromJson<CompareSummary>(Json::object(), "compare").length.before));
    }

    // A phase and a step are the same notification; only one with a step has its numbers.
    void progressHasItsStepOrNone()
    {
        RoundProgress progress;
        progress.dir = "round";
        progress.phase = Phase::Scoring;
        QCOMPARE(toLine(toJson(progress)), std::string(R"({"dir":"round","phase":"scoring"})"));
        QVERIFY(!fromJson<RoundProgress>(toJson(progress), "round/progress").step);
        progress.phase = Phase::Training;
        progress.steps = 12;
        progress.secondsLeft = -1;
        progress.step.emplace().step = 3;
        const Json json = toJson(progress);
        QCOMPARE(json.at("step").get<int>(), 3);
        QCOMPARE(json.at("seconds_left").get<double>(), -1.0);
        const auto back = fromJson<RoundProgress>(json, "round/progress");
        QVERIFY(back.step);
        QCOMPARE(back.step->step, std::int64_t{3});
        QVERIFY(std::isnan(back.step->losses.loss));
    }

    // The bytes of log.jsonl.
    void aStepIsWrittenInTheOrderOfItsLog()
    {
        Step step;
        step.losses.loss = 0.5;
        step.losses.anchor = 0.25;
        step.step = 2;
        step.learningRate = 1e-4;
        step.tokens = 9;
        step.examples = {1, "b"};
        QCOMPARE(toLine(toJson(step)),
                 std::string(R"({"loss":0.5,"likelihood":null,"unlikelihood":null,"flagged_share":null,"anchor":0.25,)"
                             R"("step":2,"grad_norm":null,"lr":0.0001,"tokens":9,"seconds":0.0,"examples":[1,"b"]})"));
    }

    void marksGoIntoADatabaseAndBack()
    {
        const std::vector<Mark> marks = {{0, 4, MarkKind::Flag}, {5, 5, MarkKind::Clear}};
        const std::string text = marksToText(marks);
        QCOMPARE(text, std::string(R"([{"begin":0,"end":4,"mark":"flag"},{"begin":5,"end":5,"mark":"clear"}])"));
        QVERIFY(marksFromText(text, "marks") == marks);
        QCOMPARE(refusal([] { (void)marksFromText("{}", "marks"); }),
                 QStringLiteral("marks: field 'marks' must be a list"));
    }
};

QTEST_APPLESS_MAIN(CodecTest)
#include "tst_codec.moc"
