// What a round is said to take before it runs: by the sizes of what it reads and trains. Expected numbers are counted
// here, from the model's shapes and the texts' lengths.
#include "base/failure.h"
#include "base/files.h"
#include "tests/support/near.h"
#include "tests/support/paths.h"
#include "trainer/dataset/training_set.h"
#include "trainer/files/weight_layout.h"
#include "trainer/model/device.h"
#include "trainer/round/round.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cmath>
#include <filesystem>

using namespace stet;
namespace fs = std::filesystem;

namespace {

constexpr int kSteps = 15;

std::string goldens()
{
    return test::goldenDir() + "/cut";
}

// Flags by the weights of the step: nothing is read but what trains.
const Json kShort = {
    {"preset", "cut-code"}, {"max_length", 150}, {"epochs", 3}, {"batch_size", 4}, {"lora", {{"r", 4}}}};

}  // namespace

class PreviewTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::string m_folder;  // of the latest preview

    Json preview(const Json& more)
    {
        static int number = 0;
        m_folder = m_dir.path().toStdString() + "/" + std::to_string(++number);
        fs::create_directories(m_folder);
        fs::copy_file(goldens() + "/examples.jsonl", m_folder + "/examples.jsonl");
        Json settings = kShort;
        settings["model"] = goldens() + "/model";
        settings.update(more);
        publishFile(m_folder + "/round.json", settings.dump());
        return toJson(round::previewRound(m_folder));
    }

    double seconds(const Json& more = Json::object()) { return preview(more).at("seconds").get<double>(); }

    round::TrainingSet latestSet() const
    {
        const auto settings = files::readRoundSettings(m_folder);
        const auto folder = files::openModelFolder(settings.model);
        const text::ExampleEncoder encoder(text::Tokenizer::load(settings.model),
                                           text::PromptStyle::resolve("auto", folder), folder);
        return round::makeTrainingSet(m_folder + "/examples.jsonl", settings, *round::makeObjective(settings), encoder);
    }

    static files::ModelConfig model() { return files::openModelFolder(goldens() + "/model").config; }

    // Of the modules whose names end so, for rank 1.
    static double numbersOf(const std::vector<std::string>& ends)
    {
        double numbers = 0;
        for (const auto& [name, shape] : files::linearModules(model())) {
            for (const auto& end : ends) {
                numbers += name.ends_with("." + end) ? static_cast<double>(shape.in + shape.out) : 0;
            }
        }
        return numbers;
    }

    // Seconds of one floating-point operation.
    static double operation() { return 1.0 / (30e9 * model::resolveCompute({"cpu", "float32", 0}, {}).threads); }

    static double parameters() { return static_cast<double>(files::parameterCount(model())); }

    static double mlp() { return numbersOf({"gate_proj", "up_proj", "down_proj"}); }

private Q_SLOTS:
    void everyReadingIsCountedInEveryEpoch()
    {
        const double actual = seconds();
        double tokens = 0;
        for (const auto& example : latestSet().examples) {
            for (const auto& reading : example.readings) {
                tokens += static_cast<double>(reading.sequence.length());
            }
        }
        STET_COMPARE_RELATIVE(actual, 6 * 3 * tokens * (parameters() + 4 * mlp()) * operation(), 1e-9);
    }

    void anAnchorIsReadInEveryStep()
    {
        const double without = seconds();
        const Json anchor = {{"kind", "sft"}, {"answers", "all"}, {"batch_size", 2}};
        const double with = seconds({{"anchor", anchor}});
        const auto anchors = latestSet().anchors;
        QVERIFY(anchors.size() > 2);
        double tokens = 0;
        for (const auto& example : anchors) {
            const auto& sequence = example.readings.front().sequence;
            tokens += static_cast<double>(sequence.prompt.size() + sequence.response.size());
        }
        const double mean = tokens / static_cast<double>(anchors.size());
        STET_COMPARE_RELATIVE(with - without, 6 * kSteps * 2 * mean * (parameters() + 4 * mlp()) * operation(), 1e-9);
    }

    void aDivergenceReadsTheModelBeforeAsWell()
    {
        const double without = seconds();
        Json anchor = {{"kind", "sft"}, {"answers", "all"}, {"batch_size", 2}};
        const double imitated = seconds({{"anchor", anchor}}) - without;
        anchor["kind"] = "kl";
        STET_COMPARE_RELATIVE(seconds({{"anchor", anchor}}) - without, imitated * 8 / 6, 1e-9);
    }

    // ftpo: the plain context with gradient and by the model before, in every epoch; all contexts once.
    void ftpoReadsTheModelBeforeAsWell()
    {
        const double actual = seconds({{"preset", "ftpo"}, {"lora", {{"r", 4}}}});
        double tokens = 0;
        double once = 0;
        for (const auto& example : latestSet().examples) {
            tokens += static_cast<double>(example.readings.front().sequence.length());
            once += example.criticised ? static_cast<double>(example.shape().tokens) : 0;
        }
        STET_COMPARE_RELATIVE(actual, ((6 + 2) * 3 * tokens + 2 * once) * (parameters() + 4 * mlp()) * operation(),
                              1e-9);
    }

    void noMoreAnchorsAreReadThanThereAre()
    {
        const auto with = [&](int batch) {
            return seconds({{"anchor", {{"kind", "sft"}, {"answers", "all"}, {"batch_size", batch}}}});
        };
        (void)with(1);
        const int all = static_cast<int>(latestSet().anchors.size());
        QVERIFY(with(all) > with(all - 1));
        QCOMPARE(with(all + 5), with(all));
    }

    void whatIsFixedAtTheStartIsReadOnceMore()
    {
        const double during = seconds({{"flags", "current"}});
        const double once = seconds({{"flags", "start"}}) - during;
        double tokens = 0;
        for (const auto& example : latestSet().examples) {
            tokens += example.criticised ? static_cast<double>(example.shape().tokens) : 0;
        }
        STET_COMPARE_RELATIVE(once, 2 * tokens * (parameters() + 4 * mlp()) * operation(), 1e-9);
    }

    void theChosenModulesAndTheirRankCount()
    {
        const double usual = seconds() / (parameters() + 4 * mlp());
        STET_COMPARE_RELATIVE(seconds({{"lora", {{"r", 64}}}}), usual * (parameters() + 64 * mlp()), 1e-9);
        const Json attention = {{"r", 64}, {"targets", {"q_proj", "v_proj"}}};
        STET_COMPARE_RELATIVE(seconds({{"lora", attention}}),
                              usual * (parameters() + 64 * numbersOf({"q_proj", "v_proj"})), 1e-9);
    }

    // What is trained in float32 is kept four times: itself, its gradient, two averages; and its values for the
    // backward.
    void memoryGrowsWithWhatIsTrained()
    {
        const auto memory = [&](int rank) {
            return preview({{"lora", {{"r", rank}, {"dropout", 0}}}}).at("memory").get<double>();
        };
        const double grown = memory(64) - memory(4);
        QVERIFY2(grown >= 60 * 3 * 4 * mlp(), qPrintable(QString::number(grown)));
        const double attention =
            preview({{"lora", {{"r", 64}, {"dropout", 0}, {"targets", {"q_proj"}}}}}).at("memory").get<double>();
        QVERIFY(attention < memory(64));
    }

    void aParentCounts()
    {
        const double usual = seconds() / (parameters() + 4 * mlp());
        const auto parent = files::readAdapterConfig(goldens() + "/start");
        const double numbers = static_cast<double>(parent.rank) * numbersOf(parent.targets.names);
        const auto with = [&](const char* how) {
            return seconds({{"lora", Json::object()}, {"parent", {{"adapter", goldens() + "/start"}, {"how", how}}}});
        };
        STET_COMPARE_RELATIVE(with("continue"), usual * (parameters() + numbers), 1e-9);
        STET_COMPARE_RELATIVE(with("merge"), usual * (parameters() + numbers + 16 * mlp()), 1e-9);
    }

    void modulesTheModelHasNotAreRefused()
    {
        try {
            (void)preview({{"lora", {{"targets", {"up_proj", "wide_proj"}}}}});
        } catch (const Failure& failure) {
            QCOMPARE(failure.kind(), FailureKind::ModelRefused);
            QVERIFY2(std::string(failure.what()).find("wide_proj") != std::string::npos, failure.what());
            return;
        }
        QFAIL("there is a preview");
    }
};

QTEST_APPLESS_MAIN(PreviewTest)
#include "tst_preview.moc"
