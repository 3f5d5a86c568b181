// What was changed in a text, word by word: minimal, readable, and in bounded time.
#include "annotate/judgment/word_diff.h"
#include "tests/support/patience.h"

#include <QElapsedTimer>
#include <QtTest>

#include <random>

using namespace stet;
using namespace stet::annotate;
using Kind = DiffPiece::Kind;

class WordDiffTest : public QObject {
    Q_OBJECT

    // [left out] {put in}
    static QString drawn(const std::string& before, const std::string& after)
    {
        QString text;
        for (const auto& piece : wordDiff(before, after)) {
            const QString words = QString::fromStdString(piece.text);
            text += piece.kind == Kind::LeftOut ? QStringLiteral("[%1]").arg(words)
                : piece.kind == Kind::PutIn     ? QStringLiteral("{%1}").arg(words)
                                                : words;
        }
        return text;
    }

    static std::string joined(const std::vector<DiffPiece>& pieces, Kind without)
    {
        std::string text;
        for (const auto& piece : pieces) {
            text += piece.kind == without ? "" : piece.text;
        }
        return text;
    }

    // Words of a small vocabulary, so that much recurs.
    static std::string randomText(std::mt19937& random, int words)
    {
        static const char* const kWords[] = {"the", "a",  "cat", "sat",   ".",  ",",
                                             "mat", "今", "天",  "don't", "\n", "🦙"};
        std::string text;
        for (int i = 0; i < words; ++i) {
            text += std::string(i == 0 || random() % 5 == 0 ? "" : " ") + kWords[random() % 12];
        }
        return text;
    }

    // The length of a longest common subsequence by the table everybody knows, for what wordDiff is measured by.
    static int commonWords(const std::vector<std::string>& a, const std::vector<std::string>& b)
    {
        std::vector<std::vector<int>> best(a.size() + 1, std::vector<int>(b.size() + 1));
        for (std::size_t i = 1; i <= a.size(); ++i) {
            for (std::size_t j = 1; j <= b.size(); ++j) {
                best[i][j] = a[i - 1] == b[j - 1] ? best[i - 1][j - 1] + 1 : std::max(best[i - 1][j], best[i][j - 1]);
            }
        }
        return best[a.size()][b.size()];
    }

private Q_SLOTS:
    void changesReadAsAProofreaderMarksThem_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        QTest::addColumn<QString>("expected");
        QTest::newRow("nothing") << "One two."
                                 << "One two."
                                 << "One two.";
        QTest::newRow("a word for a word") << "Mara is a baker."
                                           << "Mara is a tailor."
                                           << "Mara is a [baker]{tailor}.";
        QTest::newRow("left out") << "Sure! Mara bakes."
                                  << "Mara bakes."
                                  << "[Sure! ]Mara bakes.";
        QTest::newRow("put in") << "Mara bakes."
                                << "Mara bakes bread."
                                << "Mara bakes{ bread}.";
        QTest::newRow("two words are one change") << "a b c d"
                                                  << "a x y d"
                                                  << "a [b c]{x y} d";
        QTest::newRow("an apostrophe is of the word") << "I don't know"
                                                      << "I do know"
                                                      << "I [don't]{do} know";
        QTest::newRow("no part of a word") << "running"
                                           << "runner"
                                           << "[running]{runner}";
        QTest::newRow("Chinese by characters") << "今天很热"
                                               << "今天不热"
                                               << "今天[很]{不}热";
        QTest::newRow("Korean by words") << "오늘 덥다"
                                         << "오늘 춥다"
                                         << "오늘 [덥다]{춥다}";
        QTest::newRow("a newline") << "a\nb"
                                   << "a b"
                                   << "a[\n]{ }b";
        QTest::newRow("case counts") << "Baker"
                                     << "baker"
                                     << "[Baker]{baker}";
        QTest::newRow("from nothing") << ""
                                      << "All new."
                                      << "{All new.}";
        QTest::newRow("to nothing") << "All old."
                                    << ""
                                    << "[All old.]";
        QTest::newRow("neither") << ""
                                 << ""
                                 << "";
    }

    void changesReadAsAProofreaderMarksThem()
    {
        QFETCH(QString, before);
        QFETCH(QString, after);
        QFETCH(QString, expected);
        QCOMPARE(drawn(before.toStdString(), after.toStdString()), expected);
    }

    void wordsAreCountedWithoutSpaces()
    {
        const auto pieces = wordDiff("Sure! Mara bakes.", "Mara bakes bread and cake.");
        QCOMPARE(wordsOf(pieces, Kind::LeftOut), 2);  // Sure !
        QCOMPARE(wordsOf(pieces, Kind::PutIn), 3);
        QCOMPARE(wordsOf(pieces, Kind::Same), 3);
    }

    void bothTextsComeOutWholeAndNothingIsChangedNeedlessly()
    {
        std::mt19937 random(7);
        for (int i = 0; i < 300; ++i) {
            const auto before = randomText(random, static_cast<int>(random() % 40));
            const auto after = randomText(random, static_cast<int>(random() % 40));
            const auto pieces = wordDiff(before, after);
            QCOMPARE(joined(pieces, Kind::PutIn), before);
            QCOMPARE(joined(pieces, Kind::LeftOut), after);
            for (std::size_t k = 1; k < pieces.size(); ++k) {
                QVERIFY(pieces[k].kind != pieces[k - 1].kind);
                QVERIFY(pieces[k].kind != Kind::LeftOut || pieces[k - 1].kind == Kind::Same);
            }
        }
    }

    // Words apart by one space each, so that which spaces are taken into a change doesn't matter.
    void asManyWordsStayAsCanStay()
    {
        std::mt19937 random(11);
        for (int i = 0; i < 200; ++i) {
            std::vector<std::string> words[2];
            std::string texts[2];
            for (int side : {0, 1}) {
                for (auto left = random() % 30; left > 0; --left) {
                    words[side].emplace_back(1, static_cast<char>('a' + random() % 4));
                    texts[side] += words[side].back() + ",";
                }
            }
            // Each comma is a word, too: between letters that stay they stay.
            std::vector<std::string> all[2];
            for (int side : {0, 1}) {
                for (const auto& word : words[side]) {
                    all[side].push_back(word);
                    all[side].emplace_back(",");
                }
            }
            const auto pieces = wordDiff(texts[0], texts[1]);
            QCOMPARE(wordsOf(pieces, Kind::Same), commonWords(all[0], all[1]));
        }
    }

    void aCorrectionOfALongResponseIsFoundAtOnce()
    {
        std::mt19937 random(3);
        std::string before = randomText(random, 100'000);
        std::string after = before;
        after.insert(after.size() / 2, " entirely wrong ");
        QElapsedTimer clock;
        clock.start();
        const auto pieces = wordDiff(before, after);
        QVERIFY2(clock.elapsed() < test::kPatienceMs, qPrintable(QString::number(clock.elapsed())));
        QVERIFY(wordsOf(pieces, Kind::PutIn) <= 4);
        QCOMPARE(joined(pieces, Kind::LeftOut), after);
    }

    // Two long texts that share nothing but their ends: one change, not an hour.
    void textsThatHaveLittleInCommonAreReplacedInBoundedTime()
    {
        std::string before = "Begin. ";
        std::string after = "Begin. ";
        for (int i = 0; i < 50'000; ++i) {
            before += "a" + std::to_string(i) + " ";
            after += "b" + std::to_string(i) + "\n";
        }
        QElapsedTimer clock;
        clock.start();
        const auto pieces = wordDiff(before + "End.", after + "End.");
        QVERIFY2(clock.elapsed() < test::kPatienceMs, qPrintable(QString::number(clock.elapsed())));
        QCOMPARE(pieces.size(), std::size_t(4));
        QCOMPARE(joined(pieces, Kind::PutIn), before + "End.");
        QCOMPARE(joined(pieces, Kind::LeftOut), after + "End.");
    }
};

QTEST_APPLESS_MAIN(WordDiffTest)
#include "tst_word_diff.moc"
