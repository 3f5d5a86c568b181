// Q8_0 blocks against the `gguf` package (tests/golden/make_gguf_q8_goldens.py), equal to the bit; float16 against the
// reader of it.
#include "tests/support/paths.h"
#include "trainer/files/gguf/dequantise.h"
#include "trainer/files/gguf/quantise.h"
#include "trainer/files/safetensors.h"

#include <QtTest>

#include <array>
#include <bit>
#include <cmath>

using namespace stet;
namespace gguf = stet::files::gguf;

namespace {

float read(std::uint16_t half)
{
    const std::array<std::uint8_t, 2> bytes = {static_cast<std::uint8_t>(half & 0xFFU),
                                               static_cast<std::uint8_t>(half >> 8U)};
    return gguf::halfToFloat(bytes.data());
}

}  // namespace

class GgufQuantiseTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void blocksAreThoseOfTheGgufPackage()
    {
        const std::string path = test::goldenDir() + "/gguf/q8.safetensors";
        const auto header = files::readSafetensorsHeader(path);
        std::vector<float> numbers(header.tensors.at("numbers").bytes / sizeof(float));
        std::vector<std::uint8_t> expected(header.tensors.at("blocks").bytes);
        files::readTensorBytes(path, header.tensors.at("numbers"), numbers.data());
        files::readTensorBytes(path, header.tensors.at("blocks"), expected.data());
        const std::size_t blocks = numbers.size() / 32;
        QVERIFY(blocks > 100);
        QCOMPARE(expected.size(), blocks * 34);
        std::vector<std::uint8_t> made(expected.size());
        gguf::quantiseQ8(numbers.data(), blocks, made.data());
        for (std::size_t i = 0; i < made.size(); ++i) {
            QVERIFY2(made[i] == expected[i], qPrintable(QStringLiteral("block %1, byte %2").arg(i / 34).arg(i % 34)));
        }
    }

    void everyHalfComesBack()
    {
        for (std::uint32_t half = 0; half < 0x10000U; ++half) {
            const float number = read(static_cast<std::uint16_t>(half));
            if (!std::isnan(number)) {
                QCOMPARE(std::uint32_t{gguf::floatToHalf(number)}, half);
            }
        }
    }

    void betweenTwoHalvesTheNearerAndTheEvenIsTaken()
    {
        for (std::uint32_t half = 0; half < 0x7BFFU; ++half) {
            const float low = read(static_cast<std::uint16_t>(half));
            const float high = read(static_cast<std::uint16_t>(half + 1));
            const float middle = (low + high) / 2;
            QCOMPARE(std::uint32_t{gguf::floatToHalf(middle)}, half + (half & 1U));
            QCOMPARE(std::uint32_t{gguf::floatToHalf(std::nextafter(middle, high))}, half + 1);
            QCOMPARE(std::uint32_t{gguf::floatToHalf(std::nextafter(middle, low))}, half);
        }
        QCOMPARE(std::uint32_t{gguf::floatToHalf(65520.0F)}, 0x7C00U);
        QCOMPARE(std::uint32_t{gguf::floatToHalf(65519.0F)}, 0x7BFFU);
    }
};

QTEST_APPLESS_MAIN(GgufQuantiseTest)
#include "tst_gguf_quantise.moc"
