// tokenizer.json as an attacker writes it: refused, or stopped by a limit with a message; what is read works on. Kinds
// after the published faults of tokenizers (expressions without end, merges that overrun, texts that double).
#include "base/failure.h"
#include "base/files.h"
#include "base/json.h"
#include "base/utf8.h"
#include "tests/support/bounded.h"
#include "trainer/text/tokenizer.h"

#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>

using namespace stet;
using text::Specials;
using text::Tokenizer;

namespace {

constexpr double kSeconds = 10;
constexpr std::size_t kMebibytes = 1024;

Json good()
{
    return {{"version", "1.0"},
            {"truncation", nullptr},
            {"padding", nullptr},
            {"added_tokens",
             {{{"id", 4},
               {"content", "<s>"},
               {"single_word", false},
               {"lstrip", false},
               {"rstrip", false},
               {"normalized", false},
               {"special", true}}}},
            {"normalizer", nullptr},
            {"pre_tokenizer", nullptr},
            {"post_processor", nullptr},
            {"decoder", nullptr},
            {"model",
             {{"type", "BPE"},
              {"dropout", nullptr},
              {"unk_token", nullptr},
              {"continuing_subword_prefix", nullptr},
              {"end_of_word_suffix", nullptr},
              {"fuse_unk", false},
              {"byte_fallback", false},
              {"ignore_merges", false},
              {"vocab", {{"a", 0}, {"b", 1}, {"ab", 2}, {"aa", 3}, {"<s>", 4}}},
              {"merges", Json::parse(R"([["a","b"],["a","a"]])")}}}};
}

Json with(const char* field, Json value)
{
    Json json = good();
    json[field] = std::move(value);
    return json;
}

Json withModel(const Json& changes)
{
    Json json = good();
    json["model"].update(changes);
    return json;
}

Json withAdded(const Json& changes)
{
    Json json = good();
    json["added_tokens"][0].update(changes);
    return json;
}

Json parsed(const char* text)
{
    return Json::parse(text);
}

Json split(const std::string& pattern)
{
    return {{"type", "Split"}, {"pattern", {{"Regex", pattern}}}, {"behavior", "Isolated"}, {"invert", false}};
}

Json replace(const Json& pattern, const std::string& content)
{
    return {{"type", "Replace"}, {"pattern", pattern}, {"content", content}};
}

Json sequence(const char* list, const Json& one, int times)
{
    Json items = Json::array();
    for (int i = 0; i < times; ++i) {
        items.push_back(one);
    }
    return {{"type", "Sequence"}, {list, items}};
}

const std::string kManyAs(3000, 'a');

}  // namespace

class BadTokenizerTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;

    std::string folder() const { return m_dir.path().toStdString(); }
    void write(const std::string& content) const { publishFile(folder() + "/tokenizer.json", content); }

    // What loading says; empty when it loads.
    std::string refusal() const
    {
        try {
            (void)Tokenizer::load(folder());
        } catch (const Failure& failure) {
            return failure.what();
        }
        return {};
    }

private Q_SLOTS:
    void theGoodTokenizerIsGood()
    {
        write(good().dump());
        const auto tokenizer = Tokenizer::load(folder());
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
        write(content.toStdString());
        const test::Bounded bounded(2, 256);
        const auto said = refusal();
        QVERIFY2(said.find("tokenizer.json is not a usable tokenizer") != std::string::npos, said.c_str());
        QVERIFY(isValidUtf8(said));
        QVERIFY2(bounded.broken().empty(), bounded.broken().c_str());
    }

    // Loads or not, encodes or not: within bounds, and the next tokenizer is as good as before.
    void whatLoadsIsUsedWithinBounds_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("said");  // by whoever stops it; empty: nobody need
        const auto row = [](const std::string& name, const Json& json, const std::string& text = kManyAs + "!b",
                            const char* said = "") {
            QTest::newRow(name.c_str()) << QByteArray::fromStdString(json.dump()) << QByteArray::fromStdString(text)
                                        << QString::fromLatin1(said);
        };
        for (const char* pattern :
             {"(a+)+$", "(a|a)*b", "(a|aa)+$", "(a?){30}a{30}$", "(.*a){12}b", "([a-z]+)*\\d", "(?:a*)*b", "(a+)+\\1b",
              "(?=(a+)+$)a", "(?>a*)*(a*)*b", "(a{1,99}){1,99}b", "(?<!(a|aa))((a|aa)+)+b", "((a*)*)*b"}) {
            const bool bounded = std::string(pattern) != "(?:a*)*b" && std::string(pattern) != "(a?){30}a{30}$" &&
                std::string(pattern) != "(?>a*)*(a*)*b" && std::string(pattern) != "((a*)*)*b" &&
                std::string(pattern) != "(?<!(a|aa))((a|aa)+)+b" && std::string(pattern) != "([a-z]+)*\\d";
            row(std::string("split ") + pattern, with("pre_tokenizer", split(pattern)), kManyAs + "!b",
                bounded ? "searched without end" : "");
            row(std::string("replace ") + pattern, with("normalizer", replace({{"Regex", pattern}}, "x")),
                kManyAs + "!b", bounded ? "searched without end" : "");
        }
        row("an expression that recurs", with("pre_tokenizer", split("(?<n>a\\g<n>?b?)c")));
        row("an expression of 2,000 groups",
            with("pre_tokenizer", split(std::string(2000, '(') + "a" + std::string(2000, ')'))));
        row("an expression of 100,000 words", with("pre_tokenizer", split([] {
                                                       std::string words = "x";
                                                       for (int i = 0; i < 100'000; ++i) {
                                                           words += "|w" + std::to_string(i);
                                                       }
                                                       return words;
                                                   }())));
        row("repeats of repeats", with("pre_tokenizer", split("((((a{1,999}){1,999}){1,999}){1,999}){1,999}")));
        row("an expression that always begins anew", with("pre_tokenizer", split("a*b|a")), std::string(150'000, 'a'),
            "and was stopped");
        row("a text that doubles 40 times",
            with("normalizer", sequence("normalizers", replace({{"String", "a"}}, "aa"), 40)), "a",
            "of memory and was stopped");
        row("a text that doubles at every place",
            with("normalizer", sequence("normalizers", replace({{"Regex", "."}}, "aa"), 40)), "a",
            "of memory and was stopped");
        row("a text before the text",
            with("normalizer", {{"type", "Prepend"}, {"prepend", std::string(4'000'000, 'a')}}), "a");
        row("nothing replaced by much", with("normalizer", replace({{"String", ""}}, std::string(100'000, 'x'))));
        row("much for each letter", with("normalizer", replace({{"String", "a"}}, std::string(1'000'000, 'x'))),
            kManyAs, "of memory and was stopped");
        row("pieces of no length", with("pre_tokenizer", {{"type", "FixedLength"}, {"length", 0}}));
        row("split by nothing",
            with("pre_tokenizer",
                 parsed(R"({"type":"Split","pattern":{"String":""},"behavior":"Removed","invert":true})")));
        row("100 pre-tokenizers", with("pre_tokenizer", sequence("pretokenizers", split("a"), 100)));
        for (const char* charsmap : {"", "AAAA", "////////", "/wAAAAAAAAAAAAAA", "BAAAAP////8AAAAA"}) {
            row(std::string("charsmap ") + charsmap,
                with("normalizer", {{"type", "Precompiled"}, {"precompiled_charsmap", charsmap}}));
        }
        row("the largest id", withModel({{"vocab", {{"a", 4294967295U}, {"b", 1}, {"ab", 2}, {"aa", 3}}}}));
        row("one id for all", withModel({{"vocab", {{"a", 0}, {"b", 0}, {"ab", 0}, {"aa", 0}}}}));
        row("an empty vocabulary", withModel({{"vocab", Json::object()}, {"merges", Json::array()}}));
        row("an empty piece", withModel({{"vocab", {{"", 0}, {"a", 1}}}, {"merges", parsed(R"([["",""]])")}}));
        row("a merge of a merge of itself",
            withModel({{"vocab", {{"a", 0}, {"aa", 0}}}, {"merges", parsed(R"([["a","a"],["aa","aa"]])")}}));
        row("bytes that lack", withModel({{"byte_fallback", true}}), "\xC3\xA9");
        row("an unknown token that is unknown", withModel({{"unk_token", "?"}}), "z");
        row("always dropped", withModel({{"dropout", 1.0}}));
        row("a word of any length",
            with("model", parsed(R"({"type":"WordPiece","vocab":{"a":0,"[UNK]":1},"unk_token":"[UNK]",
                                     "continuing_subword_prefix":"##","max_input_chars_per_word":4000000000})")),
            std::string(30'000, 'z'));
        row("a word piece without its unknown",
            with("model", parsed(R"({"type":"WordPiece","vocab":{"a":0},"unk_token":"[UNK]",
                                     "continuing_subword_prefix":"##","max_input_chars_per_word":100})")),
            "zz");
        row("a unigram of nothing", with("model", parsed(R"({"type":"Unigram","unk_id":null,"vocab":[]})")));
        row("a unigram of an empty piece",
            with("model", parsed(R"({"type":"Unigram","unk_id":0,"vocab":[["",0.0]]})")));
        row("a unigram of extremes",
            with("model",
                 parsed(R"({"type":"Unigram","unk_id":0,"vocab":[["a",-1e308],["aa",1e308],["aaa",1e308]]})")));
        row("a unigram of long pieces", [] {
            Json vocab = Json::array({Json::array({"<unk>", 0.0})});
            for (int i = 1; i < 1500; ++i) {
                vocab.push_back({std::string(static_cast<std::size_t>(i), 'a'), -1.0 * i});
            }
            return with("model", {{"type", "Unigram"}, {"unk_id", 0}, {"vocab", vocab}});
        }());
        row("words without their unknown", with("model", parsed(R"({"type":"WordLevel","vocab":{},"unk_token":"x"})")));
        row("an added token of nothing", withAdded({{"content", ""}}));
        row("an added token of a megabyte", withAdded({{"content", std::string(1'000'000, 'a')}}));
        row("an added token that is every letter",
            withAdded({{"content", "a"}, {"single_word", true}, {"normalized", true}}));
        row(
            "an added token that grows",
            [] {
                Json json = withAdded({{"content", "aaaa"}, {"normalized", true}, {"special", false}});
                json["normalizer"] = sequence("normalizers", replace({{"String", "a"}}, "aa"), 40);
                return json;
            }(),
            "b");
        row("100,000 added tokens", [] {
            Json json = good();
            for (int i = 0; i < 100'000; ++i) {
                Json token = json["added_tokens"][0];
                token["id"] = 5 + i;
                token["content"] = "<t" + std::to_string(i) + ">";
                json["added_tokens"].push_back(std::move(token));
            }
            return json;
        }());
        row("a template of a token nobody knows",
            with("post_processor",
                 parsed(R"({"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"X","type_id":0}}],
                            "pair":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":0}}],
                            "special_tokens":{}})")));
        row("a template of 10,000 pieces", [] {
            Json piece = parsed(R"({"SpecialToken":{"id":"<s>","type_id":0}})");
            Json json = with("post_processor", parsed(R"({"type":"TemplateProcessing","single":[],
                                        "pair":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":0}}],
                                        "special_tokens":{"<s>":{"id":"<s>","ids":[4],"tokens":["<s>"]}}})"));
            for (int i = 0; i < 10'000; ++i) {
                json["post_processor"]["single"].push_back(piece);
            }
            return json;
        }());
        row("truncated to nothing",
            with(
                "truncation",
                parsed(
                    R"({"direction":"Right","max_length":0,"strategy":"LongestFirst","stride":18446744073709551615})")));
        row("padded without end",
            with("padding",
                 parsed(R"({"strategy":{"Fixed":18446744073709551615},"direction":"Right","pad_to_multiple_of":0,
                            "pad_id":0,"pad_type_id":0,"pad_token":"a"})")));
    }

    void whatLoadsIsUsedWithinBounds()
    {
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, text);
        QFETCH(QString, said);
        write(content.toStdString());
        std::string message;
        // A stopped encoding has used its ten seconds; the engine gives up within two more.
        const test::Bounded bounded(kSeconds + 4, kMebibytes);
        try {
            const auto tokenizer = Tokenizer::load(folder());
            for (const auto specials : {Specials::None, Specials::InTextAndAdded}) {
                const auto encoding = tokenizer->encode(text.toStdString(), specials);
                QCOMPARE(encoding.ids.size(), encoding.ranges.size());
                if (!encoding.ids.empty()) {
                    (void)tokenizer->decode({encoding.ids.front()}, true);
                    (void)tokenizer->tokenText(encoding.ids.back());
                }
            }
        } catch (const Failure& failure) {
            message = failure.what();
            QCOMPARE(failure.kind(), FailureKind::BadInput);
        }
        QVERIFY2(bounded.broken().empty(), (bounded.broken() + message).c_str());
        QVERIFY2(said.isEmpty() || QString::fromStdString(message).contains(said), message.c_str());
        QVERIFY2(said.isEmpty() || message.find("tokenizer.json") != std::string::npos, message.c_str());
        write(good().dump());
        QCOMPARE(Tokenizer::load(folder())->encode("aaab", Specials::None).ids, (std::vector<std::int64_t>{3, 2}));
    }

    // The shape of the largest real ones: 256,000 pieces, 500,000 merges.
    void aLargeTokenizerIsReadWithinItsAllowance()
    {
        Json json = good();
        auto& vocab = json["model"]["vocab"].get_ref<Json::object_t&>();
        Json merges = Json::array();
        const auto piece = [](int letters, int number) {
            std::string text;
            for (int i = 0; i < letters; ++i, number /= 26) {
                text.insert(text.begin(), static_cast<char>('A' + number % 26));
            }
            return text;
        };
        int id = 5;
        for (const auto& [letters, count] :
             {std::pair(1, 26), std::pair(2, 676), std::pair(3, 17'576), std::pair(4, 238'000)}) {
            for (int i = 0; i < count; ++i) {
                vocab.emplace_back(piece(letters, i), id++);
            }
        }
        for (int i = 0; i < 238'000; ++i) {
            merges.push_back({piece(3, i / 26), piece(1, i % 26)});
            merges.push_back({piece(2, i / 676), piece(2, i % 676)});
        }
        json["model"]["merges"] = merges;
        const std::string content = json.dump();
        json = nullptr;
        write(content);
        const test::Bounded bounded(kSeconds, kMebibytes);
        const auto tokenizer = Tokenizer::load(folder());
        QVERIFY2(bounded.broken().empty(), (bounded.broken() + std::to_string(content.size())).c_str());
        QCOMPARE(tokenizer->idOf("ABCD"), std::optional<std::int64_t>(5 + 26 + 676 + 17'576 + 26 * 26 + 2 * 26 + 3));
    }

    void aMillionLettersTakeTwoSeconds()
    {
        const std::string letters(1'000'000, 'a');
        for (const auto& pre :
             {Json(), parsed(R"({"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true})"),
              split("\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+|[^\\s]+")}) {
            write(with("pre_tokenizer", pre).dump());
            const auto tokenizer = Tokenizer::load(folder());
            const test::Bounded bounded(2, kMebibytes);
            QCOMPARE(tokenizer->encode(letters, Specials::None).ids.size(), std::size_t{500'000});
            QVERIFY2(bounded.broken().empty(), bounded.broken().c_str());
        }
    }

    void aMillionBlanksAreNoRunaway()
    {
        write(with("pre_tokenizer", split("\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+")).dump());
        const auto tokenizer = Tokenizer::load(folder());
        const test::Bounded bounded(2, kMebibytes);
        (void)tokenizer->encode(std::string(1'000'000, ' ') + "a", Specials::None);
        QVERIFY2(bounded.broken().empty(), bounded.broken().c_str());
    }

    void aFileThatIsTooLargeOrNoFileIsRefused()
    {
        const std::string path = folder() + "/tokenizer.json";
        write("{");
        std::filesystem::resize_file(path, std::uintmax_t{3} << 30U);
        const test::Bounded bounded(2, 64);
        auto said = refusal();
        QVERIFY2(said.find("more than the limit") != std::string::npos, said.c_str());
        std::filesystem::remove(path);
        std::filesystem::create_symlink("tokenizer.json", path);
        said = refusal();
        QVERIFY2(said.find("tokenizer.json") != std::string::npos, said.c_str());
        std::filesystem::remove(path);
        QVERIFY2(bounded.broken().empty(), bounded.broken().c_str());
    }
};

QTEST_APPLESS_MAIN(BadTokenizerTest)
#include "tst_bad_tokenizer.moc"
