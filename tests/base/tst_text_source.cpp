// A file's text is the same, however it is packed and encoded; what is damaged is named, and what is made to fill the
// memory or the disk does not.
#include "base/json_lines.h"
#include "base/json_list.h"
#include "base/text_source.h"
#include "tests/support/failures.h"
#include "tests/support/gzip.h"

#include <QStringEncoder>
#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>
#include <fstream>

using namespace stet;
using namespace stet::test;

namespace {

// Characters of one to four bytes, some across the border of two pieces.
QString someText()
{
    QString text;
    for (int i = 0; i < 20'000; ++i) {
        text += QStringLiteral("a é 你 🦙 %1\n").arg(i);
    }
    return text;
}

QByteArray encoded(const QString& text, QStringConverter::Encoding encoding, bool mark)
{
    QStringEncoder encode(encoding, mark ? QStringConverter::Flag::WriteBom : QStringConverter::Flag::Default);
    return encode(text);
}

}  // namespace

class TextSourceTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::string write(const QByteArray& content) const
    {
        const auto path = m_folder.filePath(QStringLiteral("f.data")).toStdString();
        std::ofstream(path, std::ios::binary).write(content.data(), content.size());
        return path;
    }

    static QByteArray textOf(const std::string& path)
    {
        const auto source = openText(path);
        std::string text;
        while (source->read(text)) { }
        return QByteArray::fromStdString(text);
    }

    QString refusal(const QByteArray& content) const
    {
        const auto path = write(content);
        return QString::fromStdString(messageOf([&] {
            const auto source = openText(path);
            for (std::string piece; source->read(piece); piece.clear()) { }
        }));
    }

private Q_SLOTS:
    void theTextIsTheSameHoweverItIsStored_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const QString text = someText();
        const QByteArray plain = text.toUtf8();
        using Q = QStringConverter;
        QTest::newRow("UTF-8") << plain;
        QTest::newRow("UTF-8 with a mark") << QByteArray("\xEF\xBB\xBF" + plain);
        QTest::newRow("UTF-16, little end first") << encoded(text, Q::Utf16LE, true);
        QTest::newRow("UTF-16, big end first") << encoded(text, Q::Utf16BE, true);
        QTest::newRow("UTF-16 without a mark") << encoded(text, Q::Utf16LE, false);
        QTest::newRow("UTF-16, big end first, without a mark") << encoded(text, Q::Utf16BE, false);
        QTest::newRow("gzip") << gzipped(plain);
        QTest::newRow("gzip in two parts") << QByteArray(gzipped(plain.left(7)) + gzipped(plain.mid(7)));
        QTest::newRow("gzip and zeros behind it") << QByteArray(gzipped(plain) + QByteArray(512, '\0'));
        QTest::newRow("gzip of UTF-16") << gzipped(encoded(text, Q::Utf16LE, true));
    }

    void theTextIsTheSameHoweverItIsStored()
    {
        QFETCH(QByteArray, bytes);
        QCOMPARE(textOf(write(bytes)), someText().toUtf8());
    }

    void bothReadersOfJsonTakeIt()
    {
        const QByteArray line = "{\"a\": \"é\"}\n";
        JsonLinesReader lines(write(gzipped(line + line)));
        QCOMPARE(lines.next()->at("a").get<std::string>(), std::string("é"));
        QVERIFY(lines.next());
        QCOMPARE(lines.lineNumber(), 2);
        QVERIFY(!lines.next());
        JsonListReader list(write(encoded(QStringLiteral("[{\"a\": \"🦙\"}]"), QStringConverter::Utf16LE, true)));
        QCOMPARE(list.next()->at("a").get<std::string>(), std::string("🦙"));
    }

    void halfAPairIsReplaced()
    {
        QCOMPARE(textOf(write(QByteArray("\xFF\xFE\x3E\xD8x\0\x3E\xD8", 8))), QByteArray("\xEF\xBF\xBDx\xEF\xBF\xBD"));
        QCOMPARE(textOf(write(QByteArray("\xFF\xFE\x99\xDDx\0", 6))), QByteArray("\xEF\xBF\xBDx"));
    }

    void whatIsDamagedIsNamed()
    {
        const QByteArray packed = gzipped(someText().toUtf8());
        const QString cut = refusal(packed.left(packed.size() / 2));
        QVERIFY2(cut.contains(QStringLiteral("f.data")) && cut.contains(QStringLiteral("cut short")), qPrintable(cut));
        QByteArray changed = packed;
        changed[packed.size() / 2] = static_cast<char>(changed[packed.size() / 2] ^ 0x55);
        const QString damaged = refusal(changed);
        QVERIFY2(damaged.contains(QStringLiteral("damaged")), qPrintable(damaged));
        QByteArray sum = packed;
        sum[packed.size() - 6] = static_cast<char>(sum[packed.size() - 6] ^ 1);
        QVERIFY2(refusal(sum).contains(QStringLiteral("damaged")), qPrintable(refusal(sum)));
        const QString odd = refusal(QByteArray("\xFF\xFE"
                                               "a\0b",
                                               5));
        QVERIFY2(odd.contains(QStringLiteral("ends within a character")), qPrintable(odd));
    }

    void whatIsMadeToFillADiskIsRefused()
    {
        const QByteArray bomb = gzipped(QByteArray(200 << 20, '\n'));
        QVERIFY(bomb.size() < 300'000);
        const QString said = refusal(bomb);
        QVERIFY2(said.contains(QStringLiteral("250 times its size")) && said.contains(QStringLiteral("gunzip")),
                 qPrintable(said));
    }

    void aLongLinePackedSmallIsRefusedBeforeItFillsTheMemory()
    {
        JsonLinesReader lines(write(gzipped(QByteArray(40 << 20, 'x'))));
        const auto said = messageOf([&] { (void)lines.next(); });
        QVERIFY2(said.find("line 1: longer than 16 MiB") != std::string::npos, said.c_str());
    }

    void aTextBeginsBehindItsWhiteSpace()
    {
        QByteArray text(300'000, '\n');
        QCOMPARE(beginningOf(*openText(write(text + "[1]"))), std::string("[1]"));
        QCOMPARE(beginningOf(*openText(write(text))), std::string());
    }

    void anAbsentFileAndAFolderAreNamed()
    {
        const std::string folder = m_folder.path().toStdString();
        QVERIFY(messageOf([&] { (void)openText(folder); }).find("not a regular file") != std::string::npos);
        QVERIFY(messageOf([&] { (void)openText(folder + "/absent"); }).find("Cannot open") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TextSourceTest)
#include "tst_text_source.moc"
