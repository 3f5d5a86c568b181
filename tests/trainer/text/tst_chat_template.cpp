// Chat templates against Transformers: tests/golden/make_chat_goldens.py rendered and tokenised the goldens.
#include "base/files.h"
#include "tests/support/bounded.h"
#include "tests/support/failures.h"
#include "tests/support/paths.h"
#include "tests/trainer/text/template_folder.h"
#include "trainer/text/chat_template.h"
#include "trainer/text/example_encoder.h"

#include <QTemporaryDir>
#include <QtTest>

#include <chrono>
#include <filesystem>

using namespace stet;
using namespace stet::text;
namespace fs = std::filesystem;

namespace {

std::string goldenPath(const char* name)
{
    return test::goldenDir() + "/chat/" + name;
}

std::string rendering(const std::string& source, const Json& messages = Json::array())
{
    return ChatTemplate::load(test::folderWith(source), 0)->render(messages, true);
}

}  // namespace

class ChatTemplateTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_temporary;

    // A model folder with the golden tokenizer and the template given.
    files::ModelFolder modelFolder(const std::string& chatTemplate) const
    {
        const fs::path path = m_temporary.filePath(QStringLiteral("model")).toStdString();
        fs::remove_all(path);
        fs::copy(test::goldenDir() + "/cut/model", path);
        fs::copy_file(goldenPath("tokenizer.json"), path / "tokenizer.json", fs::copy_options::overwrite_existing);
        publishFile(
            (path / "tokenizer_config.json").string(),
            toLine({{"bos_token", "<s>"}, {"eos_token", {{"content", "</s>"}}}, {"chat_template", chatTemplate}}));
        return files::openModelFolder(path.string());
    }

private Q_SLOTS:
    void everyGoldenIsRenderedAsTransformersDoes_data();
    void everyGoldenIsRenderedAsTransformersDoes();
    void theFolderNamesTheSpecialTokensThatTransformersFinds();
    void promptsAndResponsesHaveTheIdsOfTheWholeConversation();
    void offsetsOfAResponsePointIntoTheResponse();
    void autoTakesTheChatTemplateAndTheJudgmentEntersByAText();
    void templatesByNameNeedOneThatIsTheDefault();
    void messagesNeedTheChatStyle();
    void thousandsOfSpecialTokensCostNothing();
    void anUnknownStyleNamesTheKnownOnes();
    void aTemplateThatRunsAwayIsStopped_data();
    void aTemplateThatRunsAwayIsStopped();
    void aBrokenTemplateIsNamedWithItsLine();
    void theTimeIsTheOneGiven();
};

void ChatTemplateTest::everyGoldenIsRenderedAsTransformersDoes_data()
{
    QTest::addColumn<QString>("text");
    const Json goldens = readJsonFile(goldenPath("templates.json"));
    QVERIFY(goldens.at("cases").size() > 150);
    for (const Json& one : goldens.at("cases")) {
        QTest::newRow(one.at("name").get<std::string>().c_str()) << QString::fromStdString(one.dump());
    }
}

void ChatTemplateTest::everyGoldenIsRenderedAsTransformersDoes()
{
    static const Json kTemplates = readJsonFile(goldenPath("templates.json")).at("templates");
    QFETCH(QString, text);
    const Json one = Json::parse(text.toStdString());
    const Json& context = one.at("context");
    // tools and the like are not what a judged conversation has: they reach the template as constants of the test.
    std::string source = kTemplates.at(one.at("template").get<std::string>()).get<std::string>();
    if (!context.at("tools").is_null()) {
        source.insert(0, "{%- set tools = " + context.at("tools").dump() + " -%}");
    }
    if (context.contains("enable_thinking")) {
        source.insert(0, "{%- set enable_thinking = false -%}");
    }
    const auto render = [&] {
        return ChatTemplate::load(test::folderWith(source), context.at("now").get<std::int64_t>())
            ->render(context.at("messages"), context.at("add_generation_prompt").get<bool>());
    };
    if (one.contains("text")) {
        QCOMPARE(QString::fromStdString(render()), QString::fromStdString(one.at("text").get<std::string>()));
        return;
    }
    const std::string said = test::messageOf(render);
    const std::string theirs = one.at("error").get<std::string>();
    QVERIFY2(said.find("refuses these messages") != std::string::npos, said.c_str());
    // What the template raises is told in its own words; what it trips over is worded by the library.
    if (theirs.find("can only concatenate") == std::string::npos) {
        QVERIFY2(said.find(theirs) != std::string::npos, said.c_str());
    }
}

void ChatTemplateTest::theFolderNamesTheSpecialTokensThatTransformersFinds()
{
    const Json cases = readJsonFile(goldenPath("tokens.json"));
    QVERIFY(cases.size() >= 7);
    for (const Json& one : cases) {
        const std::string path = modelFolder("").path;
        fs::remove(path + "/tokenizer_config.json");
        for (const auto& [key, file] :
             {std::pair("config", "/tokenizer_config.json"), std::pair("map", "/special_tokens_map.json")}) {
            if (!one.at(key).is_null()) {
                publishFile(path + file, one.at(key).dump());
            }
        }
        const auto folder = files::openModelFolder(path);
        QCOMPARE(QByteArray::fromStdString(Json(folder.specialTokens).dump()),
                 QByteArray::fromStdString(one.at("tokens").dump()));
        QCOMPARE(folder.eosToken.value_or(""), one.at("tokens").value("eos_token", ""));
    }
    publishFile(modelFolder("").path + "/special_tokens_map.json", "[]");
    const std::string said =
        test::messageOf([&] { (void)files::openModelFolder(m_temporary.path().toStdString() + "/model"); });
    QVERIFY2(said.find("special_tokens_map.json: expected an object") != std::string::npos, said.c_str());
}

void ChatTemplateTest::templatesByNameNeedOneThatIsTheDefault()
{
    const std::string path = modelFolder("").path;
    const auto resolved = [&](const Json& templates, const char* style) {
        publishFile(path + "/tokenizer_config.json",
                    Json({{"eos_token", "</s>"}, {"chat_template", templates}}).dump());
        const auto folder = files::openModelFolder(path);
        return ExampleEncoder(Tokenizer::load(path), PromptStyle::resolve(style, folder), folder).style().name();
    };
    const Json rag = {{"name", "rag"}, {"template", "r{{ messages[0].content }}"}};
    const Json tools = {{"name", "tool_use"}, {"template", "t{{ messages[0].content }}"}};
    const Json plain = {{"name", "default"}, {"template", "d{{ messages[0].content }}"}};
    QCOMPARE(resolved({rag, plain}, "auto"), std::string("chat"));
    for (const char* style : {"auto", "chat"}) {
        const auto said = test::messageOf([&] { (void)resolved({rag, tools}, style); });
        for (const char* word : {"'rag', 'tool_use'", "'default'", "tokenizer_config.json", "alpaca"}) {
            QVERIFY2(said.find(word) != std::string::npos, (style + (": " + said)).c_str());
        }
    }
    QCOMPARE(resolved({rag, tools}, "alpaca"), std::string("alpaca"));
    QCOMPARE(resolved(Json::array(), "auto"), std::string("alpaca"));
}

void ChatTemplateTest::promptsAndResponsesHaveTheIdsOfTheWholeConversation()
{
    const Json templates = readJsonFile(goldenPath("templates.json")).at("templates");
    int responses = 0;
    for (const Json& one : readJsonFile(goldenPath("prompts.json"))) {
        const auto name = one.at("template").get<std::string>();
        const auto folder = modelFolder(templates.at(name).get<std::string>());
        const ExampleEncoder encoder(Tokenizer::load(folder.path), PromptStyle::resolve("chat", folder), folder);
        files::Example example;
        example.id = name;
        example.messages = one.at("messages");
        example.instruction = example.messages.back().at("content").get<std::string>();
        example.output = one.at("output").get<std::string>();
        QCOMPARE(encoder.promptIds(Context::Plain, example), one.at("prompt").get<std::vector<std::int64_t>>());
        if (one.contains("response")) {
            auto expected = one.at("response").get<std::vector<std::int64_t>>();
            expected.push_back(one.at("end").get<std::int64_t>());
            QCOMPARE(encoder.encode(example, {Context::Plain, Context::Judged}, {}).response, expected);
            ++responses;
        }
    }
    QVERIFY(responses > 20);
}

void ChatTemplateTest::offsetsOfAResponsePointIntoTheResponse()
{
    const Json templates = readJsonFile(goldenPath("templates.json")).at("templates");
    for (const char* name : {"chatml", "llama2-like"}) {
        const auto folder = modelFolder(templates.at(name).get<std::string>());
        const ExampleEncoder encoder(Tokenizer::load(folder.path), PromptStyle::resolve("chat", folder), folder);
        files::Example example;
        example.instruction = "Count.";
        example.output = "one two";
        const auto encoded = encoder.encode(example, {Context::Plain}, {});
        int reached = 0;
        for (const TokenRange& range : encoded.ranges) {
            QVERIFY(range.begin <= reached);
            QVERIFY(range.end >= reached);
            reached = range.end;
        }
        QCOMPARE(reached, 7);
    }
}

void ChatTemplateTest::autoTakesTheChatTemplateAndTheJudgmentEntersByAText()
{
    const Json templates = readJsonFile(goldenPath("templates.json")).at("templates");
    const auto folder = modelFolder(templates.at("chatml").get<std::string>());
    const auto style = PromptStyle::resolve("auto", folder);
    QCOMPARE(style.name(), std::string("chat"));
    const ExampleEncoder encoder(Tokenizer::load(folder.path), style, folder);
    files::Example example;
    example.instruction = "Count.";
    example.judgment = "Wrong <|im_end|>.";
    const auto text = encoder.tokenizer().decode(encoder.promptIds(Context::Judged, example), false);
    QVERIFY2(text.find("### Judgment:\nWrong <|im_end|>.<|im_end|>\n<|im_start|>assistant\n") != std::string::npos,
             text.c_str());
    // As in alpaca, the correction context asks for a good answer.
    const auto correction = encoder.tokenizer().decode(encoder.promptIds(Context::Correction, example), false);
    QVERIFY2(correction.find("user\nWrite a response that appropriately completes the request") != std::string::npos &&
                 correction.find("### Instruction:\nCount.\n\n### Feedback:\nWrong <|im_end|>.<") != std::string::npos,
             correction.c_str());
    QCOMPARE(encoder.tokenizer().decode(encoder.promptIds(Context::Plain, example), false),
             std::string("<|im_start|>user\nCount.<|im_end|>\n<|im_start|>assistant\n"));
}

// A text of nothing but their beginnings, as long as a book.
void ChatTemplateTest::thousandsOfSpecialTokensCostNothing()
{
    std::vector<std::string> texts = {"<", "<end>", "<end", "</s>"};
    for (int i = 0; i < 6000; ++i) {
        texts.push_back("<unused" + std::to_string(i) + ">");
    }
    const SpecialTexts specials(texts);
    const test::Bounded bounds(0.5);
    const auto found = specials.in(std::string(1'000'000, '<') + "<unused17>x<end>y<end");
    QCOMPARE(bounds.broken(), std::string());
    QCOMPARE(found.size(), std::size_t(1'000'003));
    QCOMPARE(found[1'000'000].end - found[1'000'000].begin, std::size_t(10));
    QCOMPARE(found[1'000'001].end - found[1'000'001].begin, std::size_t(5));
    QCOMPARE(found[1'000'002].end - found[1'000'002].begin, std::size_t(4));
    QVERIFY(SpecialTexts({}).in("<s>").empty());
}

void ChatTemplateTest::messagesNeedTheChatStyle()
{
    const auto folder = modelFolder("{{ messages }}");
    const ExampleEncoder encoder(Tokenizer::load(folder.path), PromptStyle::resolve("alpaca", folder), folder);
    files::Example example;
    example.id = "7";
    example.messages = Json::array({{{"role", "user"}, {"content", "a"}}});
    const auto said = test::messageOf([&] { (void)encoder.promptIds(Context::Plain, example); });
    QVERIFY2(said.find("'7'") != std::string::npos && said.find("prompt style chat") != std::string::npos,
             said.c_str());
}

void ChatTemplateTest::anUnknownStyleNamesTheKnownOnes()
{
    const auto said = test::messageOf([] { (void)PromptStyle::resolve("vicuna", test::folderWith("x")); });
    QVERIFY2(said.find("'vicuna' is unknown") != std::string::npos && said.find("alpaca") != std::string::npos,
             said.c_str());
}

void ChatTemplateTest::aTemplateThatRunsAwayIsStopped_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("said");
    QTest::newRow("steps") << "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}"
                           << "steps and was stopped";
    QTest::newRow("doubling")
        << "{% set ns = namespace(s='xxxxxxxx') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s "
           "%}{% endfor %}"
        << "MB of memory and was stopped";
    QTest::newRow("output") << "{% for i in range(99999) %}{{ 'a' * 99999 }}{% endfor %}"
                            << "MB of memory and was stopped";
    QTest::newRow("repetition") << "{{ 'a' * 9999999999 }}"
                                << "too large";
    QTest::newRow("recursion") << "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}"
                               << "recursion limit";
}

void ChatTemplateTest::aTemplateThatRunsAwayIsStopped()
{
    QFETCH(QString, source);
    QFETCH(QString, said);
    const auto message = QString::fromStdString(test::messageOf([&] { (void)rendering(source.toStdString()); }));
    QVERIFY2(message.contains(said), qPrintable(message));
    // And the next one is as good as before.
    QCOMPARE(rendering("{{ 'fine' }}"), std::string("fine"));
}

void ChatTemplateTest::aBrokenTemplateIsNamedWithItsLine()
{
    const auto said = test::messageOf([] { (void)rendering("{{ bos_token }}\n{% if messages %}\n{{ messages[0 }}"); });
    QVERIFY2(said.find("The chat template of a folder can't be read") != std::string::npos, said.c_str());
    QVERIFY2(said.find("line 3") != std::string::npos, said.c_str());
}

void ChatTemplateTest::theTimeIsTheOneGiven()
{
    const auto chat = ChatTemplate::load(test::folderWith("{{ strftime_now('%d %b %Y') }}"), 1735732800);
    QCOMPARE(chat->render(Json::array(), true), std::string("01 Jan 2025"));
}

QTEST_GUILESS_MAIN(ChatTemplateTest)
#include "tst_chat_template.moc"
