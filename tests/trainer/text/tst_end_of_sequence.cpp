// Where a response ends in a chat, against what Transformers writes (tests/golden/make_chat_goldens.py, ends.json); at
// which ids generation stops; and that a prompt has no end.
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

constexpr const char* kEndTemplate = "{% for m in messages %}<|user|>{{ m.content }}<|end|>{% endfor %}";

const Json& goldens()
{
    static const Json kGoldens = readJsonFile(test::goldenDir() + "/chat/ends.json");
    return kGoldens;
}

}  // namespace

class EndOfSequenceTest : public QObject {
    Q_OBJECT

    test::TokenizerFile m_file;
    std::shared_ptr<const Tokenizer> m_tokenizer;

    files::ModelFolder folderWith(const std::string& chatTemplate, const Ids& stopIds) const
    {
        files::ModelFolder folder;
        folder.path = "a folder";
        folder.chatTemplate = chatTemplate;
        folder.specialTokens = {{"bos_token", "<bos>"}, {"eos_token", "</s>"}};
        folder.eosToken = "</s>";
        folder.stopIds = stopIds;
        folder.config.vocabSize = 1000;
        folder.config.contextLength = 1000;
        return folder;
    }

    EndOfSequence endOf(const files::ModelFolder& folder, const std::string& style = "chat") const
    {
        return ExampleEncoder(m_tokenizer, PromptStyle::resolve(style, folder), folder).end();
    }

    std::int64_t idOf(const char* token) const { return *m_tokenizer->idOf(token); }

private Q_SLOTS:
    void initTestCase()
    {
        Json json = readJsonFile(test::goldenDir() + "/tokenizers/" + goldens().at("kind").get<std::string>() +
                                 "/tokenizer.json");
        json["added_tokens"] = goldens().at("added_tokens");
        m_file.write(json.dump());
        m_tokenizer = m_file.load();
    }

    void anAnswerEndsAsItsTemplateEndsIt_data()
    {
        QTest::addColumn<int>("index");
        const Json& cases = goldens().at("cases");
        QVERIFY(cases.size() >= 18);
        for (std::size_t i = 0; i < cases.size(); ++i) {
            QTest::newRow(cases[i].at("name").get<std::string>().c_str()) << static_cast<int>(i);
        }
    }

    void anAnswerEndsAsItsTemplateEndsIt()
    {
        QFETCH(int, index);
        const Json& golden = goldens().at("cases").at(static_cast<std::size_t>(index));
        const auto folder = folderWith(golden.at("template").get<std::string>(), {idOf("</s>")});
        const std::int64_t expected = golden.at("id").is_null() ? idOf("</s>") : golden.at("id").get<std::int64_t>();
        QCOMPARE(endOf(folder).id, expected);
    }

    void generationStopsAtTheTrainedEndAndAtTheConfiguredOnes()
    {
        const std::int64_t trained = idOf("<|end|>");
        const std::int64_t configured = idOf("</s>");
        QCOMPARE(endOf(folderWith(kEndTemplate, {configured})).stopIds, (Ids{configured, trained}));
        QCOMPARE(endOf(folderWith(kEndTemplate, {configured, trained})).stopIds, (Ids{configured, trained}));
        QCOMPARE(endOf(folderWith(kEndTemplate, {})).stopIds, (Ids{trained}));
    }

    void aTrainedEndThatNoConfigurationNamesIsAWarning()
    {
        const auto said = endOf(folderWith(kEndTemplate, {idOf("</s>")})).warnings;
        QCOMPARE(said.size(), std::size_t(1));
        QVERIFY2(said.front().find("\"<|end|>\" (" + std::to_string(idOf("<|end|>")) + ")") != std::string::npos &&
                     said.front().find("generation_config.json") != std::string::npos,
                 said.front().c_str());
        QVERIFY(endOf(folderWith(kEndTemplate, {idOf("</s>"), idOf("<|end|>")})).warnings.empty());
    }

    void otherStylesEndWithTheConfiguredToken()
    {
        const auto folder = folderWith(kEndTemplate, {idOf("<|im_end|>")});
        QCOMPARE(endOf(folder, "alpaca").id, idOf("</s>"));
        auto unnamed = folder;
        unnamed.eosToken.reset();
        QCOMPARE(endOf(unnamed, "alpaca").id, idOf("<|im_end|>"));
    }

    void aTemplateWithAnEndNeedsNoConfiguredOne()
    {
        auto folder = folderWith(kEndTemplate, {});
        folder.eosToken.reset();
        QCOMPARE(endOf(folder).id, idOf("<|end|>"));
        const auto said = test::messageOf([&] { (void)endOf(folder, "alpaca"); });
        QVERIFY2(said.find("names no end of sequence") != std::string::npos, said.c_str());
    }

    void anEndBehindTheVocabularyIsRefused()
    {
        auto folder = folderWith(kEndTemplate, {2});
        folder.config.vocabSize = idOf("<|end|>") + 1;
        const auto base = m_tokenizer->baseVocabSize();
        QVERIFY(idOf("<|im_end|>") >= base);
        folder.config.vocabSize = base;
        folder.chatTemplate = "{% for m in messages %}{{ m.content }}<|im_end|>{% endfor %}";
        const auto said = test::messageOf([&] { (void)endOf(folder); });
        QVERIFY2(said.find("writes behind an answer") != std::string::npos, said.c_str());
    }

    void aResponseIsScoredWithTheEndOfItsTemplate()
    {
        const auto folder = folderWith(kEndTemplate, {idOf("</s>")});
        const ExampleEncoder encoder(m_tokenizer, PromptStyle::resolve("chat", folder), folder);
        files::Example example;
        example.id = "1";
        example.instruction = "Count.";
        example.output = "one two";
        example.judgment = "Wrong.";
        const auto encoded = encoder.encode(example, {Context::Plain, Context::Judged}, {});
        QCOMPARE(encoded.response.back(), idOf("<|end|>"));
        QCOMPARE(encoded.contexts.at(Context::Judged).response, encoded.response);
        QCOMPARE(encoded.ranges.back(), (TokenRange{7, 7}));
        example.stoppedByLength = true;
        QVERIFY(encoder.encode(example, {Context::Plain}, {}).response.back() != idOf("<|end|>"));
    }

    // A post-processor may put an end of sequence behind a text (unigram-bytes), or [SEP] (wordpiece).
    void aPromptHasNoEnd_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<int>("before");
        QTest::newRow("unigram-bytes") << "unigram-bytes" << 0;
        QTest::newRow("wordpiece") << "wordpiece" << 1;
        QTest::newRow("bpe-bytes") << "bpe-bytes" << 1;
        QTest::newRow("wordlevel") << "wordlevel" << 0;
    }

    void aPromptHasNoEnd()
    {
        QFETCH(QString, kind);
        QFETCH(int, before);
        const auto tokenizer = Tokenizer::load(test::goldenDir() + "/tokenizers/" + kind.toStdString());
        const auto folder = folderWith("", {2});
        const ExampleEncoder encoder(tokenizer, PromptStyle::resolve("alpaca", folder), folder);
        files::Example example;
        example.id = "1";
        example.instruction = "Count to two.";
        const Ids whole =
            tokenizer->encode(encoder.style().render(Context::Plain, "Count to two.", ""), Specials::Added).ids;
        const Ids text =
            tokenizer->encode(encoder.style().render(Context::Plain, "Count to two.", ""), Specials::None).ids;
        Ids expected(whole.begin(), whole.begin() + before);
        expected.insert(expected.end(), text.begin(), text.end());
        QCOMPARE(encoder.promptIds(Context::Plain, example), expected);
        const auto empty = static_cast<std::size_t>(before);
        QCOMPARE(tokenizer->encode("", Specials::Begun).ids.size(), empty);
        QCOMPARE(tokenizer->encode("", Specials::InTextAndBegun).ids.size(), empty);
    }
};

QTEST_APPLESS_MAIN(EndOfSequenceTest)
#include "tst_end_of_sequence.moc"
