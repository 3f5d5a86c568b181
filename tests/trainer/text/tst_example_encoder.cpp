// Example → ids under each context: response ids, offsets, end of sequence, truncation, marks.
#include "base/failure.h"
#include "base/json.h"
#include "tests/support/paths.h"
#include "trainer/text/example_encoder.h"

#include <QtTest>

using namespace stet;
using namespace stet::text;

namespace {

files::Example example(const std::string& instruction, const std::string& output, std::optional<std::string> judgment)
{
    files::Example made;
    made.id = "1";
    made.instruction = instruction;
    made.output = output;
    made.judgment = std::move(judgment);
    return made;
}

}  // namespace

class ExampleEncoderTest : public QObject {
    Q_OBJECT

    files::ModelFolder m_folder;
    std::unique_ptr<ExampleEncoder> m_encoder;

private Q_SLOTS:
    void init()
    {
        if (test::sharedData().empty()) {
            QSKIP("../shared/data is absent");
        }
        m_folder = files::openModelFolder(test::sharedData() + "/models/stories260K");
        m_encoder = std::make_unique<ExampleEncoder>(Tokenizer::load(m_folder.path),
                                                     PromptStyle::resolve("alpaca", m_folder), m_folder);
    }

    void anEndOutsideTheVocabularyIsRefused()
    {
        m_folder.eosToken.reset();
        m_folder.stopIds = {m_folder.config.vocabSize};
        QVERIFY_EXCEPTION_THROWN(
            ExampleEncoder(Tokenizer::load(m_folder.path), PromptStyle::resolve("alpaca", m_folder), m_folder),
            Failure);
    }

    void templatesAreTheReleasedOnes()
    {
        const auto& style = m_encoder->style();
        QCOMPARE(
            style.render(Context::Judged, "I {judgment}", "J {instruction}"),
            std::string("Below is an instruction that describes a task. Write a response to the instruction and the "
                        "response should match the corresponding judgment.\n\n### Instruction:\nI {judgment}\n\n### "
                        "Judgment:\nJ {instruction}\n\n### Response:\n"));
        QVERIFY(style.render(Context::Praised, "I", "J").find("Your response to the instruction is satisfactory.") !=
                std::string::npos);
        QVERIFY(style.render(Context::Blank, "I", "J").find("### Judgment:\n\n\n### Response:\n") != std::string::npos);
    }

    // The prompt ends before the response in one joined encoding as well: what the released code trains on.
    void responseIdsAreThoseOfTheJoinedText()
    {
        const Json records =
            parseJson(QString::fromUtf8([] {
                          QFile file(QString::fromStdString(test::sharedData() + "/judgments/cut-online-iter1.json"));
                          return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
                      }())
                          .toStdString(),
                      "cut-online-iter1.json");
        QCOMPARE(records.size(), std::size_t(1000));
        int compared = 0;
        for (const auto& record : records) {
            const auto made =
                example(record["instruction"].get<std::string>(), record["output"].get<std::string>(), {});
            const auto encoded = m_encoder->encode(made, {Context::Plain}, {1 << 20, Truncate::Tail});
            const std::string prompt = m_encoder->style().render(Context::Plain, made.instruction, "");
            const auto joined = m_encoder->tokenizer().encode(prompt + *made.output, Specials::None);
            const auto promptLength = static_cast<int>(QString::fromStdString(prompt).toUcs4().size());
            std::vector<std::int64_t> after;
            for (std::size_t i = 0; i < joined.ids.size(); ++i) {
                if (joined.ranges[i].end > promptLength) {
                    after.push_back(joined.ids[i]);
                }
            }
            after.push_back(m_encoder->end().id);
            // The model's own context is short: compare before truncation.
            QCOMPARE(encoded.response, after);
            ++compared;
        }
        QCOMPARE(compared, 1000);
    }

    void rangesCountTheResponsesCodePoints()
    {
        const std::string output = "One day \xC3\xA9t\xC3\xA9 \xF0\x9F\xA6\x99";
        const auto encoded = m_encoder->encode(example("Say", output, {}), {Context::Plain}, {});
        QCOMPARE(encoded.ranges.front().begin, 0);
        QCOMPARE(encoded.ranges.back(), (TokenRange{13, 13}));
        QCOMPARE(encoded.ranges[encoded.ranges.size() - 2].end, 13);
        QCOMPARE(encoded.response.back(), std::int64_t(2));

        auto unfinished = example("Say", output, {});
        unfinished.stoppedByLength = true;
        QCOMPARE(m_encoder->encode(unfinished, {Context::Plain}, {}).response.size() + 1, encoded.response.size());
    }

    void leftTruncationDropsEachContextsOwnBeginning()
    {
        const auto made = example("Say it", "Once upon a time there was a fox.", "It is too long.");
        const auto whole = m_encoder->encode(made, {Context::Plain, Context::Judged}, {512, Truncate::Left});
        const auto plain = whole.contexts.at(Context::Plain);
        const auto judged = whole.contexts.at(Context::Judged);
        QVERIFY(!whole.truncated);
        const auto limit = static_cast<std::int64_t>(plain.prompt.size() + plain.response.size());
        const auto cut = m_encoder->encode(made, {Context::Plain, Context::Judged}, {limit, Truncate::Left});
        QCOMPARE(cut.contexts.at(Context::Plain).cut, 0);
        const int expected = static_cast<int>(judged.prompt.size()) - static_cast<int>(plain.prompt.size());
        QCOMPARE(cut.contexts.at(Context::Judged).cut, expected);
        QCOMPARE(cut.contexts.at(Context::Judged).prompt.front(), judged.prompt[static_cast<std::size_t>(expected)]);
        QVERIFY(cut.truncated);
        QVERIFY(!cut.contextsEqual);

        const auto tiny = m_encoder->encode(made, {Context::Plain, Context::Judged}, {5, Truncate::Left});
        QVERIFY(tiny.contextsEqual);
        QCOMPARE(tiny.contexts.at(Context::Plain).response.size(), std::size_t(5));
        QVERIFY(tiny.contexts.at(Context::Plain).prompt.empty());
    }

    void tailTruncationKeepsThePromptAndCutsAllContextsAlike()
    {
        const auto made = example("Say it", "Once upon a time there was a fox.", "It is too long.");
        const auto whole = m_encoder->encode(made, {Context::Plain, Context::Judged}, {512, Truncate::Tail});
        const auto judgedPrompt = whole.contexts.at(Context::Judged).prompt.size();
        const auto cut = m_encoder->encode(made, {Context::Plain, Context::Judged},
                                           {static_cast<std::int64_t>(judgedPrompt) + 3, Truncate::Tail});
        QCOMPARE(cut.responseKept, 3);
        QCOMPARE(cut.contexts.at(Context::Plain).response.size(), std::size_t(3));
        QCOMPARE(cut.contexts.at(Context::Plain).prompt, whole.contexts.at(Context::Plain).prompt);
        QVERIFY(!worthKeeping(cut));
        QVERIFY(worthKeeping(whole));
    }

    void marksCoverTheTokensTheyOverlap()
    {
        const std::vector<TokenRange> ranges = {{0, 2}, {2, 3}, {3, 7}, {7, 7}};
        const std::vector<files::Mark> marks = {{1, 3, files::MarkKind::Flag}, {2, 3, files::MarkKind::Clear}};
        QCOMPARE(markedTokens(marks, ranges), (std::vector<int>{1, -1, 0, 0}));
        // The end of sequence is marked by an empty mark, which is what the window makes, or by one that goes beyond.
        const auto end = ranges.back().begin;
        const auto markedBy = [&](int begin, int last) {
            return markedTokens({{begin, last, files::MarkKind::Flag}}, ranges).back();
        };
        QCOMPARE(markedBy(end, end), 1);
        QCOMPARE(markedBy(end - 1, end + 1), 1);
        QCOMPARE(markedBy(end - 1, end), 0);
        QCOMPARE(markedTokens({{7, 8, files::MarkKind::Flag}}, ranges), (std::vector<int>{0, 0, 0, 1}));
        QCOMPARE(markedTokens({{2, 2, files::MarkKind::Flag}}, ranges), (std::vector<int>{0, 0, 0, 0}));
    }

    void aTokenizerOfAnotherModelIsRefused()
    {
        try {
            ExampleEncoder(Tokenizer::load(test::sharedData() + "/tokenizers/llama2"),
                           PromptStyle::resolve("alpaca", m_folder), m_folder);
            QFAIL("accepted");
        } catch (const Failure& failure) {
            QVERIFY(std::string(failure.what()).find("belongs to another model") != std::string::npos);
        }
    }
};

QTEST_APPLESS_MAIN(ExampleEncoderTest)
#include "tst_example_encoder.moc"
