// Ids against the reference files of two real tokenizers, and what must hold of any.
#include "base/failure.h"
#include "base/files.h"
#include "tests/support/paths.h"
#include "trainer/text/tokenizer.h"

#include <QtTest>

#include <filesystem>
#include <fstream>
#include <sstream>

using namespace stet;
using text::Specials;
using text::Tokenizer;

namespace {

constexpr const char* kSeparator = "\n__ggml_vocab_test__\n";

std::vector<std::string> casesOf(const std::string& content)
{
    std::vector<std::string> cases;
    std::size_t begin = 0;
    const std::string separator = kSeparator;
    for (;;) {
        const auto end = content.find(separator, begin);
        if (end == std::string::npos) {
            cases.push_back(content.substr(begin));  // the empty text is a case, too
            return cases;
        }
        cases.push_back(content.substr(begin, end - begin));
        begin = end + separator.size();
    }
}

}  // namespace

class TokenizerTest : public QObject {
    Q_OBJECT

    std::shared_ptr<const Tokenizer> loadShared(const char* name) const
    {
        return Tokenizer::load(test::sharedData() + "/tokenizers/" + name);
    }

private Q_SLOTS:
    void idsAreTheReferences_data()
    {
        QTest::addColumn<QString>("folder");
        QTest::addColumn<QString>("base");
        QTest::newRow("llama2") << QStringLiteral("llama2") << QStringLiteral("llama-spm");
        QTest::newRow("phi3") << QStringLiteral("phi3") << QStringLiteral("phi-3");
    }

    void idsAreTheReferences()
    {
        if (test::sharedData().empty()) {
            QSKIP("../shared/data is absent");
        }
        QFETCH(QString, folder);
        QFETCH(QString, base);
        const std::string path = test::sharedData() + "/tokenizers/" + folder.toStdString();
        const auto tokenizer = Tokenizer::load(path);
        const auto texts = casesOf(readFile(path + "/" + base.toStdString() + ".inp", 1U << 20U));
        std::ifstream expected(path + "/" + base.toStdString() + ".out");
        int compared = 0;
        for (const auto& text : texts) {
            std::string line;  // the last text is empty and has none
            QCOMPARE(static_cast<bool>(std::getline(expected, line)), compared < 46);
            std::istringstream numbers(line);
            std::vector<std::int64_t> ids;
            for (std::int64_t id = 0; numbers >> id;) {
                ids.push_back(id);
            }
            // The reference files recognise special tokens in the text and add none.
            QCOMPARE(tokenizer->encode(text, Specials::InText).ids, ids);
            ++compared;
        }
        QCOMPARE(compared, 47);
    }

    void specialTokensTypedByPeopleAreText()
    {
        if (test::sharedData().empty()) {
            QSKIP("../shared/data is absent");
        }
        for (const char* name : {"llama2", "phi3"}) {
            const auto tokenizer = loadShared(name);
            const auto end = tokenizer->idOf("</s>");
            QCOMPARE(end, std::optional<std::int64_t>(2));
            const auto typed = tokenizer->encode("He said</s>", Specials::None).ids;
            QVERIFY(std::find(typed.begin(), typed.end(), *end) == typed.end());
            QCOMPARE(tokenizer->decode(typed, false), std::string("He said</s>"));
        }
        // A template's: recognised. (llama2's file matches its special tokens after normalisation, so only at the
        // beginning.)
        QCOMPARE(loadShared("phi3")->encode("He said</s>", Specials::InText).ids.back(), std::int64_t(2));
    }

    void thePostProcessorAloneAddsTheBeginning()
    {
        if (test::sharedData().empty()) {
            QSKIP("../shared/data is absent");
        }
        QCOMPARE(loadShared("llama2")->encode("a", Specials::Added).ids.front(), std::int64_t(1));
        const auto phi = loadShared("phi3");
        QCOMPARE(phi->encode("a", Specials::Added).ids, phi->encode("a", Specials::None).ids);
    }

    void byteTokensOfOneCharacterShareItsRange()
    {
        if (test::sharedData().empty()) {
            QSKIP("../shared/data is absent");
        }
        const auto encoding = loadShared("llama2")->encode("a \xF0\x9F\xA6\x99!", Specials::None);
        int sharing = 0;
        for (const auto& range : encoding.ranges) {
            sharing += range == text::TokenRange{2, 3} ? 1 : 0;
        }
        QCOMPARE(sharing, 4);
        QCOMPARE(encoding.ranges.back(), (text::TokenRange{3, 4}));
    }

    void tokenTextsJoinToTheText()
    {
        if (test::sharedData().empty()) {
            QSKIP("../shared/data is absent");
        }
        const auto llama = loadShared("llama2");
        std::string joined;
        for (const auto id : llama->encode("the quick fox", Specials::None).ids) {
            joined += llama->tokenText(id);
        }
        QCOMPARE(joined, std::string(" the quick fox"));
    }

    void whatIsNoTokenizerIsNamed()
    {
        QTemporaryDir folder;
        const auto path = folder.path().toStdString();
        const auto messageOf = [&] {
            try {
                Tokenizer::load(path);
            } catch (const Failure& failure) {
                return std::string(failure.what());
            }
            return std::string();
        };
        QVERIFY(messageOf().find("has no tokenizer.json") != std::string::npos);
        std::ofstream(path + "/tokenizer.model") << "x";
        QVERIFY(messageOf().find("AutoTokenizer") != std::string::npos);
        std::ofstream(path + "/tokenizer.json") << "{\"model\": 3}";
        QVERIFY(messageOf().find("tokenizer.json is not a usable tokenizer") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TokenizerTest)
#include "tst_tokenizer.moc"
