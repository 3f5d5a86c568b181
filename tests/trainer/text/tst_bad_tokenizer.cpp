// tokenizer.json as an attacker writes it: what is none is refused with a message, and what is one is read.
#include "base/utf8.h"
#include "tests/support/bounded.h"
#include "tests/support/failures.h"
#include "tests/trainer/text/tokenizer_file.h"

#include <QtTest>

#include <filesystem>

using namespace stet;
using namespace stet::test;
using text::Specials;

class BadTokenizerTest : public QObject {
    Q_OBJECT

    TokenizerFile m_file;

private Q_SLOTS:
    void theGoodTokenizerIsGood()
    {
        m_file.write(good().dump());
        const auto tokenizer = m_file.load();
        QCOMPARE(tokenizer->encode("aaab", Specials::None).ids, (std::vector<std::int64_t>{3, 2}));
        QCOMPARE(tokenizer->vocabSize(), std::int64_t(5));
    }

    void whatIsNoTokenizerIsRefused_data()
    {
        QTest::addColumn<QByteArray>("content");
        const auto text = [](const char* name, const QByteArray& content) { QTest::newRow(name) << content; };
        const auto row = [](const char* name, const Json& json) {
            QTest::newRow(name) << QByteArray::fromStdString(json.dump());
        };
        text("empty", "");
        text("a number", "5");
        text("a list", "[]");
        text("an empty object", "{}");
        text("cut", QByteArray::fromStdString(good().dump()).chopped(30));
        text("a NUL behind", QByteArray::fromStdString(good().dump()) + QByteArray("\0{}", 3));
        text("a byte-order mark", "\xEF\xBB\xBF{}");
        text("UTF-16", QByteArray("{\0}\0", 4));
        text("not UTF-8", "{\"version\":\"\xFF\"}");
        text("100,000 brackets", QByteArray(100'000, '['));
        text("100,000 objects", QByteArray("{\"a\":").repeated(100'000));
        row("nested sequences", [] {
            Json inner = parsed(R"({"type":"Lowercase"})");
            for (int i = 0; i < 200; ++i) {
                inner = {{"type", "Sequence"}, {"normalizers", Json::array({inner})}};
            }
            return with("normalizer", inner);
        }());
        row("another version", with("version", "9.0"));
        for (const char* model :
             {"null",
              "3",
              "[]",
              "{}",
              "\"BPE\"",
              R"({"type":"X"})",
              R"({"type":"BPE"})",
              R"({"type":"BPE","vocab":[],"merges":[]})",
              R"({"type":"BPE","vocab":{"a":-1},"merges":[]})",
              R"({"type":"BPE","vocab":{"a":1.5},"merges":[]})",
              R"({"type":"BPE","vocab":{"a":"0"},"merges":[]})",
              R"({"type":"BPE","vocab":{"a":4294967296},"merges":[]})",
              R"({"type":"BPE","vocab":{"a":0},"merges":5})",
              R"({"type":"BPE","vocab":{"a":0},"merges":[5]})",
              R"({"type":"BPE","vocab":{"a":0},"merges":["a"]})",
              R"({"type":"BPE","vocab":{"a":0},"merges":["a a a"]})",
              R"({"type":"BPE","vocab":{"a":0},"merges":[["a"]]})",
              R"({"type":"BPE","vocab":{"a":0},"merges":["a b"]})",
              R"({"type":"BPE","vocab":{"a":0,"b":1},"merges":["a b"]})",
              R"({"type":"BPE","vocab":{"a":0,"b":1,"ab":2},"merges":["a b"],"continuing_subword_prefix":"####"})",
              R"({"type":"BPE","vocab":{"a":0,"é":1,"aé":2},"merges":["a é"],"continuing_subword_prefix":"#"})",
              R"({"type":"BPE","vocab":{"a":0},"merges":[],"dropout":2.5})",
              R"({"type":"Unigram","vocab":[["a",0]],"unk_id":7})",
              R"({"type":"Unigram","vocab":[["a"]]})",
              R"({"type":"Unigram","vocab":[["a","x"]]})",
              R"({"type":"Unigram","vocab":{"a":0}})",
              R"({"type":"Unigram","vocab":[["a",1e999]]})",
              R"({"type":"WordPiece","vocab":5})",
              R"({"type":"WordLevel","vocab":{"a":0},"unk_token":5})"}) {
            QTest::newRow(model) << QByteArray::fromStdString(with("model", nullptr).dump())
                                        .replace("\"model\":null", QByteArray("\"model\":") + model);
        }
        for (const char* field : {"normalizer", "pre_tokenizer", "post_processor", "decoder"}) {
            for (const char* value : {"5", "[]", "{}", R"({"type":"X"})", R"({"type":"Sequence"})",
                                      R"({"type":"Sequence","decoders":5})"}) {
                QTest::addRow("%s %s", field, value) << QByteArray::fromStdString(with(field, parsed(value)).dump());
            }
        }
        for (const char* pattern : {"(", "[a", "a{2", "(?<n>", "\\\\", "\\\\g<1>", "(?<a>\\\\g<a>)", "*"}) {
            const std::string value = std::string("{\"type\":\"Split\",\"pattern\":{\"Regex\":\"") + pattern +
                "\"},\"behavior\":\"Isolated\",\"invert\":false}";
            const Json json = Json::parse(value, nullptr, false);
            if (!json.is_discarded() && std::string(pattern) != "a{2" && std::string(pattern) != "*") {
                QTest::addRow("expression %s", pattern)
                    << QByteArray::fromStdString(with("pre_tokenizer", json).dump());
            }
        }
        row("charsmap that is no base64",
            with("normalizer", parsed(R"({"type":"Precompiled","precompiled_charsmap":"%%%"})")));
        row("charsmap that is a number",
            with("normalizer", parsed(R"({"type":"Precompiled","precompiled_charsmap":5})")));
        row("an added token's id below 0", withAdded({{"id", -1}}));
        row("an added token's id beyond 32 bits", withAdded({{"id", 4294967296}}));
        row("an added token that is a number", withAdded({{"content", 5}}));
        row("added tokens that are an object", with("added_tokens", Json::object()));
        row("a decoder with an expression", with("decoder", replace({{"Regex", "(a+)+$"}}, "b")));
        row("a decoder that doubles ten times",
            with("decoder", sequence("decoders", replace({{"String", "a"}}, "aa"), 10)));
        row("a decoder that writes a book", with("decoder", replace({{"String", "a"}}, std::string(100'000, 'x'))));
    }

    void whatIsNoTokenizerIsRefused()
    {
        QFETCH(QByteArray, content);
        m_file.write(content.toStdString());
        const Bounded bounded(2, 256);
        const auto said = messageOf([this] { (void)m_file.load(); });
        QVERIFY2(said.find("tokenizer.json is not a usable tokenizer") != std::string::npos, said.c_str());
        QVERIFY(isValidUtf8(said));
        QVERIFY2(bounded.broken().empty(), bounded.broken().c_str());
    }

    void aFileThatIsTooLargeOrNoFileIsRefused()
    {
        const std::string path = m_file.path();
        m_file.write("{");
        std::filesystem::resize_file(path, std::uintmax_t{3} << 30U);
        const Bounded bounded(2, 64);
        auto said = messageOf([this] { (void)m_file.load(); });
        QVERIFY2(said.find("more than the limit") != std::string::npos, said.c_str());
        std::filesystem::remove(path);
        std::filesystem::create_symlink("tokenizer.json", path);
        said = messageOf([this] { (void)m_file.load(); });
        QVERIFY2(said.find("tokenizer.json") != std::string::npos, said.c_str());
        std::filesystem::remove(path);
        QVERIFY2(bounded.broken().empty(), bounded.broken().c_str());
    }
};

QTEST_APPLESS_MAIN(BadTokenizerTest)
#include "tst_bad_tokenizer.moc"
