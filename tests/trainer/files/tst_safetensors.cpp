// The safetensors reader and writer: what is written is read, and a file that is none, or changes, is refused.
#include "base/failure.h"
#include "tests/trainer/files/safetensors_file.h"
#include "trainer/files/safetensors.h"

#include <QtTest>

#include <cstring>
#include <filesystem>

#include <sys/stat.h>

using namespace stet;
using namespace stet::files;
using namespace stet::test;

class SafetensorsTest : public QObject {
    Q_OBJECT

    SafetensorsFile m_file;

private Q_SLOTS:
    void aGoodFileIsReadWithItsBytes()
    {
        const auto path =
            m_file.write(fileOf("{\"__metadata__\":{\"format\":\"pt\"}," + tensor("a", "[2]", "[0,8]") + "," +
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
        const std::string path = m_file.folder() + "/w.safetensors";
        SafetensorsWriter writer(path, {{"m.weight", TensorType::F32, {3, 1}}}, {{"format", "pt"}});
        writer.write(values);
        writer.finish();
        const auto header = readSafetensorsHeader(path);
        const auto& entry = header.tensors.at("m.weight");
        QCOMPARE(entry.shape, (std::vector<std::int64_t>{3, 1}));
        QCOMPARE(entry.begin % 8, std::uint64_t{0});
        float back[3] = {};
        readTensorBytes(path, entry, back);
        QVERIFY(std::memcmp(values, back, sizeof values) == 0);
    }

    void whatIsNoRegularFileIsRefusedWithoutWaiting()
    {
        const std::string folder = m_file.folder();
        QCOMPARE(::mkfifo((folder + "/fifo").c_str(), 0600), 0);
        std::filesystem::create_symlink("fifo", folder + "/to-fifo");
        std::filesystem::create_symlink("loop", folder + "/loop");
        for (const std::string& path :
             {folder, folder + "/fifo", folder + "/to-fifo", folder + "/loop", std::string("/dev/null"),
              std::string("/dev/zero"), std::string("/nowhere/x"), folder + "/" + std::string(5000, 'x')}) {
            QVERIFY_EXCEPTION_THROWN((void)readSafetensorsHeader(path), Failure);
        }
    }

    void aFileThatShrinksWhileItIsReadIsNamed()
    {
        const auto path = m_file.write(fileOf("{" + tensor("a", "[200]", "[0,800]") + "}", 800));
        const auto entry = readSafetensorsHeader(path).tensors.at("a");
        std::filesystem::resize_file(path, entry.begin + 100);
        std::string bytes(entry.bytes, '\0');
        try {
            readTensorBytes(path, entry, bytes.data());
            QFAIL("accepted");
        } catch (const Failure& failure) {
            QVERIFY2(std::string(failure.what()).find("became shorter") != std::string::npos, failure.what());
        }
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
                        (void)readSafetensorsHeader(m_file.write(content));
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
