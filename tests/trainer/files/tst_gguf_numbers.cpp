// Blocks of every type against the `gguf` package (tests/golden/make_gguf_goldens.py), equal to the bit.
#include "tests/support/paths.h"
#include "trainer/files/gguf/dequantise.h"
#include "trainer/files/safetensors.h"

#include <QtTest>

#include <cmath>
#include <cstring>

using namespace stet;
namespace gguf = stet::files::gguf;

class GgufNumbersTest : public QObject {
    Q_OBJECT

    std::string m_path = test::goldenDir() + "/gguf/blocks.safetensors";

private Q_SLOTS:
    void blocksAreTheNumbersOfTheGgufPackage_data()
    {
        QTest::addColumn<int>("type");
        for (const int type : {0, 1, 2, 3, 6, 7, 8, 12, 13, 14, 30}) {
            QTest::newRow(gguf::numberTypeName(static_cast<std::uint32_t>(type)).c_str()) << type;
        }
    }

    void blocksAreTheNumbersOfTheGgufPackage()
    {
        QFETCH(int, type);
        const auto header = files::readSafetensorsHeader(m_path);
        const std::string name = gguf::numberTypeName(static_cast<std::uint32_t>(type));
        const auto& packed = header.tensors.at(name + ".blocks");
        const auto& numbers = header.tensors.at(name + ".numbers");
        std::vector<std::uint8_t> bytes(packed.bytes);
        std::vector<float> expected(numbers.bytes / sizeof(float));
        files::readTensorBytes(m_path, packed, bytes.data());
        files::readTensorBytes(m_path, numbers, expected.data());
        const auto layout = gguf::blockLayout(static_cast<gguf::NumberType>(type));
        QCOMPARE(bytes.size() / layout.bytes * layout.numbers, expected.size());
        QVERIFY(expected.size() >= 16);
        std::vector<float> out(expected.size());
        gguf::dequantise(static_cast<gguf::NumberType>(type), bytes.data(), bytes.size() / layout.bytes, out.data());
        for (std::size_t i = 0; i < out.size(); ++i) {
            std::uint32_t here = 0;
            std::uint32_t there = 0;
            std::memcpy(&here, &out[i], sizeof here);
            std::memcpy(&there, &expected[i], sizeof there);
            QVERIFY2(here == there,
                     qPrintable(QStringLiteral("number %1: %2, expected %3")
                                    .arg(i)
                                    .arg(static_cast<double>(out[i]))
                                    .arg(static_cast<double>(expected[i]))));
        }
    }

    void infinitiesAndNoNumbersStayThem()
    {
        const std::uint8_t infinite[] = {0x00, 0xFC};
        const std::uint8_t none[] = {0x01, 0x7E};
        QCOMPARE(gguf::halfToFloat(infinite), -INFINITY);
        QVERIFY(std::isnan(gguf::halfToFloat(none)));
    }
};

QTEST_APPLESS_MAIN(GgufNumbersTest)
#include "tst_gguf_numbers.moc"
