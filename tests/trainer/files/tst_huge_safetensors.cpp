// The safetensors reader on files that are larger than what they hold: read or refused within bounds.
#include "base/failure.h"
#include "base/utf8.h"
#include "tests/support/bounded.h"
#include "tests/trainer/files/safetensors_file.h"
#include "trainer/files/safetensors.h"

#include <QtTest>

#include <filesystem>
#include <vector>

using namespace stet;
using namespace stet::files;
using namespace stet::test;

namespace {

std::string repeated(const std::string& piece, int times)
{
    std::string text;
    text.reserve(piece.size() * static_cast<std::size_t>(times));
    for (int i = 0; i < times; ++i) {
        text += piece;
    }
    return text;
}

std::string tensors(int count)
{
    std::string members;
    for (int i = 0; i < count; ++i) {
        const std::string offsets = "[" + std::to_string(i) + "," + std::to_string(i + 1) + "]";
        members += (i > 0 ? "," : "") + tensor("t" + std::to_string(i), "[1]", offsets, "U8");
    }
    return members;
}

std::string metadata(int texts)
{
    std::string members = "\"__metadata__\":{";
    for (int i = 0; i < texts; ++i) {
        members += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":\"\"";
    }
    return members + "}";
}

struct HugeHeader {
    const char* name;
    std::string (*members)();
    const char* said;  // empty: it is read
    std::size_t dataBytes = 0;
};

// Headers that grow into much more than they are long. What is refused is refused in bounds, what is read as well.
const std::vector<HugeHeader>& theHeaders()
{
    static const std::vector<HugeHeader> kHeaders = {
        {"a header of 100 MB", [] { return std::string(99'999'000, ' '); }, "more than"},
        {"50,000 tensors", [] { return tensors(50'000); }, "", 50'000},
        {"300,000 tensors", [] { return tensors(300'000); }, "more than 50000 tensors", 300'000},
        {"a tensor's name of 8 MB", [] { return tensor(std::string(8'000'000, 'n'), "[0]", "[0,0]"); }, ""},
        {"metadata of 20 MB in one text",
         [] { return "\"__metadata__\":{\"a\":\"" + std::string(20'000'000, 'm') + "\"}"; }, ""},
        {"metadata in 2,000,000 texts", [] { return metadata(2'000'000); }, "metadata"},
        {"a shape of 8,000,000 sizes",
         [] { return tensor("a", "[1" + repeated(",1", 8'000'000) + "]", "[0,1]", "U8"); }, "malformed"},
        {"8,000,000 brackets", [] { return "\"a\":" + std::string(8'000'000, '['); }, "lacks"},
        {"4,000,000 empty lists", [] { return tensor("a", "[[]" + repeated(",[]", 4'000'000) + "]", "[0,1]", "U8"); },
         "whole number"},
        {"30 MB of blanks", [] { return std::string(30'000'000, ' '); }, ""},
        {"an endless bad name", [] { return "\"" + std::string(8'000'000, 'n') + "\":5"; }, "lacks"},
    };
    return kHeaders;
}

}  // namespace

class HugeSafetensorsTest : public QObject {
    Q_OBJECT

    SafetensorsFile m_file;

private Q_SLOTS:
    void aHugeHeaderIsHandledWithinBounds_data()
    {
        QTest::addColumn<int>("which");
        for (std::size_t i = 0; i < theHeaders().size(); ++i) {
            QTest::newRow(theHeaders()[i].name) << static_cast<int>(i);
        }
    }

    void aHugeHeaderIsHandledWithinBounds()
    {
        QFETCH(int, which);
        const HugeHeader& huge = theHeaders().at(static_cast<std::size_t>(which));
        const QString said = QString::fromUtf8(huge.said);
        const auto path = m_file.write(fileOf("{" + huge.members() + "}", huge.dataBytes));
        const Bounded bounded;
        QString refused;
        try {
            (void)readSafetensorsHeader(path);
        } catch (const Failure& failure) {
            refused = QString::fromUtf8(failure.what());
            QVERIFY(isValidUtf8(failure.what()));
            QVERIFY(refused.size() <= 2000);
        }
        QVERIFY2(bounded.broken().empty(), bounded.broken().c_str());
        QVERIFY2(said.isEmpty() ? refused.isEmpty() : refused.contains(said), qPrintable(refused));
    }

    // Larger than any memory, but only a header and a number.
    void aSparseFileOfExbibytesIsReadByItsHeader()
    {
        const std::uint64_t most = std::uint64_t{7} << 60U;
        for (const std::uint64_t bytes : {most, std::uint64_t{15} << 40U}) {
            const std::string header =
                "{" + tensor("a", "[" + std::to_string(bytes) + "]", "[0," + std::to_string(bytes) + "]", "U8") + "}";
            const auto path = m_file.write(fileOf(header, 0));
            std::error_code refused;
            std::filesystem::resize_file(path, 8 + header.size() + bytes, refused);
            if (refused) {
                continue;  // not every file system has files of that size
            }
            const Bounded bounded;
            QCOMPARE(readSafetensorsHeader(path).tensors.at("a").bytes, bytes);
            QVERIFY2(bounded.broken().empty(), bounded.broken().c_str());
            return;
        }
        QSKIP("this file system has no files of 15 TiB");
    }
};

QTEST_APPLESS_MAIN(HugeSafetensorsTest)
#include "tst_huge_safetensors.moc"
