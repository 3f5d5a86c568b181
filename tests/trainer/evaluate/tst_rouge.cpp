// ROUGE and stems against rouge-score and NLTK (tests/golden/make_evaluate_goldens.py).
#include "base/failure.h"
#include "base/files.h"
#include "base/json_lines.h"
#include "tests/support/paths.h"
#include "trainer/evaluate/porter_stemmer.h"
#include "trainer/evaluate/report.h"
#include "trainer/evaluate/rouge.h"

#include <QtTest>

#include <cmath>
#include <sstream>

using namespace stet;
using namespace stet::evaluate;

namespace {

const std::string kGoldens = test::goldenDir() + "/evaluate/";

double difference(const RougeScores& scores, const Json& golden)
{
    double largest = 0;
    const std::array<const Rouge*, 4> all = {&scores.rouge1, &scores.rouge2, &scores.rougeL, &scores.rougeLsum};
    for (std::size_t i = 0; i < all.size(); ++i) {
        largest = std::max(largest, std::abs(all[i]->precision - golden[i][0].get<double>()));
        largest = std::max(largest, std::abs(all[i]->recall - golden[i][1].get<double>()));
        largest = std::max(largest, std::abs(all[i]->f - golden[i][2].get<double>()));
    }
    return largest;
}

}  // namespace

class RougeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void stemsAreNltks()
    {
        std::istringstream lines(readFile(kGoldens + "stems.txt", 1U << 20U));
        int count = 0;
        for (std::string word, stem; lines >> word >> stem; ++count) {
            QVERIFY2(porterStem(word) == stem, (word + " → " + porterStem(word) + ", not " + stem).c_str());
        }
        QVERIFY(count > 3000);
    }

    void stemsOfAnythingAreTexts()
    {
        for (const char* word : {"", "a", "y", "s", "ed", "ing", "ies", "eed", "ss", "ll", "e", "ion", "logi"}) {
            QVERIFY(porterStem(word).size() <= std::string(word).size() + 1);
        }
        QCOMPARE(porterStem(std::string(200'000, 'y')).size(), std::size_t{200'000});  // linear, and no recursion
    }

    void scoresAreRougeScores()
    {
        JsonLinesReader reader(kGoldens + "rouge.jsonl");
        int count = 0;
        int stemmed = 0;
        for (; const auto line = reader.next(); ++count) {
            const auto& reference = line->at("reference").get_ref<const std::string&>();
            const auto& output = line->at("output").get_ref<const std::string&>();
            QVERIFY2(difference(rougeScores(reference, output, Stemming::None), line->at("plain")) < 1e-13,
                     reader.where().c_str());
            QVERIFY2(difference(rougeScores(reference, output, Stemming::Porter), line->at("stemmed")) < 1e-13,
                     reader.where().c_str());
            stemmed += line->at("plain") != line->at("stemmed") ? 1 : 0;
        }
        QVERIFY(count > 150);
        QVERIFY(stemmed > 0);  // the two ways can be told apart
    }

    void wordsAreCountedAsTheyAreScored()
    {
        QCOMPARE(rougeWordCount(""), std::size_t{0});
        QCOMPARE(rougeWordCount("\xE4\xBD\xA0\xE5\xA5\xBD!"), std::size_t{0});
        QCOMPARE(rougeWordCount("don't, 5\nx"), std::size_t{4});
    }

    void theSummaryIsThePlainMean()
    {
        RougeReport report(Stemming::None);
        (void)report.line({1, "a b", "a b"});
        (void)report.line({2, "a b", "c"});
        (void)report.line({"three", "a b c d", "a b"});
        const Json summary = report.summary().at("summary");
        QCOMPARE(summary.at("n").get<int>(), 3);
        QCOMPARE(summary.at("rouge1").at("recall").at("mean").get<double>(), 0.5);
        // Sample deviation of 1, 0, ½ is ½.
        QVERIFY(std::abs(summary.at("rouge1").at("recall").at("stderr").get<double>() - 0.5 / std::sqrt(3.0)) < 1e-15);
        RougeReport one(Stemming::Porter);
        (void)one.line({1, "a", "a"});
        QVERIFY(one.summary().at("summary").at("rougeL").at("f").at("stderr").is_null());
        QCOMPARE(one.summary().at("summary").at("stemmer").get<bool>(), true);
    }
};

QTEST_APPLESS_MAIN(RougeTest)
#include "tst_rouge.moc"
