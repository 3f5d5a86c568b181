// Conversations as ids with every kind of tokenizer.json, against Transformers (tests/golden/make_chat_goldens.py,
// kinds.json): special tokens that take white space with them, special tokens that people typed, answers right behind
// one.
#include "base/files.h"
#include "base/json.h"
#include "tests/support/failures.h"
#include "tests/support/paths.h"
#include "tests/trainer/text/tokenizer_file.h"
#include "trainer/text/example_encoder.h"

#include <QtTest>

using namespace stet;
using namespace stet::text;

namespace {

using Ids = std::vector<std::int64_t>;

const Json& goldens()
{
    static const Json kGoldens = readJsonFile(test::goldenDir() + "/chat/kinds.json");
    return kGoldens;
}

std::shared_ptr<const ChatTemplate> templateOf(const std::string& source)
{
    files::ModelFolder folder;
    folder.path = "a folder";
    folder.chatTemplate = source;
    return ChatTemplate::load(folder, 0);
}

Json asked(const std::string& text)
{
    return Json::array({{{"role", "user"}, {"content", text}}});
}

void compare(const Ids& found, const Ids& expected, const std::string& what)
{
    QVERIFY2(found == expected,
             (what + "\nfound    " + Json(found).dump() + "\nexpected " + Json(expected).dump()).c_str());
}

}  // namespace

class ChatPromptsTest : public QObject {
    Q_OBJECT

    test::TokenizerFile m_file;

    // One of tests/golden/tokenizers with other added tokens.
    std::shared_ptr<const Tokenizer> tokenizerOf(const std::string& kind, const Json& addedTokens) const
    {
        Json json = readJsonFile(test::goldenDir() + "/tokenizers/" + kind + "/tokenizer.json");
        json["added_tokens"] = addedTokens;
        m_file.write(json.dump());
        return m_file.load();
    }

    static Json addedTokens(const char* kind, const char* manner)
    {
        for (const Json& one : goldens().at("tokenizers")) {
            if (one.at("kind") == kind && one.at("manner") == manner) {
                return one.at("added_tokens");
            }
        }
        throw std::runtime_error("no such golden");
    }

    ChatPrompts promptsOf(const char* kind, const char* manner, const std::string& source) const
    {
        return {templateOf(source), tokenizerOf(kind, addedTokens(kind, manner))};
    }

private Q_SLOTS:
    void promptsAndAnswersHaveTransformersIds_data()
    {
        QTest::addColumn<int>("index");
        const Json& tokenizers = goldens().at("tokenizers");
        QCOMPARE(tokenizers.size(), std::size_t(25));
        for (std::size_t i = 0; i < tokenizers.size(); ++i) {
            const auto name =
                tokenizers[i].at("kind").get<std::string>() + " " + tokenizers[i].at("manner").get<std::string>();
            QTest::newRow(name.c_str()) << static_cast<int>(i);
        }
    }

    void promptsAndAnswersHaveTransformersIds()
    {
        QFETCH(int, index);
        const Json& golden = goldens().at("tokenizers").at(static_cast<std::size_t>(index));
        const auto tokenizer = tokenizerOf(golden.at("kind").get<std::string>(), golden.at("added_tokens"));
        for (const Json& one : golden.at("cases")) {
            const auto name = one.at("template").get<std::string>();
            const auto written = one.at("written").get<std::string>();
            const ChatPrompts prompts(templateOf(goldens().at("templates").at(name).get<std::string>()), tokenizer);
            const ChatPrompt prompt = prompts.render(asked(written), true);
            compare(prompt.encoding.ids, one.at("prompt").get<Ids>(), name + " prompt of '" + written + "'");
            for (const auto& [answer, response] : one.at("responses").items()) {
                auto expected = response.at("ids").get<Ids>();
                const Ids found = prompts.answer(prompt, answer).ids;
                // White space that the template puts behind the answer is not the answer's.
                if (!response.at("whole").get<bool>() && expected.size() > found.size()) {
                    expected.resize(found.size());
                }
                compare(found, expected, name + " answer '" + answer + "' to '" + written + "'");
            }
        }
    }

    // The whole conversation would lose it to the special token; the answer is what the person sees.
    void whiteSpaceBeforeAnAnswerStaysItsOwn()
    {
        for (const char* manner : {"rstrip", "both"}) {
            const auto prompts = promptsOf("bpe-bytes", manner, "<s>{{ messages[0].content }}<|assistant|>{{ '\\n' }}");
            const ChatPrompt prompt = prompts.render(asked("Hi"), true);
            const Encoding answer = prompts.answer(prompt, "\n Hello");
            QCOMPARE(answer.ranges.front().begin, 0);
            QCOMPARE(answer.ranges.back().end, 7);
            QVERIFY(prompts.answer(prompt, "").ids.empty());
        }
    }

    // Where the answer's first token would take the prompt's last characters with it, it stands alone: nothing is put
    // before it as before the first word of a text.
    void anAnswerThatWouldJoinThePromptIsAPieceOfItsOwn()
    {
        const std::string source = "<s>{{ messages[0].content }} A: th";
        for (const char* kind : {"bpe-bytes", "bpe-metaspace", "bpe-metaspace-first"}) {
            const auto prompts = promptsOf(kind, "plain", source);
            const ChatPrompt prompt = prompts.render(asked("Hi"), true);
            const Encoding answer = prompts.answer(prompt, "e quick");
            QCOMPARE(answer.ranges.front().begin, 0);
            QVERIFY(answer.ranges.front().end >= 1);
            QCOMPARE(answer.ranges.back().end, 7);
            Ids whole = prompt.encoding.ids;
            whole.insert(whole.end(), answer.ids.begin(), answer.ids.end());
            const std::string text = tokenizerOf(kind, addedTokens(kind, "plain"))->decode(whole, true);
            QVERIFY2(text.ends_with(": the quick"), text.c_str());
        }
    }

    void marksOfOursInPeoplesTextAreShownAsUnknownCharacters()
    {
        const auto prompts = promptsOf("bpe-bytes", "plain", "<s>{{ messages[0].content }}<|assistant|>");
        const ChatPrompt prompt = prompts.render(asked("a\xEF\xB7\x90\xEF\xB7\x91z"), true);
        QCOMPARE(prompt.text, std::string("<s>a\xEF\xBF\xBD\xEF\xBF\xBDz<|assistant|>"));
        QCOMPARE(prompts.answer(prompt, "\xEF\xB7\x91z").ranges.back(), (TokenRange{1, 2}));
    }

    // <image_soft_token> of Gemma 3 stands behind the vocabulary, as [PAD] does in some Llamas.
    void anAddedTokenBehindTheVocabularyIsRefusedOnlyWhereATextHasIt()
    {
        files::ModelFolder folder;
        folder.path = "a folder";
        folder.chatTemplate = "<s>{{ messages[0].content }}{% if 'x' in messages[0].content %}<|assistant|>{% endif %}";
        folder.config.contextLength = 1000;
        folder.config.vocabSize = 1000;
        folder.stopIds = {2};
        const auto tokenizer = tokenizerOf("bpe-bytes", addedTokens("bpe-bytes", "plain"));
        folder.config.vocabSize = *tokenizer->idOf("<|assistant|>");
        QCOMPARE(tokenizer->vocabSize(), folder.config.vocabSize + 1);
        QCOMPARE(tokenizer->baseVocabSize(), *tokenizer->idOf("<|user|>"));
        const ExampleEncoder encoder(tokenizer, PromptStyle::resolve("chat", folder), folder);
        files::Example example;
        example.id = "7";
        example.instruction = "a<|assistant|>";
        example.output = "<|assistant|>";
        QVERIFY(encoder.encode(example, {Context::Plain}, {}).response.size() > 2);
        example.instruction = "x";
        QCOMPARE(test::messageOf([&] { (void)encoder.encode(example, {Context::Plain}, {}); }),
                 "'7' holds the token \"<|assistant|>\" (" + std::to_string(folder.config.vocabSize) +
                     "), and the model's vocabulary ends at " + std::to_string(folder.config.vocabSize - 1) +
                     "; take it out of the text");
        folder.eosToken = "<|assistant|>";
        QVERIFY(test::messageOf([&] {
                    ExampleEncoder(tokenizer, PromptStyle::resolve("chat", folder), folder);
                }).find("as its end of sequence") != std::string::npos);
        folder.eosToken.reset();
        folder.config.vocabSize = tokenizer->baseVocabSize() - 1;
        QVERIFY(test::messageOf([&] {
                    ExampleEncoder(tokenizer, PromptStyle::resolve("chat", folder), folder);
                }).find("belongs to another model") != std::string::npos);
    }

    void rangesCountTheTextWithoutMarks()
    {
        const auto prompts = promptsOf("bpe-bytes", "plain", "<s>{{ messages[0].content }}<|assistant|>{{ '\\n' }}");
        const ChatPrompt prompt = prompts.render(asked("é</s>x"), true);
        QCOMPARE(prompt.text, std::string("<s>é</s>x<|assistant|>\n"));
        QCOMPARE(prompt.encoding.ranges.front(), (TokenRange{0, 3}));
        QCOMPARE(prompt.encoding.ranges[prompt.encoding.ranges.size() - 2], (TokenRange{9, 22}));
        QCOMPARE(prompt.encoding.ranges.back(), (TokenRange{22, 23}));
    }
};

QTEST_APPLESS_MAIN(ChatPromptsTest)
#include "tst_chat_prompts.moc"
