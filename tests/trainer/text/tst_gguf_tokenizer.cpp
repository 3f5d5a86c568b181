// A GGUF file's tokenizer gives the ids of Transformers' reading, or of the original model's tokenizer where GGUF says
// only its name (tests/golden/make_gguf_goldens.py).
#include "base/json.h"
#include "tests/support/bounded.h"
#include "tests/support/failures.h"
#include "tests/support/paths.h"
#include "tests/trainer/files/gguf_file.h"
#include "trainer/text/tokenizer.h"

#include <QDir>
#include <QtTest>

using namespace stet;
using namespace stet::test;
using text::Specials;
using text::Tokenizer;

namespace {

std::string types(const std::vector<std::uint32_t>& each)
{
    std::string bytes = ggufText("tokenizer.ggml.token_type") + number32(9) + number32(5) + number64(each.size());
    for (const auto type : each) {
        bytes += number32(type);
    }
    return bytes;
}

std::string scores(std::size_t count)
{
    std::string bytes = ggufText("tokenizer.ggml.scores") + number32(9) + number32(6) + number64(count);
    for (std::size_t i = 0; i < count; ++i) {
        bytes += pairFloat("", -static_cast<float>(i)).substr(12);
    }
    return bytes;
}

}  // namespace

class GgufTokenizerTest : public QObject {
    Q_OBJECT

    GgufFile m_file;

    std::shared_ptr<const Tokenizer> load(const std::vector<std::string>& pairs) const
    {
        return Tokenizer::load(m_file.write(ggufOf(pairs)));
    }

private Q_SLOTS:
    void idsAreThoseOfTransformers_data()
    {
        QTest::addColumn<QString>("name");
        const QDir folder(QString::fromStdString(goldenDir() + "/gguf/tokenizers"));
        const QStringList names = folder.entryList({QStringLiteral("*.gguf")});
        QVERIFY(names.size() >= 11);
        for (const QString& name : names) {
            QTest::newRow(qPrintable(name)) << name.chopped(5);
        }
    }

    void idsAreThoseOfTransformers()
    {
        QFETCH(QString, name);
        const std::string stem = goldenDir() + "/gguf/tokenizers/" + name.toStdString();
        const auto tokenizer = Tokenizer::load(stem + ".gguf");
        for (const Json& expected : readJsonFile(stem + "-ids.json")) {
            const auto content = expected.at("text").get<std::string>();
            const auto ids = tokenizer->encode(content, Specials::InTextAndBegun).ids;
            QVERIFY2(ids == expected.at("ids").get<std::vector<std::int64_t>>(),
                     (toLine(content) + ": " + toLine(Json(ids)) + ", expected " + toLine(expected.at("ids"))).c_str());
        }
    }

    void aTypedControlTokenStaysText()
    {
        const auto tokenizer =
            load({pairText("general.architecture", "llama"), pairText("tokenizer.ggml.model", "llama"),
                  pairTexts("tokenizer.ggml.tokens", {"<unk>", "</s>", "<", "/", "s", ">", "</", "s>"}), scores(8),
                  types({2, 3, 1, 1, 1, 1, 1, 1}), pair32("tokenizer.ggml.eos_token_id", 1),
                  pair32("tokenizer.ggml.unknown_token_id", 0),
                  ggufText("tokenizer.ggml.add_bos_token") + number32(7) + std::string(1, '\0'),
                  ggufText("tokenizer.ggml.add_space_prefix") + number32(7) + std::string(1, '\0')});
        QCOMPARE(tokenizer->encode("</s>", Specials::None).ids, (std::vector<std::int64_t>{6, 7}));
        QCOMPARE(tokenizer->encode("</s>", Specials::InText).ids, (std::vector<std::int64_t>{1}));
    }

    void whatIsNotReadIsNamed_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("said");
        const std::string arch = pairText("general.architecture", "llama");
        const std::string gpt2 = pairText("tokenizer.ggml.model", "gpt2");
        const std::string llama = pairText("tokenizer.ggml.model", "llama");
        const std::string pre = pairText("tokenizer.ggml.pre", "qwen2");
        const std::string tokens = pairTexts("tokenizer.ggml.tokens", {"a", "b", "ab"});
        const auto row = [](const char* name, const std::vector<std::string>& pairs, const char* said) {
            QTest::newRow(name) << QByteArray::fromStdString(ggufOf(pairs)) << QString::fromUtf8(said);
        };
        row("no tokenizer", {arch}, "lack 'tokenizer.ggml.model'");
        row("no tokens", {arch, gpt2, pre}, "lack 'tokenizer.ggml.tokens'");
        row("another kind", {arch, pairText("tokenizer.ggml.model", "bert")}, "kind \"bert\"");
        row("no pre-tokenizer", {arch, gpt2, tokens}, "pre-tokenizer \"default\"");
        row("another pre-tokenizer", {arch, gpt2, pairText("tokenizer.ggml.pre", "falcon"), tokens}, "\"falcon\"");
        row("no merges", {arch, gpt2, pre, tokens}, "lack 'tokenizer.ggml.merges'");
        row("no scores", {arch, llama, tokens}, "lack 'tokenizer.ggml.scores'");
        row("too few scores", {arch, llama, tokens, scores(2)}, "has 2 entries");
        row("too many types", {arch, llama, tokens, scores(3), types({1, 1, 1, 1})}, "has 4 entries");
        row("a token twice", {arch, llama, pairTexts("tokenizer.ggml.tokens", {"a", "a"})}, "\"a\" twice");
        row("tokens that are a text", {arch, llama, pairText("tokenizer.ggml.tokens", "a")}, "must be a list of texts");
        row("scores that are texts", {arch, llama, tokens, pairTexts("tokenizer.ggml.scores", {"1", "2", "3"})},
            "must be a list of numbers");
        row("an end that is no id", {arch, llama, tokens, scores(3), pair32("tokenizer.ggml.eos_token_id", 3)},
            "no id of its 3 tokens");
        row("a begin that is not there",
            {arch, gpt2, pre, tokens, pairTexts("tokenizer.ggml.merges", {"a b"}),
             ggufText("tokenizer.ggml.add_bos_token") + number32(7) + "\1"},
            "lack 'tokenizer.ggml.bos_token_id'");
        row("a merge of one", {arch, gpt2, pre, tokens, pairTexts("tokenizer.ggml.merges", {"ab"})}, "a merge");
        row("a merge of unknown tokens", {arch, gpt2, pre, tokens, pairTexts("tokenizer.ggml.merges", {"a c"})},
            "not a usable tokenizer");
        const auto whole = [](const char* json) { return pairText("tokenizer.huggingface.json", json); };
        row("another whole tokenizer", {arch, llama, tokens, scores(3), whole(R"({"model": {"vocab": {"a": 1}}})")},
            "has other tokens than its vocabulary");
        row("a whole tokenizer that is none", {arch, llama, tokens, scores(3), whole("[")},
            "has other tokens than its vocabulary");
        row("a whole tokenizer without tokens", {arch, llama, tokens, scores(3), whole(R"({"model": {"vocab": {}}})")},
            "has other tokens than its vocabulary");
        std::vector<std::string> growing;
        for (std::size_t length = 1; length <= 800; ++length) {
            growing.emplace_back(length, 'a');
        }
        row("tokens that are merged of each other",
            {arch, llama, pairTexts("tokenizer.ggml.tokens", growing), scores(800)},
            "longer than those of any tokenizer");
        row("tokens without end",
            {arch, llama, pairTexts("tokenizer.ggml.tokens", {std::string(200'000, 'a')}), scores(1)},
            "longer than those of any tokenizer");
    }

    void whatIsNotReadIsNamed()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, said);
        const std::string path = m_file.write(content.toStdString());
        const Bounded bounded;
        const auto message = QString::fromStdString(messageOf([&] { (void)Tokenizer::load(path); }));
        QVERIFY2(message.contains(said) && message.contains(QString::fromStdString(path)), qPrintable(message));
        QCOMPARE(bounded.broken(), std::string());
    }
};

QTEST_APPLESS_MAIN(GgufTokenizerTest)
#include "tst_gguf_tokenizer.moc"
