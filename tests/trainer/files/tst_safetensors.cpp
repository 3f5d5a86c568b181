// The safetensors reader on lying files: every number in a header is the attacker's. Kinds after the format's own rules
// and the published faults of other readers.
#include "base/failure.h"
#include "base/files.h"
#include "trainer/files/safetensors.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cstring>
#include <functional>

using namespace stet;
using namespace stet::files;

namespace {

std::string lengthOf(std::uint64_t length)
{
    std::string bytes(8, '\0');
    for (std::size_t i = 0; i < 8; ++i) {
        bytes[i] = static_cast<char>(length >> (8 * i) & 0xFF);
    }
    return bytes;
}

std::string fileOf(const std::string& header, std::size_t dataBytes)
{
    return lengthOf(header.size()) + header + std::string(dataBytes, '\1');
}

std::string tensor(const std::string& name, const std::string& shape, const std::string& offsets,
                   const std::string& type = "F32")
{
    return "\"" + name + "\":{\"dtype\":\"" + type + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}";
}

}  // namespace

class SafetensorsTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::string write(const std::string& content) const
    {
        const std::string path = m_folder.filePath(QStringLiteral("x.safetensors")).toStdString();
        publishFile(path, content);
        return path;
    }

private Q_SLOTS:
    void aGoodFileIsReadWithItsBytes()
    {
        const auto path =
            write(fileOf("{\"__metadata__\":{\"format\":\"pt\"}," + tensor("a", "[2]", "[0,8]") + "," +
                             tensor("b", "[]", "[8,10]", "BF16") + "," + tensor("c", "[0,4]", "[10,10]") + "}",
                         10));
        const auto header = readSafetensorsHeader(path);
        QCOMPARE(header.tensors.size(), std::size_t{3});
        QCOMPARE(header.metadata.at("format"), std::string("pt"));
        QCOMPARE(header.tensors.at("b").type, TensorType::BF16);
        QVERIFY(header.tensors.at("b").shape.empty());
        std::string bytes(8, '\0');
        readTensorBytes(path, header.tensors.at("a"), bytes.data());
        QCOMPARE(bytes, std::string(8, '\1'));
    }

    void whatIsWrittenIsRead()
    {
        const float values[] = {1.5F, -2.0F, 0.25F};
        const std::string path = m_folder.filePath(QStringLiteral("w.safetensors")).toStdString();
        writeSafetensors(path, {{"m.weight", TensorType::F32, {3, 1}, values}}, {{"format", "pt"}});
        const auto header = readSafetensorsHeader(path);
        const auto& entry = header.tensors.at("m.weight");
        QCOMPARE(entry.shape, (std::vector<std::int64_t>{3, 1}));
        QCOMPARE(entry.begin % 8, std::uint64_t{0});
        float back[3] = {};
        readTensorBytes(path, entry, back);
        QVERIFY(std::memcmp(values, back, sizeof values) == 0);
    }

    void aLyingFileIsRefusedByItsFault_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("said");
        const auto row = [](const char* name, const std::string& content, const char* said) {
            QTest::newRow(name) << QByteArray::fromStdString(content) << QString::fromLatin1(said);
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
        row("deep nesting in a tensor", one(tensor("a", "[[[[[[1]]]]]]", "[0,8]")), "too deeply");
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
        row("a Git-LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n", "git lfs pull");
        row("a pickle", std::string("\x80\x02}q\x00.", 6) + std::string(100, 'x'), "usable safetensors");
        row("a zip archive", "PK\x03\x04" + std::string(100, 'x'), "usable safetensors");
    }

    void aLyingFileIsRefusedByItsFault()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, said);
        const auto path = write(content.toStdString());
        try {
            (void)readSafetensorsHeader(path);
            QFAIL("accepted");
        } catch (const Failure& failure) {
            const auto message = QString::fromUtf8(failure.what());
            QCOMPARE(failure.kind(), FailureKind::BadInput);
            QVERIFY2(message.contains(said), qPrintable(message));
            QVERIFY2(message.contains(QStringLiteral("x.safetensors")), qPrintable(message));
        }
    }

    void aFolderAndAPipeAreRefused()
    {
        QVERIFY_EXCEPTION_THROWN((void)readSafetensorsHeader(m_folder.path().toStdString()), Failure);
        QVERIFY_EXCEPTION_THROWN((void)readSafetensorsHeader("/dev/null"), Failure);
        QVERIFY_EXCEPTION_THROWN((void)readSafetensorsHeader("/nowhere/x"), Failure);
    }

    void everyByteChangedOrCutIsReadOrRefused()
    {
        const std::string good =
            fileOf("{" + tensor("a", "[2]", "[0,8]") + "," + tensor("b", "[1]", "[8,12]") + "}", 12);
        for (std::size_t at = 0; at < good.size(); ++at) {
            for (const char change : {'\0', '\xFF', '}', '9'}) {
                std::string changed = good;
                changed[at] = change;
                for (const auto& content : {changed, good.substr(0, at)}) {
                    try {
                        (void)readSafetensorsHeader(write(content));
                    } catch (const Failure& failure) {
                        QCOMPARE(failure.kind(), FailureKind::BadInput);
                    }
                }
            }
        }
    }
};

QTEST_APPLESS_MAIN(SafetensorsTest)
#include "tst_safetensors.moc"
