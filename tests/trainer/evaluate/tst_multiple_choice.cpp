// Multiple choice against the Language Model Evaluation Harness itself (tests/golden/make_evaluate_goldens.py): the
// prompts its tasks make, its log-likelihoods, its measures.
#include "base/failure.h"
#include "tests/support/device.h"
#include "tests/support/paths.h"
#include "trainer/evaluate/choice_likelihoods.h"
#include "trainer/evaluate/python_text.h"
#include "trainer/evaluate/report.h"
#include "trainer/model/adapter.h"

#include <QtTest>

#include <cmath>

using namespace stet;
using namespace stet::evaluate;

namespace {

const std::string kGoldens = test::goldenDir() + "/evaluate/";
const std::string kModel = test::goldenDir() + "/cut/model";

std::vector<ChoiceItem> itemsOf(const std::string& form)
{
    const std::string name = form.substr(0, form.find('-'));
    return readTask(kGoldens + name + ".jsonl", formFromName(form).value()).choices;
}

ChoiceItem plain(const std::string& json)
{
    return parseChoiceItem(Json::parse(json), ChoiceForm::Plain, "t.jsonl, line 1", 1);
}

}  // namespace

class MultipleChoiceTest : public QObject {
    Q_OBJECT

    Json m_golden = readJsonFile(kGoldens + "choices.json");
    files::ModelFolder m_folder;
    std::shared_ptr<const text::Tokenizer> m_tokenizer;
    std::unique_ptr<model::Decoder> m_decoder;

    ChoiceEncoding encoding(std::int64_t contextLength = 256) const
    {
        return {*m_tokenizer, 1, contextLength, m_folder.config.vocabSize};
    }

    static void addForms()
    {
        QTest::addColumn<QString>("form");
        for (const char* form : {"plain", "arc", "truthfulqa-mc1", "truthfulqa-mc2", "hellaswag", "mmlu"}) {
            QTest::newRow(form) << QString::fromLatin1(form);
        }
    }

    // Compares with the golden `name` and adds to `report`; the largest difference of a log-likelihood.
    double compare(const std::string& name, const std::vector<ChoiceItem>& items, const model::Adapters& adapters,
                   ChoiceReport& report)
    {
        const Json& golden = m_golden.at(name).at("items");
        std::vector<score::Sequence> sequences;  // all at once: batches of many lengths
        for (const auto& item : items) {
            for (auto& sequence : encodeChoices(item, encoding())) {
                sequences.push_back(std::move(sequence));
            }
        }
        const auto all = logLikelihoods(*m_decoder, adapters, sequences);
        double largest = 0;
        auto next = all.begin();
        for (std::size_t i = 0; i < items.size(); ++i) {
            const std::vector<double> own(next, next + static_cast<std::ptrdiff_t>(items[i].choices.size()));
            next += static_cast<std::ptrdiff_t>(own.size());
            const Json line = report.line(items[i], own, false);
            for (std::size_t k = 0; k < own.size(); ++k) {
                largest = std::max(largest, std::abs(own[k] - golden[i].at("loglikelihoods").at(k).get<double>()));
            }
            checkMeasures(name, golden[i], line);
        }
        return largest;
    }

    static void checkMeasures(const std::string& name, const Json& golden, const Json& line)
    {
        if (name == "truthfulqa-mc2") {  // there "acc" is the share of the right ones
            QVERIFY(std::abs(line.at("mc2").get<double>() - golden.at("acc").get<double>()) < test::tolerance(1e-5));
            return;
        }
        for (const char* measure : {"acc", "acc_norm", "acc_bytes"}) {
            QVERIFY2(line.at(measure) == golden.at(measure), (measure + line.dump()).c_str());
        }
    }

    static void checkSummary(const Json& golden, const Json& summary, const std::string& form)
    {
        for (const char* measure : {"acc", "acc_norm", "acc_bytes"}) {
            if (golden.contains(measure)) {
                const Json& ours = summary.at(form == "truthfulqa-mc2" ? "mc2" : measure);
                QVERIFY(std::abs(ours.at("mean").get<double>() - golden.at(measure).get<double>()) <
                        test::tolerance(1e-5));
                const double error = golden.at(std::string(measure) + "_stderr").get<double>();
                QVERIFY(std::abs(ours.at("stderr").get<double>() - error) < test::tolerance(1e-5));
            }
        }
    }

private Q_SLOTS:
    void initTestCase()
    {
        STET_LOAD_DEVICE();
        m_folder = files::openModelFolder(kModel);
        m_tokenizer = text::Tokenizer::load(kModel);
        m_decoder = model::Decoder::load(m_folder, test::compute());
    }

    // An added token may stand behind the model's vocabulary.
    void aTokenTheModelHasNotIsNamed()
    {
        auto small = encoding();
        small.vocabularySize = 3;
        const auto item = plain(R"({"id": 1, "question": "a", "choices": ["b", "c"], "answer": 0})");
        try {
            (void)encodeChoices(item, small);
            QFAIL("it was encoded");
        } catch (const Failure& failure) {
            QVERIFY2(std::string(failure.what()).find("vocabulary ends at 2") != std::string::npos, failure.what());
        }
    }

    void promptsAreTheTasks_data() { addForms(); }

    void promptsAreTheTasks()
    {
        QFETCH(QString, form);
        const auto items = itemsOf(form.toStdString());
        const Json& golden = m_golden.at(form.toStdString()).at("items");
        QCOMPARE(items.size(), golden.size());
        for (std::size_t i = 0; i < items.size(); ++i) {
            QVERIFY2(items[i].context == golden[i].at("context"), (items[i].where + items[i].context).c_str());
            QCOMPARE(items[i].choices.size(), golden[i].at("continuations").size());
            for (std::size_t k = 0; k < items[i].choices.size(); ++k) {
                QVERIFY2(" " + items[i].choices[k] == golden[i].at("continuations").at(k), items[i].where.c_str());
            }
        }
    }

    void numbersAreTheHarnesss_data() { addForms(); }

    void numbersAreTheHarnesss()
    {
        QFETCH(QString, form);
        ChoiceReport report(formFromName(form.toStdString()).value());
        const double largest = compare(form.toStdString(), itemsOf(form.toStdString()), {}, report);
        qInfo("largest difference of a log-likelihood: %.2g", largest);
        QVERIFY(largest < test::tolerance(1e-4));
        checkSummary(m_golden.at(form.toStdString()).at("summary"), report.summary().at("summary"), form.toStdString());
    }

    void anAdapterCounts()
    {
        const model::Adapter adapter = model::Adapter::load(test::goldenDir() + "/cut/start", *m_decoder);
        ChoiceReport report(ChoiceForm::Arc);
        QVERIFY(compare("arc-adapted", itemsOf("arc"), {{&adapter}, nullptr}, report) < test::tolerance(1e-4));
        ChoiceReport base(ChoiceForm::Arc);
        QVERIFY(compare("arc-adapted", itemsOf("arc"), {}, base) > 1e-2);
    }

    void aLongContextLosesItsBeginning()
    {
        const auto item =
            plain(R"({"id":1,"context":"one two three four five six","choices":["seven","a b c d e"],"answer":0})");
        bool shortened = true;
        const auto whole = encodeChoices(item, encoding(), &shortened);
        QVERIFY(!shortened);
        QCOMPARE(whole[0].prompt.front(), std::int64_t{1});
        const auto length = static_cast<std::int64_t>(whole[1].prompt.size() + whole[1].response.size());
        (void)encodeChoices(item, encoding(length - 1), &shortened);  // the last id is predicted, never read
        QVERIFY(!shortened);
        const auto cut = encodeChoices(item, encoding(length - 3), &shortened);
        QVERIFY(shortened);
        QCOMPARE(cut[1].response, whole[1].response);
        QCOMPARE(cut[1].prompt.size() + 2, whole[1].prompt.size());
        QCOMPARE(cut[1].prompt.back(), whole[1].prompt.back());
        const auto tooLong = static_cast<std::int64_t>(whole[1].response.size()) - 1;
        QVERIFY_THROWS_EXCEPTION(Failure, encodeChoices(item, encoding(tooLong)));
    }

    void theFirstOfEqualsIsPreferred()
    {
        const auto item = plain(R"({"id":1,"question":"q","choices":["aa","bb","cc"],"answers":[1,"cc"]})");
        const auto measured = measureChoices(item, {-2.0, -1.0, -1.0});
        QCOMPARE(measured.preferred.plain, std::size_t{1});
        QCOMPARE(measured.acc, 1.0);
        QVERIFY(std::abs(measured.mc2 - 2 / (2 + std::exp(-1.0))) < 1e-15);
        // Where exp() alone would be 0 / 0.
        QVERIFY(std::abs(measureChoices(item, {-2000.0, -2001.0, -3000.0}).mc2 - 1 / (1 + std::exp(1.0))) < 1e-15);
    }

    void charactersAndBytesAreTwoLengths()
    {
        // "üüüü" has 4 characters and 8 bytes, "abcdef" 6 of both.
        const auto item = plain(R"({"id":1,"question":"q","choices":["üüüü","abcdef"],"answer":"abcdef"})");
        const auto measured = measureChoices(item, {-6.0, -6.6});
        QCOMPARE(measured.preferred.plain, std::size_t{0});
        QCOMPARE(measured.preferred.perCharacter, std::size_t{1});  // −1.5 < −1.1
        QCOMPARE(measured.preferred.perByte, std::size_t{0});       // −0.75 > −1.1
        QCOMPARE(measured.accNorm, 1.0);
        QCOMPARE(measured.accBytes, 0.0);
    }

    void pythonsTexts()
    {
        QCOMPARE(stripped(" \t\xC2\xA0"
                          "a b\xE3\x80\x80\n"),
                 std::string("a b"));
        QCOMPARE(stripped("\xE2\x80\x8B"), std::string("\xE2\x80\x8B"));  // no space to Python
        QCOMPARE(stripped(" \n"), std::string());
        QCOMPARE(trailingSpace("a\xE2\x80\xA8 "), std::size_t{4});
        QCOMPARE(capitalized("\xC3\xA9LAN Vital \xC3\x89"), std::string("\xC3\x89lan vital \xC3\xA9"));
        QCOMPARE(capitalized(""), std::string());
        QCOMPARE(replacedAll("a   b    c", "  ", " "), std::string("a  b  c"));
    }
};

QTEST_APPLESS_MAIN(MultipleChoiceTest)
#include "tst_multiple_choice.moc"
