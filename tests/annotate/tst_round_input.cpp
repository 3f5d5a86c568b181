// What a round is given: every field that the worker knows, from the file over the project to the examples; and who
// wrote what, out and in again.
#include "annotate/exchange/export.h"
#include "annotate/exchange/import.h"
#include "base/files.h"
#include "base/json_lines.h"
#include "tests/annotate/open_project.h"
#include "tests/support/failures.h"

#include <QtTest>

#include <set>

using namespace stet;
using namespace stet::annotate;
using namespace stet::test;

class RoundInputTest : public QObject {
    Q_OBJECT

    std::unique_ptr<OpenProject> m_open;

    Project& project() const { return *m_open->project; }

    std::string path(const char* name) const { return m_open->dir.filePath(QString::fromLatin1(name)).toStdString(); }

    ImportResult import(const std::string& lines) const
    {
        publishFile(path("in.jsonl"), lines);
        return importFile(project(), path("in.jsonl"), "auto");
    }

    std::string exported(const Project& from) const
    {
        exportFile(from, path("out.jsonl"), "jsonl", QueueFilter::All);
        return readFile(path("out.jsonl"), 1U << 20U);
    }

    std::vector<Json> examples() const
    {
        project().writeInput(path("."), "stable", 0);
        std::vector<Json> lines;
        JsonLinesReader reader(path("examples.jsonl"));
        while (auto line = reader.next()) {
            lines.push_back(*line);
        }
        return lines;
    }

private Q_SLOTS:
    void init() { m_open = std::make_unique<OpenProject>(); }

    void everyFieldReachesTheRound()
    {
        const Json line = {
            {"id", 7},
            {"instruction", "Third?"},
            {"messages",
             parseJson("[{\"role\":\"system\",\"content\":\"s\"},{\"role\":\"user\",\"content\":\"First?\"},\n{"
                       "\"role\":\"assistant\",\"content\":\"Second.\"},{\"role\":\"user\",\"content\":\"Third?\"}]",
                       "messages")},
            {"input", "x"},
            {"output", "Sure! No."},
            {"judgment", "Not so."},
            {"revision", "No."},
            {"demonstration", "Never."},
            {"marks", parseJson("[{\"begin\":0,\"end\":4,\"mark\":\"flag\"}]", "marks")},
            {"stopped", "length"},
            {"set", "control"}};
        QVERIFY(import(toLine(line) + "\n").findings.empty());
        QCOMPARE(examples().size(), std::size_t(1));
        QVERIFY(nlohmann::json::parse(toLine(examples().front())) == nlohmann::json::parse(toLine(line)));
        const auto second = Project::create(path("q.stet"), "/models/one");
        const std::string once = exported(project());
        importFile(*second, path("out.jsonl"), "jsonl");
        QCOMPARE(exported(*second), once);
    }

    // The last message stands where an instruction is shown, and is not in the export.
    void aConversationAloneIsAccepted()
    {
        import("{\"id\":1,\"messages\":[{\"role\":\"user\",\"content\":\"Why?\"}],\"output\":\"So.\",\"judgment\":"
               "\"Rude.\"}");
        QCOMPARE(project().item({1})->instruction, std::string("Why?"));
        QCOMPARE(examples().front().at("messages").at(0).at("content").get<std::string>(), std::string("Why?"));
        const std::string line = "{\"id\":1,\"output\":\"So.\",\"judgment\":\"Rude.\",\"messages\":[{\"role\":\"user\","
                                 "\"content\":\"Why?\"}],"
                                 "\"verdict\":\"criticised\"}"
                                 "\n";
        QCOMPARE(exported(project()), line);
    }

    void aConversationThatEndsWithAnAnswerOrHasNoRolesIsRefused_data()
    {
        QTest::addColumn<QString>("messages");
        QTest::addColumn<QString>("said");
        QTest::newRow("no list") << "\"a\""
                                 << "must be a list";
        QTest::newRow("nothing") << "[]"
                                 << "at least one";
        QTest::newRow("no content") << "[{\"role\":\"user\"}]"
                                    << "content";
        QTest::newRow("the assistant's") << "[{\"role\":\"assistant\",\"content\":\"a\"}]"
                                         << "must be the user's";
    }

    void aConversationThatEndsWithAnAnswerOrHasNoRolesIsRefused()
    {
        QFETCH(QString, messages);
        QFETCH(QString, said);
        const auto line = "{\"instruction\":\"i\",\"output\":\"o\",\"messages\":" + messages.toStdString() + "}";
        const std::string message = messageOf([&] { import(line); });
        QVERIFY2(QString::fromStdString(message).contains(said), message.c_str());
    }

    // λ is made by the round then, with the contrast that was measured for it; what reproduces others' work stays
    // theirs.
    void aRateOfFalseAlarmsTakesThePlaceOfLambda()
    {
        project().chooseFalseAlarmRate(0.01);
        project().noteCalibration(1.75, 24);
        for (const char* preset : {"stable", "ftpo"}) {
            const Json round = project().roundSettings(preset);
            QCOMPARE(round.at("false_alarm_rate").get<double>(), 0.01);
            QVERIFY(!round.contains("lambda"));
            QCOMPARE(round.at("contrast").get<std::string>(), std::string("D6"));
        }
        const auto threshold = project().threshold("stable");
        QVERIFY(threshold.rateIsOffered);
        QCOMPARE(threshold.lambda, 1.75);
        QCOMPARE(threshold.judgments, 24);
        QCOMPARE(*project().detection("stable").lambda, 1.75);
        const Json paper = project().roundSettings("cut-paper");
        QVERIFY(!paper.contains("false_alarm_rate"));
        QCOMPARE(paper.at("lambda").get<double>(), 1.75);
        QCOMPARE(paper.at("contrast").get<std::string>(), std::string("D2"));
        QVERIFY(!project().threshold("cut-paper").rateIsOffered);
    }

    void aLambdaByHandTakesThePlaceOfTheRateAndKeepsTheContrast()
    {
        project().chooseFalseAlarmRate(0.01);
        project().chooseLambda(1.4);
        const Json round = project().roundSettings("stable");
        QVERIFY(!round.contains("false_alarm_rate"));
        QCOMPARE(round.at("lambda").get<double>(), 1.4);
        QCOMPARE(round.at("contrast").get<std::string>(), std::string("D6"));
        QVERIFY(project().threshold("stable").rateIsOffered);
        QVERIFY(!project().threshold("stable").falseAlarmRate);
    }

    void whatTheRoundSettingsNameWinsOverTheRate_data()
    {
        QTest::addColumn<QString>("settings");
        for (const char* settings : {R"({"lambda": 1.3})", R"({"false_alarm_rate": 0.02})", R"({"objective": "sft"})",
                                     R"({"flags": "current"})", R"({"contrast": "D2"})"}) {
            QTest::newRow(settings) << QString::fromLatin1(settings);
        }
    }

    void whatTheRoundSettingsNameWinsOverTheRate()
    {
        QFETCH(QString, settings);
        project().chooseFalseAlarmRate(0.01);
        project().setSetting("round", settings.toStdString());
        const Json round = project().roundSettings("stable");
        QVERIFY(round.contains("lambda") != round.contains("false_alarm_rate"));
        QVERIFY(!project().threshold("stable").rateIsOffered);
        const Json named = Json::parse(settings.toStdString());  // outlives the loop over its items
        for (const auto& [field, value] : named.items()) {
            QCOMPARE(round.at(field), value);
        }
    }

    void aContrastChosenForTheProjectNeedsALambda()
    {
        project().chooseFalseAlarmRate(0.01);
        project().setSetting("contrast", "D1");
        QVERIFY(project().roundSettings("stable").contains("lambda"));
        QVERIFY(!project().threshold("stable").rateIsOffered);
    }

    void aProjectOfBeforeKeepsItsContrast()
    {
        const Json round = project().roundSettings("stable");
        QCOMPARE(round.at("contrast").get<std::string>(), std::string("D1"));
        QCOMPARE(round.at("lambda").get<double>(), kDefaultLambda);
        QVERIFY(project().threshold("stable").rateIsOffered);  // it may take the other one up
    }

    // Not judged, so their outputs are not learnt from; but their better answers are, by what needs no output.
    void demonstrationsAloneTrainByTheObjectivesThatNeedNoOutput()
    {
        import("{\"id\":1,\"instruction\":\"a\",\"demonstration\":\"A.\"}\n{\"id\":2,\"instruction\":\"b\",\"output\":"
               "\"bad\",\"demonstration\":\"B.\"}\n{\"id\":3,\"instruction\":\"c\",\"output\":\"open\"}\n");
        QVERIFY(!project().item({1})->hasOutput);
        QVERIFY(examples().empty());
        QVERIFY(!project().hasSomethingToTrain());
        project().setSetting("round", "{\"objective\":\"sft\"}");
        QVERIFY(project().hasSomethingToTrain());
        const auto lines = examples();
        QCOMPARE(lines.size(), std::size_t(2));
        QCOMPARE(lines[0].at("demonstration").get<std::string>(), std::string("A."));
        QVERIFY(!lines[1].contains("output"));
    }

    void whatIsTypedMeanwhileDoesNotWaitForTheExamples()
    {
        std::string lines;
        for (int i = 0; i < 1000; ++i) {
            const std::string number = std::to_string(i);
            lines += "{\"id\":" + number + ",\"instruction\":\"a\",\"output\":\"b" + number +
                "\",\"judgment\":\"no\"}" + "\n";
        }
        import(lines);
        int rests = 0;
        project().writeInput(path("."), "stable", 0, [&] {
            // A verdict that is given between two pieces is neither lost nor in the file twice.
            if (++rests <= 5) {
                project().submit({500 + rests}, Verdict::Accepted, {});
            }
        });
        QVERIFY(rests >= 5);
        std::set<int> ids;
        JsonLinesReader reader(path("examples.jsonl"));
        for (auto line = reader.next(); line; line = reader.next()) {
            QVERIFY(ids.insert(line->at("id").get<int>()).second);
        }
        QCOMPARE(ids.size(), std::size_t(1000));
    }

    void whoWroteWhatGoesOutAndComesBack()
    {
        const std::string line =
            "{\"id\":1,\"instruction\":\"i\",\"input\":\"\",\"output\":\"o\",\"judgment\":\"j\",\"revision\":\"r\","
            "\"demonstration\":\"d\","
            "\"verdict\":\"criticised\",\"marks\":[{\"begin\":0,\"end\":1,\"mark\":\"flag\"}],\"provenance\":{"
            "\"response\":"
            "{\"kind\":\"model\",\"model\":\"meta/"
            "llama\",\"round\":2},\"judgment\":{\"kind\":\"person\",\"name\":\"Ada\"},"
            "\"revision\":{\"kind\":\"model\",\"model\":\"x\"},\"demonstration\":{\"kind\":\"person\"},"
            "\"marks\":{\"kind\":\"program\",\"name\":\"p\"}}}"
            "\n";
        import(line);
        QCOMPARE(exported(project()), line);
        const auto item = *project().item({1});
        QCOMPARE(item.author, (Author{AuthorKind::Model, {}, "meta/llama", 2}));
        QCOMPARE(item.judgedBy, ownPerson("Ada"));
        project().submit({1}, Verdict::Criticised, "k");
        project().setMarks({1}, {{0, 1, MarkKind::Clear}});
        QCOMPARE(project().item({1})->judgedBy, ownPerson());
        QCOMPARE(project().item({1})->markedBy, ownPerson());
        project().undo();
        project().undo();
        QCOMPARE(exported(project()), line);
    }

    // Somebody's own field of that name.
    void anotherProvenanceStaysAsItIs()
    {
        import("{\"id\":1,\"instruction\":\"i\",\"input\":\"\",\"output\":\"o\",\"judgment\":\"j\",\"provenance\":"
               "\"wikipedia\"}");
        project().submit({1}, Verdict::Accepted, {});
        const std::string line = "{\"id\":1,\"instruction\":\"i\",\"input\":\"\",\"output\":\"o\",\"judgment\":null,"
                                 "\"provenance\":\"wikipedia\",\"verdict\":\"accepted\"}"
                                 "\n";
        QCOMPARE(exported(project()), line);
    }

    void numbersKeepAllTheirDigits()
    {
        const std::string line =
            "{\"id\":340282366920938463463374607431768211455,\"instruction\":\"i\",\"input\":\"\",\"output\":\"o\","
            "\"judgment\":null,"
            "\"snowflake\":123456789012345678901234567890,\"list\":[-98765432109876543210,1.10,{\"a b\":1.50}],"
            "\"verdict\":\"accepted\"}"
            "\n";
        import(line);
        QCOMPARE(exported(project()), line);
        QCOMPARE(examples().front().at("id").get<std::string>(),
                 std::string("340282366920938463463374607431768211455"));
    }

    void anIdOfPandasIsAWholeNumber()
    {
        import("{\"id\":1.0,\"instruction\":\"a\",\"output\":\"b\"}\n{\"id\":-2e3,\"instruction\":\"c\",\"output\":"
               "\"d\"}");
        QVERIFY(project().findExternal("1"));
        QVERIFY(project().findExternal("-2000"));
    }
};

QTEST_APPLESS_MAIN(RoundInputTest)
#include "tst_round_input.moc"
