// Which tokens are one word.
#include "trainer/detect/words.h"

#include <QtTest>

using namespace stet;
using Ranges = std::vector<text::TokenRange>;

class WordsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tokensOfOneWordShareItsNumber_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QList<int>>("ends");  // of each token, from the end of the one before
        QTest::addColumn<QList<int>>("words");
        QTest::newRow("pieces") << "Synthetic food" << QList<int>{3, 9, 14} << QList<int>{0, 0, 1};
        QTest::newRow("punctuation") << "Sure! Yes." << QList<int>{4, 5, 9, 10} << QList<int>{0, -1, 1, -1};
        QTest::newRow("white space and line ends") << "a \n\nb" << QList<int>{1, 2, 4, 5} << QList<int>{0, -1, -1, 1};
        QTest::newRow("digits") << "2024-11" << QList<int>{2, 4, 5, 7} << QList<int>{0, 0, -1, 1};
        QTest::newRow("apostrophe") << "don't" << QList<int>{3, 5} << QList<int>{0, 1};
        QTest::newRow("accents") << QString::fromUtf8("caf\u00e9s") << QList<int>{3, 4, 5} << QList<int>{0, 0, 0};
        QTest::newRow("Chinese") << QString::fromUtf8("\u4f60\u597d\u3002") << QList<int>{1, 2, 3}
                                 << QList<int>{0, 1, -1};
        QTest::newRow("end of sequence") << "ab" << QList<int>{2, 2} << QList<int>{0, -1};
    }

    void tokensOfOneWordShareItsNumber()
    {
        QFETCH(QString, text);
        QFETCH(QList<int>, ends);
        QFETCH(QList<int>, words);
        Ranges ranges;
        for (const int end : ends) {
            ranges.push_back({ranges.empty() ? 0 : ranges.back().end, end});
        }
        const auto found = detect::wordsOf(text.toStdString(), ranges);
        QCOMPARE(QList<int>(found.begin(), found.end()), words);
    }

    // Some tokenizers leave the space before a word out of the word's range.
    void aSpaceThatNoTokenCoversEndsAWord()
    {
        QCOMPARE(detect::wordsOf("a b", {{0, 1}, {2, 3}}), (std::vector<int>{0, 1}));
    }

    void bytesOfOneCharacterBelongTogether()
    {
        QCOMPARE(detect::wordsOf("\xE4\xBD\xA0!", {{0, 1}, {0, 1}, {0, 1}, {1, 2}}),
                 (std::vector<int>{0, 0, 0, kNoWord}));
    }

    void aRangeBeyondTheTextIsNoWord()
    {
        QCOMPARE(detect::wordsOf("ab", {{0, 2}, {5, 9}}), (std::vector<int>{0, kNoWord}));
        QVERIFY(detect::wordsOf("", {}).empty());
    }
};

QTEST_APPLESS_MAIN(WordsTest)
#include "tst_words.moc"
