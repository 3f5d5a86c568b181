#include "base/json.h"
#include "base/json_lines.h"
#include "base/utf8.h"
#include "tests/support/bounded.h"
#include "tests/support/failures.h"

#include <QtTest>

#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>

using namespace stet;

namespace {

bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

}  // namespace

class JsonTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void bracketsWithoutEndAreRefusedBeforeATreeIsBuilt()
    {
        const std::string bomb(1000000, '[');
        const auto message = test::messageOf([&] { parseJson(bomb, "bomb.json"); });
        QVERIFY2(contains(message, "bomb.json: nested deeper than 64"), message.c_str());
        QCOMPARE(parseJson("\"[[[[\"", "text", 0).get<std::string>(), std::string("[[[["));
    }

    void errorsNameThePlace()
    {
        QVERIFY(contains(test::messageOf([] { parseJson("{\"a\": }", "round.json"); }), "round.json: not valid JSON"));
        QVERIFY(contains(test::messageOf([] { parseJson("\"\xFF\"", "x"); }), "x: not valid JSON"));
    }

    void aSyntaxErrorIsPlacedInTheTextItIsIn()
    {
        const auto one = test::messageOf([] { parseJson("{\"\u00e9\": }", "f.jsonl, line 7"); });
        QVERIFY2(contains(one, "f.jsonl, line 7: not valid JSON at column 7: "), one.c_str());
        QVERIFY2(!contains(one, "line 1"), one.c_str());
        const auto more = test::messageOf([] { parseJson("{\n \"a\": 1,\n}", "round.json"); });
        QVERIFY2(contains(more, "round.json: not valid JSON at line 3, column 1: "), more.c_str());
        const auto empty = test::messageOf([] { parseJson("", "x"); });
        QVERIFY2(contains(empty, "x: not valid JSON at column 1: "), empty.c_str());
        const auto huge = test::messageOf([] { parseJson("1e999", "x"); });
        QVERIFY2(contains(huge, "x: not valid JSON at column 5: number overflow"), huge.c_str());
    }

    // The library takes a NUL for the end of the text: what stands behind it would be another program's to read.
    void aNulByteEndsNoText()
    {
        const auto message = test::messageOf([] { parseJson(std::string("{\"a\":1}\0{\"a\":2}", 15), "x"); });
        QVERIFY2(contains(message, "x: not valid JSON"), message.c_str());
    }

    // What was read last stands in the parser's message, and may be long or broken.
    void aMessageStaysShortAndIsText()
    {
        const auto message = test::messageOf([] { parseJson("{\"" + std::string(1'000'000, 'x') + "\xFF", "x"); });
        QVERIFY2(message.size() < 500, std::to_string(message.size()).c_str());
        QVERIFY(isValidUtf8(message));
    }

    void aMessageWithAnEndlessNameKeepsItsBeginningAndItsEnd()
    {
        std::string name;
        for (int i = 0; i < 5000; ++i) {
            name += "\u00e9";
        }
        const std::string said = badInput("x.json: field '" + name + "' is wrong; leave it out").what();
        QVERIFY2(said.size() <= kLongestFailureMessage, std::to_string(said.size()).c_str());
        QVERIFY(isValidUtf8(said));
        QVERIFY2(said.rfind("x.json: field '", 0) == 0 && said.ends_with("is wrong; leave it out"), said.c_str());
        QCOMPARE(std::string(badInput("short").what()), std::string("short"));
    }

    void aFieldThatStandsTwiceHasItsLastValueAtItsFirstPlace()
    {
        QCOMPARE(toLine(parseJson(R"({"a":1,"b":2,"a":[3]})", "x")), std::string(R"({"a":[3],"b":2})"));
        std::string many = "{";
        for (int i = 0; i < 100; ++i) {
            many += "\"k" + std::to_string(i % 60) + "\":" + std::to_string(i) + ",";
        }
        many.back() = '}';
        const Json json = parseJson(many, "x");
        QCOMPARE(json.size(), std::size_t{60});
        QCOMPARE(json.at("k39").get<int>(), 99);
        QCOMPARE(json.at("k59").get<int>(), 59);
        QCOMPARE(json.begin().key(), std::string("k0"));
    }

    // An object of n fields took n² comparisons: the index of a large model has 100,000, an attacker's line more.
    void manyFieldsAreReadInLinearTime()
    {
        std::string text = "{";
        for (int i = 0; i < 400'000; ++i) {
            text += "\"field" + std::to_string(1'000'000 + i) + "\":0,";
        }
        text.back() = '}';
        const test::Bounded bounded;
        QCOMPARE(parseJson(text, "x").size(), std::size_t{400'000});
        QVERIFY2(bounded.broken().empty(), bounded.broken().c_str());
    }

    void theBoundOfTheseTestsIsOne()
    {
        const test::Bounded bounded(1000, 64);
        const std::vector<char> filled(std::size_t{100} << 20U, '\1');
        QVERIFY(filled.back() == '\1');
        QVERIFY(test::kSanitized || !bounded.broken().empty());
    }

    void tooManyValuesAreRefusedBeforeTheyFillTheMemory()
    {
        std::string text = "[";
        for (int i = 0; i < 5'000'000; ++i) {
            text += "[],";
        }
        text.back() = ']';
        const test::Bounded bounded;
        const auto message = test::messageOf([&] { parseJson(text, "x"); });
        QVERIFY2(contains(message, "x: holds more than 2000000 values"), message.c_str());
        QVERIFY2(bounded.broken().empty(), bounded.broken().c_str());
    }

    void fieldsAreTypedAndNamed()
    {
        const Json object =
            parseJson(R"({"n": 3, "big": 18446744073709551615, "f": 2.5, "s": "t", "none": null})", "t");
        QCOMPARE(optionalInteger(object, "n", "t"), std::optional<std::int64_t>(3));
        QCOMPARE(optionalNumber(object, "f", "t"), std::optional<double>(2.5));
        QVERIFY(!optionalString(object, "none", "t"));
        QVERIFY(contains(test::messageOf([&] { optionalInteger(object, "big", "t"); }), "'big' is too large"));
        QVERIFY(contains(test::messageOf([&] { optionalInteger(object, "f", "t"); }), "'f' must be a whole number"));
        QVERIFY(contains(test::messageOf([&] { optionalBool(object, "s", "t"); }),
                         "'s' must be true or false, found string"));
        QVERIFY(contains(test::messageOf([&] { requiredString(object, "gone", "t"); }), "'gone' is missing"));
        QCOMPARE(unknownFields(object, {"n", "big", "f", "s"}, "t").front(),
                 std::string("t: unknown field 'none' is ignored"));
    }

    void whatIsNotFiniteIsNullAndBadBytesAreReplaced()
    {
        Json object;
        object["x"] = std::numeric_limits<double>::infinity();
        object["s"] = "a\xFF";
        QCOMPARE(toLine(object), std::string("{\"x\":null,\"s\":\"a\xEF\xBF\xBD\"}"));
    }

    void linesAreCountedAndBadOnesNamed()
    {
        QTemporaryDir folder;
        const auto path = folder.filePath(QStringLiteral("f.jsonl")).toStdString();
        std::ofstream(path, std::ios::binary) << "\xEF\xBB\xBF{\"a\":1}\r\n\n{\"a\":2}\n[3]\n";
        JsonLinesReader reader(path);
        QCOMPARE(reader.next()->at("a").get<int>(), 1);
        QCOMPARE(reader.next()->at("a").get<int>(), 2);
        QCOMPARE(reader.lineNumber(), 3);
        const auto message = test::messageOf([&] { reader.next(); });
        QVERIFY2(contains(message, "f.jsonl, line 4: expected an object"), message.c_str());
    }

    void theColumnOfABadLineIsWithinThatLine()
    {
        QTemporaryDir folder;
        const auto path = folder.filePath(QStringLiteral("f.jsonl")).toStdString();
        std::ofstream(path, std::ios::binary) << "{\"a\":1}\n{\"a\":1}\n{\"a\": 2, }\n";
        JsonLinesReader reader(path);
        reader.next();
        reader.next();
        const auto message = test::messageOf([&] { reader.next(); });
        QVERIFY2(contains(message, "f.jsonl, line 3: not valid JSON at column 10: "), message.c_str());
        QVERIFY2(!contains(message, "line 1"), message.c_str());
    }

    void aLastLineNeedsNoNewlineAndNulBytesAreNoJson()
    {
        QTemporaryDir folder;
        const auto path = folder.filePath(QStringLiteral("f.jsonl")).toStdString();
        std::ofstream(path, std::ios::binary) << std::string(70'000, ' ') << "{\"a\":1}\n{\"b\":2}";
        JsonLinesReader reader(path);
        QCOMPARE(reader.next()->at("a").get<int>(), 1);
        QCOMPARE(reader.next()->at("b").get<int>(), 2);
        QVERIFY(!reader.next());
        QVERIFY(!reader.next());
        QCOMPARE(reader.lineNumber(), 2);
        std::ofstream(path, std::ios::binary) << std::string("{\0}\n", 4);
        JsonLinesReader second(path);
        QVERIFY(contains(test::messageOf([&] { second.next(); }), "line 1: not valid JSON"));
    }

    // A line is bounded while it is read: a sparse file of some GiB costs nothing to make.
    void aLineWithoutEndIsRefusedBeforeItFillsTheMemory()
    {
        QTemporaryDir folder;
        const auto path = folder.filePath(QStringLiteral("f.jsonl")).toStdString();
        std::ofstream(path, std::ios::binary) << "{\"a\":1}\n";
        std::filesystem::resize_file(path, std::uintmax_t{8} << 30U);
        JsonLinesReader reader(path);
        QVERIFY(reader.next());
        const test::Bounded bounded;
        const auto message = test::messageOf([&] { reader.next(); });
        QVERIFY2(contains(message, "f.jsonl, line 2: longer than 16 MiB"), message.c_str());
        QVERIFY2(bounded.broken().empty(), bounded.broken().c_str());
    }

    void aLineBufferCutsLinesHoweverTheyArrive()
    {
        LineBuffer buffer(8);
        for (const char c : std::string("one\ntwo\n")) {
            buffer.feed(std::string(1, c));
        }
        QCOMPARE(buffer.take(), std::optional<std::string>("one"));
        QCOMPARE(buffer.take(), std::optional<std::string>("two"));
        QVERIFY(!buffer.take());
        buffer.feed("far too long a line ");
        buffer.feed("and more\nok\n");
        QVERIFY(buffer.takeOverflow());
        QCOMPARE(buffer.take(), std::optional<std::string>("ok"));
        QVERIFY(!buffer.takeOverflow());
    }

    void anOverlongLineThatArrivesWholeIsDroppedToo()
    {
        LineBuffer buffer(4);
        buffer.feed("123456789\nab\n");
        QCOMPARE(buffer.take(), std::optional<std::string>("ab"));
        QVERIFY(buffer.takeOverflow());
    }
};

QTEST_APPLESS_MAIN(JsonTest)
#include "tst_json.moc"
