#include "base/utf8.h"

#include <QtTest>

using namespace stet;

class Utf8Test : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void validity_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<bool>("valid");
        QTest::newRow("ascii") << QByteArray("abc") << true;
        QTest::newRow("two, three and four bytes") << QByteArray("\xC3\xA9\xE4\xB8\xAD\xF0\x9F\xA6\x99") << true;
        QTest::newRow("overlong slash") << QByteArray("\xC0\xAF") << false;
        QTest::newRow("overlong three") << QByteArray("\xE0\x80\x80") << false;
        QTest::newRow("surrogate") << QByteArray("\xED\xA0\x80") << false;
        QTest::newRow("above the last") << QByteArray("\xF4\x90\x80\x80") << false;
        QTest::newRow("cut off") << QByteArray("a\xE4\xB8") << false;
        QTest::newRow("stray continuation") << QByteArray("\x80") << false;
    }

    void validity()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(bool, valid);
        QCOMPARE(isValidUtf8(bytes.toStdString()), valid);
        QVERIFY(isValidUtf8(toValidUtf8(bytes.toStdString())));
        QCOMPARE(toValidUtf8(bytes.toStdString()) == bytes.toStdString(), valid);
    }

    void codePointsAreCountedAndFound()
    {
        const std::string text = "a\xC3\xA9\xF0\x9F\xA6\x99!";
        QCOMPARE(codePointCount(text), std::size_t(4));
        QCOMPARE(codePointStarts(text), (std::vector<std::size_t>{0, 1, 3, 7, 8}));
        QCOMPARE(codePointStarts(""), (std::vector<std::size_t>{0}));
        QCOMPARE(codePointAt(text, 0), std::uint32_t{'a'});
        QCOMPARE(codePointAt(text, 1), std::uint32_t{0xE9});
        QCOMPARE(codePointAt(text, 3), std::uint32_t{0x1F999});
        QCOMPARE(codePointAt("\xE4\xB8\xAD", 0), std::uint32_t{0x4E2D});
    }

    // Every cut of a text gives a prefix that is valid and at most three bytes shorter.
    void aStreamIsHeldBackToWholeCharacters()
    {
        const std::string text = "x\xC3\xA9\xE4\xB8\xAD\xF0\x9F\xA6\x99y";
        for (std::size_t cut = 0; cut <= text.size(); ++cut) {
            const std::string head = text.substr(0, cut);
            const std::size_t whole = completePrefix(head);
            QVERIFY(isValidUtf8(head.substr(0, whole)));
            QVERIFY(cut - whole <= 3);
        }
        QCOMPARE(completePrefix(text), text.size());
    }
};

QTEST_APPLESS_MAIN(Utf8Test)
#include "tst_utf8.moc"
