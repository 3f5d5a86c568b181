// What objectives do with a file: which texts of a line are read and in which context, what is said about lines that
// lack what is needed, which answers an anchor holds on to, and rounds that are resumed.
#include "base/failure.h"
#include "tests/trainer/round/golden_bench.h"
#include "trainer/round/anchor.h"
#include "trainer/round/round.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cmath>

using namespace stet;
namespace fs = std::filesystem;

namespace {

// A round folder over the tiny model; `lines` replaces the examples.
std::string makeRound(const QTemporaryDir& dir, const Json& settings, const std::vector<Json>& lines)
{
    const std::string folder = dir.path().toStdString() + "/round";
    fs::remove_all(folder);
    fs::create_directories(folder);
    std::string text;
    for (const auto& line : lines) {
        text += line.dump() + "\n";
    }
    publishFile(folder + "/examples.jsonl", text);
    Json all = {{"model", test::cutGoldens() + "/model"}, {"device", "cpu"}, {"threads", 1}};
    all.update(settings);
    publishFile(folder + "/round.json", all.dump());
    return folder;
}

Json line(const std::string& id, const Json& judgment, const Json& more = Json::object())
{
    Json json = {{"id", id}, {"instruction", "Write about Tom."}, {"output", "Tom saw a red ball " + id}};
    json["judgment"] = judgment;
    json.update(more);
    return json;
}

round::TrainingSet setOf(const std::string& folder)
{
    const auto settings = files::readRoundSettings(folder);
    const auto model = files::openModelFolder(settings.model);
    const text::ExampleEncoder encoder(text::Tokenizer::load(settings.model),
                                       text::PromptStyle::resolve(settings.promptStyle, model), model);
    return round::makeTrainingSet(folder + "/examples.jsonl", settings, encoder);
}

std::string textOf(const std::string& model, const std::vector<std::int64_t>& ids)
{
    return text::Tokenizer::load(model)->decode(ids, true);
}

std::string promptOf(const round::Reading& reading)
{
    return textOf(test::cutGoldens() + "/model", reading.sequence.prompt);
}

std::string responseOf(const round::Reading& reading)
{
    return textOf(test::cutGoldens() + "/model", reading.sequence.response);
}

}  // namespace

class ObjectivesTest : public QObject {
    Q_OBJECT

    static std::string refusalOf(const std::string& folder)
    {
        try {
            setOf(folder);
        } catch (const Failure& failure) {
            return failure.kind() == FailureKind::BadInput ? failure.what() : "another kind of failure";
        }
        return {};
    }

private Q_SLOTS:
    void initTestCase() { model::loadAccelerator(); }

    // Marks reach the loss, by token.
    void marksReachTraining_data()
    {
        QTest::addColumn<QString>("marks");
        for (const char* name : {"union", "only", "ignore"}) {
            QTest::newRow(name) << QString::fromLatin1(name);
        }
    }
    void marksReachTraining()
    {
        QFETCH(QString, marks);
        for (const char* when : {"start", "current"}) {
            QTemporaryDir dir;
            const Json mark = {{"marks", {{{"begin", 4}, {"end", 9}, {"mark", "flag"}}}}};
            Json settings = {
                {"marks", marks.toStdString()}, {"flags", when}, {"lambda", 1e6}};  // the rule finds nothing
            settings["parent"] = {{"adapter", test::cutGoldens() + "/start"}, {"how", "continue"}};
            const std::string folder = makeRound(dir, settings, {line("a", "Wrong.", mark)});
            const test::GoldenBench bench(folder);
            const auto* example = bench.at(0);
            const auto marked = std::count(example->marks.begin(), example->marks.end(), 1);
            QVERIFY(marked > 0 && marked < example->tokens);
            const auto result = round::accumulateStep(bench.context(), {example}, 0);
            const double expected = marks == QLatin1String("ignore")
                ? 0
                : static_cast<double>(marked) / static_cast<double>(example->tokens);
            QCOMPARE(result.flaggedShare, expected);
        }
    }

    // --- which texts train

    void everyObjectiveReadsItsTexts()
    {
        QTemporaryDir dir;
        const Json written = {{"revision", "Tom saw a blue ball."}, {"demonstration", "A ball was seen."}};
        const std::vector<Json> lines = {line("bad", "The ball is blue.", written), line("good", nullptr)};
        const auto readings = [&](const char* objective) {
            const auto set = setOf(makeRound(dir, {{"objective", objective}, {"positive_ratio", 1}}, lines));
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
        QCOMPARE(readings("unlikelihood")[0].readings.size(), std::size_t(1));
    }

    // The text that asks for a judgment: in a chat the user's message, in a style of one's own its 'judging'.
    void aJudgmentIsAskedForInTheRoundsStyle()
    {
        QTemporaryDir dir;
        const std::string chat = dir.path().toStdString() + "/chat";
        fs::copy(test::cutGoldens() + "/model", chat);
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
            const auto set = setOf(makeRound(dir, settings, lines));
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
        QVERIFY(refusalOf(makeRound(dir, settings, lines)).find("'correction'") != std::string::npos);
    }

    // sft and ilf need no output: a person may write answers to instructions alone.
    void demonstrationsNeedNoOutput()
    {
        QTemporaryDir dir;
        Json alone = {{"id", "d"}, {"instruction", "Write."}, {"demonstration", "Done as asked."}};
        const auto set = setOf(makeRound(dir, {{"objective", "sft"}}, {alone}));
        QCOMPARE(responseOf(set.examples.at(0).readings[0]), std::string("Done as asked."));
        QVERIFY(refusalOf(makeRound(dir, {{"objective", "cut"}}, {alone})).find("'output'") != std::string::npos);
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
        const std::string said = refusalOf(
            makeRound(dir, {{"objective", objective.toStdString()}}, {line("a", judgment), line("b", judgment)}));
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
            const Json counts = round::countsOf(setOf(makeRound(dir, {{"objective", objective}}, lines)));
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

    // --- anchors

    void anAnchorHoldsOnWhatDoesNotTrain()
    {
        QTemporaryDir dir;
        std::vector<Json> lines;
        for (int i = 0; i < 4; ++i) {
            lines.push_back(line("bad" + std::to_string(i), "Wrong."));
            lines.push_back(line("good" + std::to_string(i), nullptr));
        }
        const auto with = [&](const char* answers, double ratio) {
            return makeRound(
                dir, {{"positive_ratio", ratio}, {"anchor", {{"kind", "kl"}, {"weight", 1}, {"answers", answers}}}},
                lines);
        };
        const auto rest = setOf(with("rest", 0.5));
        QCOMPARE(rest.accepted, 2);
        QCOMPARE(rest.anchors.size(), std::size_t(2));
        for (const auto& anchor : rest.anchors) {
            for (const auto& example : rest.examples) {
                QVERIFY(anchor.source.line != example.source.line);
            }
        }
        QCOMPARE(setOf(with("all", 0.5)).anchors.size(), std::size_t(4));
        QVERIFY(refusalOf(with("rest", -1)).find("anchor.answers to \"all\"") != std::string::npos);
        QCOMPARE(setOf(makeRound(dir, Json::object(), lines)).anchors.size(), std::size_t(0));
    }

    // Every pass takes each anchor once; which ones is a function of the step alone.
    void anchorsAreTakenInTurn()
    {
        std::vector<round::TrainingExample> anchors(5);
        for (int i = 0; i < 5; ++i) {
            anchors[static_cast<std::size_t>(i)].source.line = 3 * i;
        }
        files::RoundSettings settings;
        settings.anchor.batchSize = 2;
        std::map<int, int> taken;
        for (int step = 0; step < 5; ++step) {
            const auto batch = round::anchorBatch(anchors, settings, step);
            QCOMPARE(batch.size(), std::size_t(2));
            for (const auto* anchor : batch) {
                ++taken[anchor->source.line];
            }
        }
        for (const auto& [source, times] : taken) {
            QCOMPARE(times, 2);
        }
        QCOMPARE(taken.size(), std::size_t(5));
        settings.anchor.batchSize = 99;
        QCOMPARE(round::anchorBatch(anchors, settings, 7).size(), std::size_t(5));
    }

    // --- rounds

    // The reference is the model a round begins with, also when a parent is merged or continued: the first margin is 0.
    void preferencesBeginAtEvenOdds()
    {
        const Json revision = {{"revision", "Tom saw a blue ball."}};
        for (const char* how : {"merge", "continue", ""}) {
            QTemporaryDir dir;
            Json settings = {{"objective", "dpo"}, {"epochs", 2}, {"optimizer", {{"lr", 0.01}}}};
            if (*how != 0) {
                settings["parent"] = {{"adapter", test::cutGoldens() + "/start"}, {"how", how}};
            }
            const std::string folder =
                makeRound(dir, settings, {line("a", "Wrong.", revision), line("b", "Wrong.", revision)});
            round::runRound(folder, {}, {});
            const auto log = test::linesOf(folder + "/log.jsonl");
            QVERIFY(std::fabs(log.at(0).at("loss").get<double>() - std::log(2.0)) < 1e-5);
            QVERIFY(std::fabs(log.at(0).at("margin").get<double>()) < 1e-5);
            QVERIFY(log.at(1).at("margin").get<double>() > 0);
            QVERIFY(log.at(0).at("likelihood").is_null() && log.at(0).at("unlikelihood").is_null());
        }
    }

    // A resumed round knows what was fixed before the first step, and the model it began with.
    void aResumedRoundHasTheBytesOfAnUninterruptedOne_data()
    {
        QTest::addColumn<QString>("settings");
        const char* const anchored = R"({"objective":"cut","anchor":{"kind":"kl","weight":0.5}})";
        QTest::newRow("dpo") << R"({"objective":"dpo"})";
        QTest::newRow("anchored cut") << anchored;
        QTest::newRow("self-distillation") << R"({"objective":"self-distillation"})";
    }
    void aResumedRoundHasTheBytesOfAnUninterruptedOne()
    {
        QFETCH(QString, settings);
        QTemporaryDir dir;
        Json given = Json::parse(settings.toStdString());
        given.update({{"epochs", 3},
                      {"batch_size", 4},
                      {"lora", {{"dropout", 0.1}}},
                      {"optimizer", {{"lr", 0.004}}},
                      {"seed", 3}});
        const auto make = [&](const char* name) {
            const std::string folder = dir.path().toStdString() + "/" + name;
            test::makeGoldenRound(folder, test::goldenDir() + "/objectives/examples.jsonl", given);
            return folder;
        };
        const auto adapterOf = [](const std::string& folder) {
            return readFile(folder + "/adapter/adapter_model.safetensors", std::size_t{1} << 24);
        };
        const std::string whole = make("whole");
        round::runRound(whole, {}, {});
        const std::string parts = make("parts");
        std::int64_t at = 0;
        round::RoundHooks hooks;
        hooks.onStep = [&](const round::RoundProgress& progress) { at = progress.step; };
        hooks.stopRequested = [&] { return at == 5 ? round::Stop::Pause : round::Stop::None; };
        QCOMPARE(round::runRound(parts, {}, hooks).outcome, round::Outcome::Paused);
        QCOMPARE(round::runRound(parts, {}, {}).outcome, round::Outcome::Finished);
        QVERIFY(adapterOf(parts) == adapterOf(whole));
    }
};

QTEST_APPLESS_MAIN(ObjectivesTest)
#include "tst_objectives.moc"
