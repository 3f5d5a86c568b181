// The safetensors reader on lying files: every number in a header is the attacker's. Kinds after the format's own rules
// and the published faults of other readers.
#include "base/failure.h"
#include "tests/support/bounded.h"
#include "tests/trainer/files/safetensors_file.h"
#include "trainer/files/safetensors.h"

#include <QtTest>

using namespace stet;
using namespace stet::files;
using namespace stet::test;

class LyingSafetensorsTest : public QObject {
    Q_OBJECT

    SafetensorsFile m_file;

private Q_SLOTS:
    void aLyingFileIsRefusedByItsFault_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("said");
        const auto row = [](const char* name, const std::string& content, const char* said) {
            QTest::newRow(name) << QByteArray::fromStdString(content) << QString::fromUtf8(said);
        };
        const auto one = [](const std::string& entry, std::size_t bytes = 8) {
            return fileOf("{" + entry + "}", bytes);
        };
        row("nothing", "", "usable safetensors");
        row("seven bytes", "1234567", "usable safetensors");
        row("no header behind its length", lengthOf(40), "header");
        row("a header longer than the file", lengthOf(1000) + "{}", "header");
        row("a header longer than anything", lengthOf(~std::uint64_t{0}) + "{}", "header");
        row("a header of 200 MB", lengthOf(200'000'000) + "{}", "header");
        row("a header that is no JSON", fileOf("{\"a\":", 0), "not valid JSON");
        row("a header that is no object", fileOf("[1,2]", 0), "usable safetensors");
        row("a header that begins with a space", fileOf(" {}", 0), "usable safetensors");
        row("broken UTF-8", fileOf("{\"\xFF\":1}", 0), "not valid JSON");
        row("deep nesting", fileOf(std::string(50'000, '[') + std::string(50'000, ']'), 0), "usable safetensors");
        row("deep nesting in a tensor", one(tensor("a", "[[[[[[1]]]]]]", "[0,8]")), "whole number");
        row("deep nesting in a field of its own",
            one(R"("a":{"dtype":"F32","x":[[[1]]],"shape":[2],"data_offsets":[0,8]})"), "too deeply");
        row("a name twice", one(tensor("a", "[2]", "[0,8]") + "," + tensor("a", "[2]", "[0,8]")), "stands twice");
        row("an unknown dtype", one(tensor("a", "[2]", "[0,8]", "F31")), "unknown dtype");
        row("a dtype that is no text", one("\"a\":{\"dtype\":4,\"shape\":[2],\"data_offsets\":[0,8]}"),
            "unknown dtype");
        row("no shape", one("\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}"), "lacks");
        row("a tensor that is a number", one("\"a\":5"), "lacks");
        row("a negative size", one(tensor("a", "[-2]", "[0,8]")), "whole number");
        row("a size with a fraction", one(tensor("a", "[2.5]", "[0,8]")), "whole number");
        row("a size beyond 64 bits", one(tensor("a", "[99999999999999999999999]", "[0,8]")), "whole number");
        row("a product that overflows", one(tensor("a", "[4294967296,4294967296,4]", "[0,8]")), "overflows");
        row("bytes that overflow", one(tensor("a", "[4611686018427387905]", "[0,8]")), "do not fit");
        row("nine dimensions", one(tensor("a", "[1,1,1,1,1,1,1,1,2]", "[0,8]")), "malformed");
        row("offsets that don't fit the shape", one(tensor("a", "[3]", "[0,8]")), "do not fit");
        row("an end before its begin", one(tensor("a", "[2]", "[8,0]")), "do not fit");
        row("three offsets", one(tensor("a", "[2]", "[0,4,8]")), "malformed");
        row("a negative offset", one(tensor("a", "[2]", "[-8,0]")), "whole number");
        row("data beyond the end", one(tensor("a", "[4]", "[0,16]")), "truncated");
        row("data that belongs to nobody", one(tensor("a", "[2]", "[0,8]"), 12), "bytes of data");
        row("a hole", one(tensor("a", "[1]", "[0,4]") + "," + tensor("b", "[1]", "[8,12]"), 12), "hole");
        row("overlap", one(tensor("a", "[2]", "[0,8]") + "," + tensor("b", "[1]", "[4,8]")), "overlaps");
        row("metadata that is no text", one("\"__metadata__\":{\"n\":5}," + tensor("a", "[2]", "[0,8]")), "metadata");
        row("an empty header", lengthOf(0), "does not start with '{'");
        row("a length without a header", lengthOf(1) + "{", "not valid JSON");
        row("a header cut in its last name", fileOf("{\"a\":{\"dtype\":\"F32\",\"sha", 0), "not valid JSON");
        row("text behind the header's object", fileOf("{} {}", 0), "not valid JSON");
        row("zeros behind the header's object", fileOf(std::string("{}\0\0", 4), 0), "not valid JSON");
        row("a byte-order mark", fileOf("\xEF\xBB\xBF{}", 0), "does not start with '{'");
        row("UTF-16", fileOf(std::string("{\0}\0", 4), 0), "not valid JSON");
        row("half a surrogate pair in a name", one(tensor("\\ud800", "[2]", "[0,8]")), "not valid JSON");
        row("a comment", fileOf("{/* */}", 0), "not valid JSON");
        row("a comma too many", one(tensor("a", "[2]", "[0,8]") + ","), "not valid JSON");
        row("a name twice, once escaped", one(tensor("a", "[2]", "[0,8]") + "," + tensor("\\u0061", "[2]", "[0,8]")),
            "stands twice");
        row("metadata twice", one("\"__metadata__\":{},\"__metadata__\":{}", 0), "stands twice");
        row("a metadata name twice", one(R"("__metadata__":{"a":"1","a":"2"})", 0), "stands twice");
        row("a dtype twice", one(R"("a":{"dtype":"U8","dtype":"F32","shape":[2],"data_offsets":[0,8]})"),
            "stands twice");
        row("offsets twice", one(R"("a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"data_offsets":[0,4]})"),
            "stands twice");
        row("metadata that is a list", one(R"("__metadata__":["a"])", 0), "metadata");
        row("metadata that is a number", one(R"("__metadata__":5)", 0), "metadata");
        row("metadata that is nested", one(R"("__metadata__":{"a":{"b":"c"}})", 0), "metadata");
        row("a tensor that is null", one("\"a\":null"), "lacks");
        row("a tensor that is a list", one("\"a\":[2]"), "lacks");
        row("an empty tensor", one("\"a\":{}"), "lacks");
        row("no dtype", one(R"("a":{"shape":[2],"data_offsets":[0,8]})"), "lacks");
        row("no offsets", one(R"("a":{"dtype":"F32","shape":[2]})"), "lacks");
        row("a shape that is a number", one(tensor("a", "2", "[0,8]")), "malformed");
        row("a shape that is an object", one(tensor("a", "{\"0\":2}", "[0,8]")), "malformed");
        row("offsets that are a text", one(tensor("a", "[2]", "\"0,8\"")), "malformed");
        row("one offset", one(tensor("a", "[2]", "[8]")), "malformed");
        row("a size that is a text", one(tensor("a", "[\"2\"]", "[0,8]")), "whole number");
        row("a size that is true", one(tensor("a", "[true]", "[0,8]")), "whole number");
        row("a size written 2.0", one(tensor("a", "[2.0]", "[0,8]")), "whole number");
        row("a size written 2e0", one(tensor("a", "[2e0]", "[0,8]")), "whole number");
        row("a size of minus nothing", one(tensor("a", "[-0]", "[0,0]"), 0), "whole number");
        row("a size of 2^63", one(tensor("a", "[9223372036854775808]", "[0,8]")), "overflows");
        row("a product that overflows behind a zero", one(tensor("a", "[4294967296,4294967296,0]", "[0,0]"), 0),
            "overflows");
        row("offsets of 2^64-1", one(tensor("a", "[2]", "[18446744073709551607,18446744073709551615]")), "hole");
        row("offsets that meet at 2^63", one(tensor("a", "[9223372036854775807]", "[0,9223372036854775807]", "U8")),
            "bytes of data");
        row("overlap through a tensor of no size",
            one(tensor("a", "[2]", "[0,8]") + "," + tensor("b", "[0]", "[4,4]") + "," + tensor("c", "[1]", "[4,8]")),
            "overlaps");
        row("a tensor of no size behind the end", one(tensor("a", "[2]", "[0,8]") + "," + tensor("b", "[0]", "[9,9]")),
            "hole");
        row("the same bytes twice", one(tensor("a", "[2]", "[0,8]") + "," + tensor("b", "[2]", "[0,8]")), "overlaps");
        row("data that begins late", one(tensor("a", "[1]", "[4,8]")), "hole");
        row("a zip behind the data", one(tensor("a", "[2]", "[0,8]")) + "PK\x05\x06" + std::string(18, '\0'),
            "bytes of data");
        row("data and no tensor", fileOf("{}", 8), "bytes of data");
        row("types of tomorrow", one(tensor("a", "[8]", "[0,8]", "F8_E4M3")), "F8_E4M3");
        row("a dtype in small letters", one(tensor("a", "[2]", "[0,8]", "f32")), "unknown dtype");
        row("a dtype whose letters are cut", one(tensor("a", "[2]", "[0,8]", std::string(39, 'x') + "\xC3\xA9")),
            "xx\xC3\xA9\"");
        row("a tensor with many fields more",
            one("\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]" +
                [] {
                    std::string fields;
                    for (int i = 0; i < 40; ++i) {
                        fields += ",\"x" + std::to_string(i) + "\":0";
                    }
                    return fields;
                }() +
                "}"),
            "malformed");
        row("GGUF", std::string("GGUF\x03\0\0\0", 8) + std::string(100, 'x'), "header");
        row("a Git-LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n", "git lfs pull");
        row("a pickle", std::string("\x80\x02}q\x00.", 6) + std::string(100, 'x'), "usable safetensors");
        row("a zip archive", "PK\x03\x04" + std::string(100, 'x'), "usable safetensors");
    }

    void aLyingFileIsRefusedByItsFault()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, said);
        const auto path = m_file.write(content.toStdString());
        const Bounded bounded;
        try {
            (void)readSafetensorsHeader(path);
            QFAIL("accepted");
        } catch (const Failure& failure) {
            QVERIFY2(bounded.broken().empty(), bounded.broken().c_str());
            const auto message = QString::fromUtf8(failure.what());
            QCOMPARE(failure.kind(), FailureKind::BadInput);
            QVERIFY2(message.contains(said), qPrintable(message));
            QVERIFY2(message.contains(QStringLiteral("x.safetensors")), qPrintable(message));
        }
    }
};

QTEST_APPLESS_MAIN(LyingSafetensorsTest)
#include "tst_lying_safetensors.moc"
