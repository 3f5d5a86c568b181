// Which texts of a line an objective reads and in which context, and what is said about lines that lack what is needed.
#include "tests/trainer/objectives/objective_bench.h"

#include <QtTest>

using namespace stet;
using namespace stet::test;
namespace fs = std::filesystem;

class ObjectiveTextsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { model::loadAccelerator(); }

    void everyObjectiveReadsItsTexts()
    {
        QTemporaryDir dir;
        const Json written = {{"revision", "Tom saw a blue ball."}, {"demonstration", "A ball was seen."}};
        const std::vector<Json> lines = {line("bad", "The ball is blue.", written), line("good", nullptr)};
        const auto readings = [&](const char* objective) {
            const auto set = setOf(makeWrittenRound(dir, {{"objective", objective}, {"positive_ratio", 1}}, lines));
            return set.examples;
        };
        const auto sft = readings("sft");
        QCOMPARE(sft.size(), std::size_t(2));
        QCOMPARE(responseOf(sft[0].readings[0]), std::string("A ball was seen."));
        QCOMPARE(responseOf(sft[1].readings[0]), std::string("Tom saw a red ball good"));
        const auto ilf = readings("ilf");
        QCOMPARE(ilf.size(), std::size_t(1));
        QCOMPARE(responseOf(ilf[0].readings[0]), std::string("Tom saw a blue ball."));
        const auto dpo = readings("dpo");
        QCOMPARE(dpo.size(), std::size_t(1));
        QCOMPARE(responseOf(dpo[0].readings[0]), std::string("Tom saw a blue ball."));
        QCOMPARE(responseOf(dpo[0].readings[1]), std::string("Tom saw a red ball bad"));
        const auto hindsight = readings("hindsight");
        QVERIFY(promptOf(hindsight[0].readings[0]).find("### Judgment:\nThe ball is blue.") != std::string::npos);
        QVERIFY(promptOf(hindsight[1].readings[0]).find(text::kPraise) != std::string::npos);
        const auto prediction = readings("forward-prediction");
        QVERIFY(promptOf(prediction[0].readings[0]).find("### Response:\nTom saw a red ball bad") != std::string::npos);
        QCOMPARE(responseOf(prediction[0].readings[0]), std::string("The ball is blue."));
        QCOMPARE(responseOf(prediction[1].readings[0]), std::string(text::kPraise));
        const auto distillation = readings("self-distillation");
        QVERIFY(promptOf(distillation[0].readings[1]).find("### Feedback:\nThe ball is blue.") != std::string::npos);
        QVERIFY(distillation[0].readings[1].use == round::Use::Detection);
        QCOMPARE(distillation[1].readings.size(), std::size_t(1));
        const auto offline = readings("offline-self-distillation");
        QVERIFY(promptOf(offline[0].readings[1]).find("### Feedback:\nThe ball is blue.") != std::string::npos);
        QVERIFY(offline[0].readings[1].use == round::Use::Detection);
        QCOMPARE(readings("unlikelihood")[0].readings.size(), std::size_t(1));
        const auto ftpo = readings("ftpo");
        QVERIFY(promptOf(ftpo[0].readings[1]).find("### Judgment:\nThe ball is blue.") != std::string::npos);
        QVERIFY(ftpo[0].readings[0].use == round::Use::Trained);
        QVERIFY(ftpo[0].readings[1].use == round::Use::Detection);
        QCOMPARE(ftpo[1].readings.size(), std::size_t(1));
    }

    void marksStayWithTheirTokens()
    {
        QTemporaryDir dir;
        std::string output;
        for (int i = 0; i < 30; ++i) {
            output += i == 2 ? "red " : i == 27 ? "sky " : "ball ";
        }
        const auto at = [&](const char* word, const char* mark) {
            const auto begin = output.find(word);
            return Json{{"begin", begin}, {"end", begin + 3}, {"mark", mark}};
        };
        const std::vector<Json> lines = {
            line("a", "Wrong.", {{"output", output}, {"marks", Json::array({at("red", "flag"), at("sky", "clear")})}})};
        const auto marked = [&](const Json& settings) {
            const auto set = setOf(makeWrittenRound(dir, settings, lines));
            QTEST_ASSERT(set.examples.size() == 1);
            std::string text;
            const auto& example = set.examples[0];
            const auto& ids = example.readings[0].sequence.response;
            QTEST_ASSERT(static_cast<std::int64_t>(example.marks.size()) == example.readings[0].tokens);
            const std::size_t skipped = ids.size() - example.marks.size();
            for (std::size_t i = 0; i < example.marks.size(); ++i) {
                if (example.marks[i] != 0) {
                    text += textOf(cutGoldens() + "/model", {ids[skipped + i]}) + (example.marks[i] > 0 ? "+" : "-");
                }
            }
            std::erase(text, ' ');
            return text;
        };
        const std::string whole = marked(Json::object());
        QVERIFY2(whole.find('+') < whole.find('-'), whole.c_str());
        const std::string flagged = whole.substr(0, whole.rfind('+') + 1);
        const auto room = [&](int cut) {
            const auto set = setOf(makeWrittenRound(dir, Json::object(), lines));
            const auto& readings = set.examples[0].readings;
            const std::size_t prompt = std::max(readings[0].sequence.prompt.size(), readings[1].sequence.prompt.size());
            return static_cast<int>(prompt + readings[0].sequence.response.size()) - cut;
        };
        QCOMPARE(marked({{"max_length", room(20)}}), flagged);
        QCOMPARE(marked({{"truncate", "left"}, {"max_length", 20}}), whole.substr(flagged.size()));
    }

    // The text that asks for a judgment: in a chat the user's message, in a style of one's own its 'judging'.
    void aJudgmentIsAskedForInTheRoundsStyle()
    {
        QTemporaryDir dir;
        const std::string chat = dir.path().toStdString() + "/chat";
        fs::copy(cutGoldens() + "/model", chat);
        publishFile(chat + "/chat_template.jinja",
                    "{% for m in messages %}<s>{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}"
                    "{% if add_generation_prompt %}<s>model:{% endif %}");
        const std::string own = dir.path().toStdString() + "/own.json";
        publishFile(own,
                    Json({{"plain", "{instruction}"},
                          {"judged", "{instruction} {judgment}"},
                          {"judging", "Is <{output}> good for <{instruction}>? "}})
                        .dump());
        const std::vector<Json> lines = {line("{instruction}", "The ball is blue.")};
        const auto prompt = [&](const Json& settings) {
            const auto set = setOf(makeWrittenRound(dir, settings, lines));
            QTEST_ASSERT(set.examples.size() == 1);
            QTEST_ASSERT(responseOf(set.examples[0].readings[0]).find("The ball is blue.") != std::string::npos);
            return promptOf(set.examples[0].readings[0]);
        };
        Json settings = {{"objective", "forward-prediction"}, {"model", chat}};
        const std::string asked = prompt(settings);
        QVERIFY2(asked.find("user: Write a judgment of the response to the instruction.") != std::string::npos,
                 asked.c_str());
        QVERIFY2(asked.ends_with("model:"), asked.c_str());
        settings = {{"objective", "forward-prediction"}, {"prompt_style", own}};
        QCOMPARE(QString::fromStdString(prompt(settings)),
                 QStringLiteral("Is <Tom saw a red ball {instruction}> good for <Write about Tom.>? "));
        QVERIFY(!text::contextFromName("judging"));   // no context of a response
        settings["objective"] = "self-distillation";  // needs a correction text, which this style lacks
        QVERIFY(refusalOf(makeWrittenRound(dir, settings, lines)).find("'correction'") != std::string::npos);
    }

    // sft and ilf need no output: a person may write answers to instructions alone.
    void demonstrationsNeedNoOutput()
    {
        QTemporaryDir dir;
        Json alone = {{"id", "d"}, {"instruction", "Write."}, {"demonstration", "Done as asked."}};
        const auto set = setOf(makeWrittenRound(dir, {{"objective", "sft"}}, {alone}));
        QCOMPARE(responseOf(set.examples.at(0).readings[0]), std::string("Done as asked."));
        QVERIFY(refusalOf(makeWrittenRound(dir, {{"objective", "cut"}}, {alone})).find("'output'") !=
                std::string::npos);
    }

    void aFileWithoutWhatIsNeededIsRefused_data()
    {
        QTest::addColumn<QString>("objective");
        QTest::addColumn<QString>("field");
        QTest::newRow("ilf") << "ilf"
                             << "'revision'";
        QTest::newRow("dpo") << "dpo"
                             << "'demonstration'";
        QTest::newRow("cut") << "cut"
                             << "criticised responses";
        QTest::newRow("self-distillation") << "self-distillation"
                                           << "criticised responses";
        QTest::newRow("ftpo") << "ftpo"
                              << "criticised responses";
        QTest::newRow("hindsight") << "hindsight"
                                   << "criticised responses";
        QTest::newRow("forward-prediction") << "forward-prediction"
                                            << "criticised responses";
        QTest::newRow("unlikelihood") << "unlikelihood"
                                      << "criticised responses";
        QTest::newRow("sft") << "sft"
                             << "accepted responses";
    }

    void aFileWithoutWhatIsNeededIsRefused()
    {
        QFETCH(QString, objective);
        QFETCH(QString, field);
        QTemporaryDir dir;
        const Json judgment = objective == QLatin1String("sft") ? Json("Wrong.") : Json();
        const std::string said = refusalOf(makeWrittenRound(dir, {{"objective", objective.toStdString()}},
                                                            {line("a", judgment), line("b", judgment)}));
        for (const std::string& word : {"'" + objective.toStdString() + "'", field.toStdString(), std::string("; "),
                                        std::string("examples.jsonl")}) {
            QVERIFY2(said.find(word) != std::string::npos, said.c_str());
        }
    }

    void linesThatLackWhatIsNeededAreLeftOutAndReported()
    {
        QTemporaryDir dir;
        const Json written = {{"revision", "Tom saw a blue ball."}};
        const std::vector<Json> lines = {line("a", "Wrong.", written), line("b", "Wrong."), line("c", nullptr, written),
                                         line("d", "Wrong.", {{"revision", "Tom saw a red ball d"}}), line("e", "")};
        const auto reasons = [&](const char* objective) {
            const Json counts =
                toJson(round::totalsOf(setOf(makeWrittenRound(dir, {{"objective", objective}}, lines))));
            std::map<std::string, std::string> found;
            for (const auto& one : counts.at("left_out")) {
                found[one.at("id").get<std::string>()] = one.at("reason").get<std::string>();
            }
            return found;
        };
        const auto dpo = reasons("dpo");
        QCOMPARE(dpo.size(), std::size_t(4));
        QVERIFY(dpo.at("b").find("'revision'") != std::string::npos);
        QVERIFY(dpo.at("c").find("accepted") != std::string::npos);
        QVERIFY(dpo.at("d").find("the output itself") != std::string::npos);
        QCOMPARE(reasons("ilf").size(), std::size_t(2));
        QCOMPARE(reasons("sft").size(), std::size_t(2));
        QVERIFY(reasons("forward-prediction").at("e").find("empty") != std::string::npos);
        QVERIFY(reasons("cut").empty());
    }
};

QTEST_APPLESS_MAIN(ObjectiveTextsTest)
#include "tst_objective_texts.moc"
