// A comparison against Transformers and PEFT (tests/golden/make_score_goldens.py): answers, log-probabilities,
// divergence and the means over them.
#include "tests/support/device.h"
#include "tests/support/paths.h"
#include "trainer/compare/compare.h"
#include "trainer/model/adapter.h"
#include "trainer/detect/others.h"

#include <QtTest>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

using namespace stet;

class CompareTest : public QObject {
    Q_OBJECT

    Json m_golden = readJsonFile(test::goldenDir() + "/score/compare.json");
    files::ModelFolder m_folder;
    std::unique_ptr<model::Decoder> m_decoder;
    std::unique_ptr<text::ExampleEncoder> m_encoder;
    model::Adapter m_adapter;
    std::vector<Json> m_lines;

    Json run(const std::vector<files::Example>& examples, const compare::CompareHooks& more = {},
             std::int64_t maxLength = 2048, Contrast contrast = Contrast::D1)
    {
        m_lines.clear();
        compare::CompareOptions options;
        options.generate.maxNewTokens = m_golden.at("new_tokens").get<int>();
        options.score.detection.lambda = m_golden.at("lambda").get<double>();
        options.score.detection.maxLength = maxLength;
        options.score.detection.contrast = contrast;
        compare::CompareHooks hooks = more;
        hooks.onLine = [this](const contract::ComparedLine& line) { m_lines.push_back(toJson(line)); };
        contract::CompareResult result;
        result.summary = compare::compare(*m_decoder, *m_encoder, examples, {{}, ""},
                                          {{{&m_adapter}, nullptr}, "after"}, options, hooks);
        return toJson(result);
    }

    std::vector<files::Example> examples() const
    {
        std::vector<files::Example> all;
        for (const Json& one : m_golden.at("examples")) {
            all.push_back(files::parseExample(one, "golden", false));
        }
        return all;
    }

    static void closeTo(const Json& found, const Json& expected, double allowed)
    {
        QVERIFY2(found.is_number() &&
                     std::fabs(found.get<double>() - expected.get<double>()) <= test::tolerance(allowed),
                 (found.dump() + " is not " + expected.dump()).c_str());
    }

private Q_SLOTS:
    void initTestCase()
    {
        STET_LOAD_DEVICE();
        m_folder = files::openModelFolder(test::goldenDir() + "/cut/model");
        m_decoder = model::Decoder::load(m_folder, test::compute());
        m_encoder = std::make_unique<text::ExampleEncoder>(text::Tokenizer::load(m_folder.path),
                                                           text::PromptStyle::resolve("alpaca", m_folder), m_folder);
        m_adapter = model::Adapter::load(test::goldenDir() + "/cut/start", *m_decoder);
    }

    void linesAndMeansAreTheReferences()
    {
        const Json summary = run(examples()).at("summary");
        QCOMPARE(m_lines.size(), m_golden.at("lines").size());
        for (std::size_t i = 0; i < m_lines.size(); ++i) {
            const Json& expected = m_golden.at("lines").at(i);
            QCOMPARE(m_lines[i].at("id").dump(), expected.at("id").dump());
            for (const char* side : {"before", "after"}) {
                for (const auto& [field, value] : expected.at(side).items()) {
                    const Json& found = m_lines[i].at(side).at(field);
                    if (!value.is_array()) {
                        QCOMPARE(found.dump(), value.dump());
                        continue;
                    }
                    QCOMPARE(found.size(), value.size());
                    for (std::size_t t = 0; t < value.size(); ++t) {
                        closeTo(found.at(t), value.at(t), 1e-4);
                    }
                }
            }
            QCOMPARE(m_lines[i].contains("kl"), expected.contains("kl"));
            if (expected.contains("kl")) {
                closeTo(m_lines[i].at("kl"), expected.at("kl"), 1e-5);
            }
        }
        for (const auto& [name, both] : m_golden.at("summary").items()) {
            closeTo(summary.at(name).at("before"), both.at("before"), 1e-4);
            closeTo(summary.at(name).at("after"), both.at("after"), 1e-4);
        }
    }

    void aLineThatCannotBeScoredIsLeftOutAndTheOthersStay()
    {
        auto all = examples();
        all.resize(2);
        all[0].judgment = std::string(4000, 'x');
        const Json summary = run(all, {}, 120).at("summary");
        QVERIFY(m_lines.at(0).contains("left_out"));
        QVERIFY(!m_lines.at(1).contains("left_out"));
        QVERIFY(summary.at("criticised_flagged_logp").at("before").is_null());
        QVERIFY(summary.at("praised_logp").at("before").is_number());
    }

    // The tokens that are followed are those the contrast flags; D5 takes the file's other judgments.
    void theTokensFollowedAreThoseOfTheContrast()
    {
        auto all = examples();
        const Json summary = run(all, {}, 2048, Contrast::D5).at("summary");
        const OtherJudgments others = detect::otherJudgments(all, compare::CompareOptions().generate.seed);
        score::Scorer scorer(*m_decoder, *m_encoder);
        std::vector<double> followed;
        for (const auto& example : all) {
            if (!example.output || !example.judgment || example.control) {
                continue;
            }
            score::ScoreOptions options;
            options.detection.contrast = Contrast::D5;
            options.detection.lambda = m_golden.at("lambda").get<double>();
            options.otherJudgments = others.of(example.line, example.judgment, kOtherJudgments);
            const auto scores = scorer.score(example, options, {}, "", {});
            for (std::size_t t = 0; t < scores.detection.flagged.size(); ++t) {
                if (scores.detection.flagged[t] != 0) {
                    followed.push_back(scores.contexts.at(text::Context::Plain).logProbs[t]);
                }
            }
        }
        QVERIFY(!followed.empty());
        const double mean =
            std::accumulate(followed.begin(), followed.end(), 0.0) / static_cast<double>(followed.size());
        closeTo(summary.at("criticised_flagged_logp").at("before"), mean, 1e-6);
        // The only judgment of a file has nothing to be compared with; the others stay.
        std::erase_if(all, [first = true](const files::Example& e) mutable {
            return e.judgment && !std::exchange(first, false);
        });
        (void)run(all, {}, 2048, Contrast::D5);
        QCOMPARE(std::count_if(m_lines.begin(), m_lines.end(), [](const Json& l) { return l.contains("left_out"); }),
                 1);
    }

    void progressReachesItsTotalAndCancelStops()
    {
        compare::CompareHooks hooks;
        std::int64_t last = 0;
        std::int64_t total = 0;
        hooks.onProgress = [&](std::int64_t done, std::int64_t all) {
            QVERIFY(done >= last);
            last = done;
            total = all;
        };
        (void)run(examples(), hooks);
        QVERIFY(total > 0);
        QCOMPARE(last, total);
        hooks.cancelled = [] { return true; };
        QVERIFY_EXCEPTION_THROWN((void)run(examples(), hooks), model::Cancelled);
    }

    void repetitionIsTheShareOfRepeatedFourWords()
    {
        QCOMPARE(compare::repetition("a b c"), 0.0);
        QCOMPARE(compare::repetition("one two three four five six"), 0.0);
        QCOMPARE(compare::repetition("a a a a a a"), 1.0 - 1.0 / 3.0);
    }
};

QTEST_APPLESS_MAIN(CompareTest)
#include "tst_compare.moc"
