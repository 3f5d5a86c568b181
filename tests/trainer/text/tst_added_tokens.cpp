// Tokens that stand only in the files beside tokenizer.json, against Transformers (tests/golden/make_chat_goldens.py,
// added.json).
#include "base/files.h"
#include "base/json.h"
#include "tests/support/failures.h"
#include "tests/support/paths.h"
#include "trainer/text/tokenizer.h"

#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <filesystem>

using namespace stet;
using namespace stet::text;
namespace fs = std::filesystem;

namespace {

const Json& goldens()
{
    static const Json kGoldens = readJsonFile(test::goldenDir() + "/chat/added.json");
    return kGoldens;
}

Json token(const char* content)
{
    return {{"content", content}, {"lstrip", false}, {"normalized", false}, {"rstrip", false}, {"special", true}};
}

}  // namespace

class AddedTokensTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;

    std::string folder() const { return m_dir.path().toStdString(); }

    void write(const std::string& kind, const Json& config, const Json& map = {}, const Json& added = {}) const
    {
        fs::copy_file(test::goldenDir() + "/tokenizers/" + kind + "/tokenizer.json", folder() + "/tokenizer.json",
                      fs::copy_options::overwrite_existing);
        for (const auto& [name, content] :
             {std::pair("/tokenizer_config.json", &config), std::pair("/special_tokens_map.json", &map),
              std::pair("/added_tokens.json", &added)}) {
            fs::remove(folder() + name);
            if (!content->is_null()) {
                publishFile(folder() + name, content->dump());
            }
        }
    }

private Q_SLOTS:
    void theyAreAddedAsTransformersAddsThem_data()
    {
        QTest::addColumn<int>("index");
        QVERIFY(goldens().size() >= 36);
        for (std::size_t i = 0; i < goldens().size(); ++i) {
            const auto name =
                goldens()[i].at("kind").get<std::string>() + " " + goldens()[i].at("name").get<std::string>();
            QTest::newRow(name.c_str()) << static_cast<int>(i);
        }
    }

    void theyAreAddedAsTransformersAddsThem()
    {
        QFETCH(int, index);
        const Json& golden = goldens().at(static_cast<std::size_t>(index));
        write(golden.at("kind").get<std::string>(), golden.at("config"), golden.at("map"), golden.at("added"));
        const auto tokenizer = Tokenizer::load(folder());
        auto special = tokenizer->specialTexts();
        std::sort(special.begin(), special.end());
        QCOMPARE(QByteArray::fromStdString(Json(special).dump()),
                 QByteArray::fromStdString(golden.at("special").dump()));
        for (const auto& [text, ids] : golden.at("texts").items()) {
            const Json found = tokenizer->encode(text, Specials::InText).ids;
            QVERIFY2(found == ids, (text + "\nfound    " + found.dump() + "\nexpected " + ids.dump()).c_str());
        }
    }

    // One of them that people typed is text, as of tokenizer.json's own.
    void typedOnesAreText()
    {
        write("bpe-bytes", {{"added_tokens_decoder", {{"400", token("<|plain|>")}}}});
        const auto tokenizer = Tokenizer::load(folder());
        QCOMPARE(*tokenizer->idOf("<|plain|>"), std::int64_t(400));
        QVERIFY(tokenizer->encode("<|plain|>", Specials::None).ids.size() > 1);
        QCOMPARE(tokenizer->decode({68, 400}, true), std::string("a"));
    }

    void anIdThatDoesNotFollowIsRefusedByName()
    {
        write("bpe-bytes", {{"added_tokens_decoder", {{"500", token("<|plain|>")}}}});
        const auto said = test::messageOf([&] { (void)Tokenizer::load(folder()); });
        QVERIFY2(said.find("'<|plain|>' has the id 500") != std::string::npos && said.find("400") != std::string::npos,
                 said.c_str());
    }

    void whatIsNoAddedTokenIsRefusedByFile()
    {
        for (const auto& [decoder, what] :
             {std::pair(Json::array(), "an object of token ids"), std::pair(Json{{"400", 5}}, "token 400"),
              std::pair(Json{{"four", token("a")}}, "'four' is not a token id")}) {
            write("bpe-bytes", {{"added_tokens_decoder", decoder}});
            const auto said = test::messageOf([&] { (void)Tokenizer::load(folder()); });
            QVERIFY2(said.find("tokenizer_config.json") != std::string::npos && said.find(what) != std::string::npos,
                     said.c_str());
        }
        write("bpe-bytes", nullptr, nullptr, {{"<a>", "x"}});
        const auto said = test::messageOf([&] { (void)Tokenizer::load(folder()); });
        QVERIFY2(said.find("added_tokens.json: the id of '<a>'") != std::string::npos, said.c_str());
    }
};

QTEST_APPLESS_MAIN(AddedTokensTest)
#include "tst_added_tokens.moc"
