#include "base/failure.h"
#include "base/json.h"
#include "base/json_lines.h"

#include <QtTest>

#include <fstream>
#include <functional>
#include <limits>

using namespace stet;

namespace {

std::string messageOf(const std::function<void()>& action)
{
    try {
        action();
    } catch (const Failure& failure) {
        return failure.what();
    }
    return {};
}

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
        const auto message = messageOf([&] { parseJson(bomb, "bomb.json"); });
        QVERIFY2(contains(message, "bomb.json: nested deeper than 64"), message.c_str());
        QCOMPARE(parseJson("\"[[[[\"", "text", 0).get<std::string>(), std::string("[[[["));
    }

    void errorsNameThePlace()
    {
        QVERIFY(contains(messageOf([] { parseJson("{\"a\": }", "round.json"); }), "round.json: not valid JSON"));
        QVERIFY(contains(messageOf([] { parseJson("\"\xFF\"", "x"); }), "x: not valid JSON"));
    }

    void fieldsAreTypedAndNamed()
    {
        const Json object =
            parseJson(R"({"n": 3, "big": 18446744073709551615, "f": 2.5, "s": "t", "none": null})", "t");
        QCOMPARE(optionalInteger(object, "n", "t"), std::optional<std::int64_t>(3));
        QCOMPARE(optionalNumber(object, "f", "t"), std::optional<double>(2.5));
        QVERIFY(!optionalString(object, "none", "t"));
        QVERIFY(contains(messageOf([&] { optionalInteger(object, "big", "t"); }), "'big' is too large"));
        QVERIFY(contains(messageOf([&] { optionalInteger(object, "f", "t"); }), "'f' must be a whole number"));
        QVERIFY(
            contains(messageOf([&] { optionalBool(object, "s", "t"); }), "'s' must be true or false, found string"));
        QVERIFY(contains(messageOf([&] { requiredString(object, "gone", "t"); }), "'gone' is missing"));
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
        const auto message = messageOf([&] { reader.next(); });
        QVERIFY2(contains(message, "f.jsonl, line 4: expected an object"), message.c_str());
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
