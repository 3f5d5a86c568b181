// The GGUF reader: what is written is read, and of a lying file every number, length, offset and alignment is refused
// with one sentence, quickly and in little memory. Kinds after the format's own rules and the published faults of other
// readers.
#include "base/failure.h"
#include "tests/support/bounded.h"
#include "tests/support/failures.h"
#include "tests/support/paths.h"
#include "tests/trainer/files/gguf_file.h"
#include "trainer/files/gguf/model_file.h"
#include "trainer/files/open_file.h"

#include <QtTest>

#include <filesystem>
#include <limits>

#include <sys/stat.h>

using namespace stet;
using namespace stet::test;
namespace gguf = stet::files::gguf;

namespace {

std::string counts(std::uint64_t tensors, std::uint64_t pairs)
{
    return "GGUF" + number32(3) + number64(tensors) + number64(pairs);
}

std::string one(const std::string& line, std::size_t data = 64)
{
    return ggufOf({pairText("general.architecture", "llama")}, {line}, data);
}

constexpr std::uint64_t kHuge = ~std::uint64_t{0};

}  // namespace

class GgufHeaderTest : public QObject {
    Q_OBJECT

    GgufFile m_file;

private Q_SLOTS:
    void aGoodFileIsRead()
    {
        const auto header = gguf::readHeader(
            m_file.write(ggufOf({pairText("general.architecture", "llama"), pair32("a", 7), pairFloat("b", 0.5F),
                                 pairTexts("c", {"x", "", "\xC3\xA4"}), ggufText("d") + number32(7) + "\1",
                                 ggufText("e") + number32(9) + number32(5) + number64(2) + number32(1) + number32(~0U)},
                                {tensorLine("t", {32, 2}, 8, 0), tensorLine("u", {3}, 0, 96)}, 108)));
        QCOMPARE(header.metadata.text("general.architecture").value(), std::string("llama"));
        QCOMPARE(header.metadata.integer("a").value(), std::int64_t{7});
        QCOMPARE(header.metadata.number("b").value(), 0.5);
        QCOMPARE(header.metadata.texts("c"), (std::vector<std::string>{"x", "", "\xC3\xA4"}));
        QVERIFY(header.metadata.flag("d").value());
        QCOMPARE(header.metadata.numbers("e"), (std::vector<double>{1, -1}));
        const auto& tensor = header.tensors.at("t");
        QCOMPARE(tensor.shape, (std::vector<std::int64_t>{2, 32}));
        QCOMPARE(tensor.bytes, std::uint64_t{68});
        QCOMPARE(tensor.begin % 32, std::uint64_t{0});
        QCOMPARE(header.tensors.at("u").begin, tensor.begin + 96);
    }

    void aLyingFileIsRefusedByItsFault_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("said");
        const auto row = [](const char* name, const std::string& content, const char* said) {
            QTest::newRow(name) << QByteArray::fromStdString(content) << QString::fromUtf8(said);
        };
        const std::string arch = pairText("general.architecture", "llama");
        row("nothing", "", "truncated");
        row("three letters", "GGU", "truncated");
        row("another file", "PK\3\4 and more of it", "does not begin with \"GGUF\"");
        row("a pointer of Git-LFS", "version https://git-lfs.github.com/spec/v1\n", "git lfs pull");
        row("no version", "GGUF", "truncated");
        row("version 1", "GGUF" + number32(1) + number64(0) + number64(0), "version 1");
        row("version 0", "GGUF" + number32(0) + number64(0) + number64(0), "version 0");
        row("version 99", "GGUF" + number32(99) + number64(0) + number64(0), "version 99");
        row("big-endian", "GGUF" + std::string("\0\0\0\3", 4) + number64(0) + number64(0), "big-endian");
        row("no counts", "GGUF" + number32(3), "truncated");
        row("more tensors than anything", counts(kHuge, 0), "can't hold");
        row("more tensors than bytes", counts(1000, 0) + std::string(200, '\0'), "can't hold");
        row("more pairs than anything", counts(0, kHuge), "can't hold");
        row("more pairs than there are", counts(0, 2) + arch + std::string(3, '\0'), "truncated");
        row("an empty key", counts(0, 1) + number64(0) + number32(4) + number32(1) + "xx", "is empty");
        row("an endless key", counts(0, 1) + number64(kHuge) + std::string(40, 'a'), "truncated");
        row("a key longer than keys are", counts(0, 1) + number64(70000) + std::string(70100, 'a'), "more than 65535");
        row("a key that is no UTF-8", ggufOf({pair32("\xFF\xFE", 1)}), "UTF-8");
        row("a key twice", ggufOf({arch, pair32("a", 1), pair32("a", 2)}), "stands twice");
        row("an unknown type of value", ggufOf({ggufText("a") + number32(13) + number32(1)}), "unknown type 13");
        row("a type of value beyond all", ggufOf({ggufText("a") + number32(~0U) + number32(1)}), "unknown type");
        row("an endless text", counts(0, 1) + ggufText("a") + number32(8) + number64(kHuge), "truncated");
        row("a text beyond the end", counts(0, 1) + ggufText("a") + number32(8) + number64(100) + "short", "truncated");
        row("a text beyond 2^63", counts(0, 1) + ggufText("a") + number32(8) + number64(kHuge / 2 + 2) + "short",
            "truncated");
        row("an endless list", counts(0, 1) + ggufText("a") + number32(9) + number32(4) + number64(kHuge),
            "can't hold");
        row("a list whose bytes overflow",
            counts(0, 1) + ggufText("a") + number32(9) + number32(10) + number64(std::uint64_t{1} << 61U),
            "can't hold");
        row("an endless list of texts", counts(0, 1) + ggufText("a") + number32(9) + number32(8) + number64(kHuge),
            "can't hold");
        row("a list of an unknown type", ggufOf({ggufText("a") + number32(9) + number32(77) + number64(0)}),
            "unknown type 77");
        row("lists in a list",
            ggufOf({ggufText("a") + number32(9) + number32(9) + number64(1) + number32(4) + number64(0)}),
            "holds lists");
        std::string deep = ggufText("a");
        for (int i = 0; i < 100000; ++i) {
            deep += number32(9);
        }
        row("lists in lists in lists", ggufOf({deep}), "holds lists");
        row("a whole number beyond 2^63", ggufOf({ggufText("a") + number32(10) + number64(kHuge)}), "more than can be");
        row("a tensor's name cut off", counts(1, 0) + std::string(33, '\0'), "is empty");
        row("an endless name", counts(1, 0) + number64(kHuge) + std::string(40, 'a'), "truncated");
        row("a name longer than names are", one(tensorLine(std::string(600, 'a'), {2}, 0, 0)), "more than 512");
        row("no dimension", one(tensorLine("t", {}, 0, 0)), "0 dimensions");
        row("five dimensions", one(tensorLine("t", {1, 1, 1, 1, 1}, 0, 0)), "5 dimensions");
        row("4294967295 dimensions", one(ggufText("t") + number32(~0U) + std::string(64, '\0')), "dimensions");
        row("a dimension of nothing", one(tensorLine("t", {2, 0}, 0, 0)), "a dimension of 0");
        row("a dimension beyond all", one(tensorLine("t", {kHuge}, 0, 0)), "a dimension of");
        row("sizes that overflow", one(tensorLine("t", {std::uint64_t{1} << 40U, std::uint64_t{1} << 40U, 4}, 0, 0)),
            "overflows");
        row("a name twice", ggufOf({arch}, {tensorLine("t", {2}, 0, 0), tensorLine("t", {2}, 0, 32)}, 64),
            "stands twice");
        row("an unknown type of numbers", one(tensorLine("t", {2}, 99, 0)), "number 99");
        row("a type that is not read", one(tensorLine("t", {256}, 10, 0)), "Q2_K");
        row("another type that is not read", one(tensorLine("t", {256}, 23, 0)), "IQ4_XS");
        row("a type that was taken out", one(tensorLine("t", {256}, 4, 0)), "number 4");
        row("rows of half a block", one(tensorLine("t", {40, 2}, 8, 0), 200), "whole blocks of 32");
        row("rows of half a super-block", one(tensorLine("t", {128}, 12, 0), 200), "whole blocks of 256");
        row("an offset beyond the end", one(tensorLine("t", {2}, 0, 4096)), "beyond the end");
        row("an offset beyond 2^63", one(tensorLine("t", {2}, 0, kHuge - 31)), "beyond the end");
        row("data beyond the end", one(tensorLine("t", {64}, 0, 0)), "beyond the end");
        row("an offset that is not aligned", one(tensorLine("t", {2}, 0, 8)), "not aligned");
        row("overlap", ggufOf({arch}, {tensorLine("t", {16}, 0, 0), tensorLine("u", {2}, 0, 32)}, 96), "overlap");
        row("the same place", ggufOf({arch}, {tensorLine("t", {2}, 0, 0), tensorLine("u", {2}, 0, 0)}, 96), "overlap");
        row("an alignment of nothing", ggufOf({arch, pair32("general.alignment", 0)}), "no power of two");
        row("an alignment of 24", ggufOf({arch, pair32("general.alignment", 24)}), "no power of two");
        row("an alignment of two thousand millions", ggufOf({arch, pair32("general.alignment", 1U << 31U)}),
            "no power of two");
        row("an alignment that is a text", ggufOf({arch, pairText("general.alignment", "32")}), "whole number");
        row("part 3 of 2", ggufOf({arch, pair32("split.no", 2), pair32("split.count", 2)}), "part 2 of 2");
        row("parts beyond all", ggufOf({arch, pair32("split.no", 0), pair32("split.count", 4000000000)}), "part 0 of");
        row("an adapter", ggufOf({arch, pairText("general.type", "adapter")}), "no model but \"adapter\"");
    }

    void aLyingFileIsRefusedByItsFault()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, said);
        const std::string path = m_file.write(content.toStdString());
        const Bounded bounded;
        const auto message = QString::fromStdString(messageOf([&] { (void)gguf::openModelFile(path); }));
        QVERIFY2(message.contains(said), qPrintable(message));
        QVERIFY2(message.contains(QString::fromStdString(path)), qPrintable(message));
        QCOMPARE(bounded.broken(), std::string());
    }

    void anEndlessFileIsRefusedInTime_data()
    {
        QTest::addColumn<QByteArray>("start");
        QTest::addColumn<bool>("isNone");
        const auto row = [](const char* name, const std::string& start, bool isNone = true) {
            QTest::newRow(name) << QByteArray::fromStdString(start) << isNone;
        };
        // What follows are zeros, as much as one likes: a hole costs its maker nothing.
        const std::uint64_t many = std::uint64_t{1} << 33U;
        row("tensors", counts(many, 0));
        row("pairs", counts(0, many));
        row("a list of bytes", counts(0, 1) + ggufText("a") + number32(9) + number32(0) + number64(many));
        row("a list of texts", counts(0, 1) + ggufText("a") + number32(9) + number32(8) + number64(many));
        row("a long list of texts", counts(0, 1) + ggufText("a") + number32(9) + number32(8) + number64(5'000'000));
        row("the longest list of texts", counts(0, 1) + ggufText("a") + number32(9) + number32(8) + number64(4'000'000),
            false);
        row("a text", counts(0, 1) + ggufText("a") + number32(8) + number64(many));
        row("a key", counts(0, 1) + number64(many));
    }

    void anEndlessFileIsRefusedInTime()
    {
        QFETCH(QByteArray, start);
        QFETCH(bool, isNone);
        const std::string path = m_file.write(start.toStdString());
        std::filesystem::resize_file(path, std::uint64_t{1} << 40U);
        const Bounded bounded;
        QCOMPARE(!messageOf([&] { (void)gguf::openModelFile(path); }).empty(), isNone);
        QCOMPARE(bounded.broken(), std::string());
        m_file.write("");
    }

    void everyByteChangedOrCutIsReadOrRefused()
    {
        const std::string good =
            ggufOf({pairText("general.architecture", "llama"), pair32("general.alignment", 32), pairTexts("c", {"x"})},
                   {tensorLine("t", {32}, 8, 0), tensorLine("u", {2}, 0, 64)}, 72);
        for (std::size_t at = 0; at < good.size(); ++at) {
            for (const char change : {'\0', '\xFF', '\1', '\x20'}) {
                std::string changed = good;
                changed[at] = change;
                for (const auto& content : {changed, good.substr(0, at)}) {
                    try {
                        (void)gguf::openModelFile(m_file.write(content));
                    } catch (const Failure& failure) {
                        QVERIFY(failure.kind() == FailureKind::BadInput || failure.kind() == FailureKind::ModelRefused);
                    }
                }
            }
        }
    }

    void whatIsNoRegularFileIsRefusedWithoutWaiting()
    {
        const std::string fifo = m_file.folder() + "/fifo.gguf";
        QCOMPARE(::mkfifo(fifo.c_str(), 0600), 0);
        for (const std::string& path : {fifo, m_file.folder(), std::string("/dev/zero"), std::string("/nowhere")}) {
            QVERIFY(!messageOf([&] { (void)gguf::readHeader(path); }).empty());
        }
    }

    void aModelInPartsIsOne()
    {
        const std::string folder = goldenDir() + "/gguf/";
        const auto whole = gguf::openModelFile(folder + "llama-tied.gguf");
        const auto parts = gguf::openModelFile(folder + "parts-00001-of-00003.gguf");
        QCOMPARE(parts.files.size(), std::size_t{3});
        QCOMPARE(parts.tensors.size(), whole.tensors.size());
        for (const auto& [name, tensor] : whole.tensors) {
            const auto& part = parts.tensors.at(name);
            QCOMPARE(part.shape, tensor.shape);
            std::string a(tensor.bytes, '\0');
            std::string b(tensor.bytes, '\0');
            files::OpenFile(whole.files[0]).read(tensor.begin, a.data(), a.size());
            files::OpenFile(parts.files[part.file]).read(part.begin, b.data(), b.size());
            QVERIFY(a == b);
        }
    }

    void aPartAloneIsNamed()
    {
        const std::string golden = goldenDir() + "/gguf/parts-0000";
        const auto put = [&](int part, int as) {
            const std::string to = m_file.folder() + "/m-0000" + std::to_string(as) + "-of-00003.gguf";
            std::filesystem::copy_file(golden + std::to_string(part) + "-of-00003.gguf", to,
                                       std::filesystem::copy_options::overwrite_existing);
            return to;
        };
        const auto said = [](const std::string& path) {
            return QString::fromStdString(messageOf([&] { (void)gguf::openModelFile(path); }));
        };
        const std::string first = put(1, 1);
        QVERIFY2(said(first).contains(QStringLiteral("m-00002-of-00003.gguf is not there")), qPrintable(said(first)));
        const std::string second = put(2, 2);
        QVERIFY2(said(second).contains(QStringLiteral("give the first")), qPrintable(said(second)));
        put(2, 3);
        QVERIFY2(said(first).contains(QStringLiteral("is not part 3 of 3")), qPrintable(said(first)));
        put(3, 3);
        QCOMPARE(said(first), QString());
        std::filesystem::rename(first, m_file.folder() + "/other.gguf");
        const QString renamed = said(m_file.folder() + "/other.gguf");
        QVERIFY2(renamed.contains(QStringLiteral("its name must end with -00001-of-00003.gguf")), qPrintable(renamed));
    }
};

QTEST_APPLESS_MAIN(GgufHeaderTest)
#include "tst_gguf_header.moc"
