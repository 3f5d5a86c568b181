// Every kind of tokenizer.json against Python's `tokenizers` (tests/golden/make_tokenizer_goldens.py): ids and offsets
// of difficult texts, special tokens typed and meant, the post-processor's own, and the ids of a response.
#include "base/failure.h"
#include "base/json.h"
#include "base/utf8.h"
#include "tests/support/paths.h"
#include "trainer/text/example_encoder.h"

#include <QDir>
#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace stet;
using text::Specials;
using text::Tokenizer;

namespace {

std::string folderOf(const QString& kind)
{
    return test::goldenDir() + "/tokenizers/" + kind.toStdString();
}

// What the goldens say of an encoding, as they write it.
Json asJson(const std::vector<std::int64_t>& ids, const std::vector<text::TokenRange>& ranges)
{
    Json list = Json::array();
    for (const auto& range : ranges) {
        list.push_back({range.begin, range.end});
    }
    return {{"ids", ids}, {"ranges", list}};
}

Json asJson(const text::Encoding& encoding)
{
    return asJson(encoding.ids, encoding.ranges);
}

void same(const Json& found, const Json& expected, const Json& text, const char* what)
{
    QVERIFY2(found == expected,
             (std::string(what) + " of " + text.dump() + "\nfound    " + found.dump() + "\nexpected " + expected.dump())
                 .c_str());
}

}  // namespace

class TokenizerKindsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void idsAndOffsetsArePythons_data()
    {
        QTest::addColumn<QString>("kind");
        const QDir folder(QString::fromStdString(test::goldenDir() + "/tokenizers"));
        const auto kinds = folder.entryList(QDir::Dirs | QDir::NoDotAndDotDot);
        QCOMPARE(kinds.size(), 6);
        for (const auto& kind : kinds) {
            QTest::newRow(qPrintable(kind)) << kind;
        }
    }

    void idsAndOffsetsArePythons()
    {
        QFETCH(QString, kind);
        const auto tokenizer = Tokenizer::load(folderOf(kind));
        const Json cases = readJsonFile(folderOf(kind) + "/expected.json");
        QVERIFY(cases.size() >= 30);
        for (const Json& one : cases) {
            const auto text = one.at("text").get<std::string>();
            const auto plain = tokenizer->encode(text, Specials::None);
            same(asJson(plain), one.at("plain"), text, "plain");
            same(asJson(tokenizer->encode(text, Specials::InText)), one.at("recognised"), text, "recognised");
            same(asJson(tokenizer->encode(text, Specials::Added)), one.at("added"), text, "added");
            QCOMPARE(QByteArray::fromStdString(tokenizer->decode(plain.ids, false)),
                     QByteArray::fromStdString(one.at("decoded").get<std::string>()));
            // Ranges stay inside the text, whatever normalisers did to it.
            for (const auto& range : plain.ranges) {
                QVERIFY(range.begin <= range.end);
                QVERIFY(range.end <= static_cast<int>(codePointCount(text)));
            }
        }
    }

    void responseIdsFollowTheRule_data() { idsAndOffsetsArePythons_data(); }

    void responseIdsFollowTheRule()
    {
        QFETCH(QString, kind);
        files::ModelFolder folder;
        folder.config.vocabSize = 1000;
        folder.config.contextLength = 4096;
        folder.stopIds = {2};
        const text::ExampleEncoder encoder(Tokenizer::load(folderOf(kind)),
                                           text::PromptStyle::resolve("alpaca", folder), folder);
        for (const Json& one : readJsonFile(folderOf(kind) + "/expected.json")) {
            files::Example example;
            example.id = "1";
            example.instruction = "Answer.";
            example.output = one.at("text").get<std::string>();
            example.judgment = "Too short.";
            auto encoded = encoder.encode(example, {text::Context::Plain, text::Context::Judged}, {});
            // The same in every context, and the end of sequence behind it.
            QCOMPARE(encoded.contexts.at(text::Context::Judged).response, encoded.response);
            QCOMPARE(encoded.response.back(), std::int64_t(2));
            encoded.response.pop_back();
            encoded.ranges.pop_back();
            same(asJson(encoded.response, encoded.ranges), one.at("response"), one.at("text"), "response");
        }
    }

    // The command is one a shell runs, also where the folder's name has a quote in it.
    void tokenizerModelAloneIsToldTheCommandThatHelps()
    {
        QTemporaryDir dir;
        const std::string folder = dir.path().toStdString() + "/it's mine";
        std::filesystem::create_directory(folder);
        std::ofstream(folder + "/tokenizer.model") << "x";
        try {
            Tokenizer::load(folder);
            QFAIL("it was read");
        } catch (const Failure& failure) {
            QCOMPARE(failure.kind(), FailureKind::BadInput);
            const std::string said = failure.what();
            const auto command = said.find("python3 -c \"import sys; from transformers import AutoTokenizer; ");
            QVERIFY2(command != std::string::npos, said.c_str());
            QVERIFY2(said.ends_with("/it'\\''s mine'"), said.c_str());
            // Without these two, Transformers takes the file for another kind and fails.
            QVERIFY2(said.find("pip install transformers sentencepiece protobuf") < command, said.c_str());
        }
    }
};

QTEST_APPLESS_MAIN(TokenizerKindsTest)
#include "tst_tokenizer_kinds.moc"
