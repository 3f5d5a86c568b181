// tokenizer.json that loads and then runs away: stopped by a limit with a message; what is read works on. Kinds after
// the published faults of tokenizers (expressions without end, merges that overrun, texts that double).
#include "base/failure.h"
#include "tests/support/bounded.h"
#include "tests/trainer/text/hurried.h"
#include "tests/trainer/text/tokenizer_file.h"

#include <QtTest>

using namespace stet;
using namespace stet::test;
using text::Specials;

namespace {

constexpr double kSeconds = 10;
constexpr std::size_t kMebibytes = 1024;

const std::string kManyAs(3000, 'a');

}  // namespace

class RunawayTokenizerTest : public QObject {
    Q_OBJECT

    TokenizerFile m_file;

private Q_SLOTS:
    // Loads or not, encodes or not: within bounds, and the next tokenizer is as good as before.
    void whatLoadsIsUsedWithinBounds_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("said");  // by whoever stops it; empty: nobody need
        QTest::addColumn<int>("patience");  // thousandths of the times allowed
        const auto row = [](const std::string& name, const Json& json, const std::string& text = kManyAs + "!b",
                            const char* said = "", int patience = 1000) {
            QTest::newRow(name.c_str()) << QByteArray::fromStdString(json.dump()) << QByteArray::fromStdString(text)
                                        << QString::fromLatin1(said) << patience;
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
            "took longer than 1 s and was stopped", 100);
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
        row("an added token of a megabyte", withAdded({{"content", std::string(1'000'000, 'a')}}), "a",
            "took longer than 0.9 s and was stopped", 100);
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
        QFETCH(int, patience);
        m_file.write(content.toStdString());
        std::string message;
        // A stopped encoding has used its ten seconds; the engine gives up within two more.
        const Bounded bounded((kSeconds + 4) * patience / 1000, kMebibytes);
        try {
            const Hurried hurried(static_cast<unsigned>(patience));
            const auto tokenizer = m_file.load();
            for (const auto specials : {Specials::None, Specials::InTextAndBegun}) {
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
        m_file.write(good().dump());
        QCOMPARE(m_file.load()->encode("aaab", Specials::None).ids, (std::vector<std::int64_t>{3, 2}));
    }
};

QTEST_APPLESS_MAIN(RunawayTokenizerTest)
#include "tst_runaway_tokenizer.moc"
