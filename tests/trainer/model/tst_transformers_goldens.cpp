// Logits, greedy ids and adapters against Transformers and PEFT (tests/golden/make_transformers_goldens.py): every
// family, layout and rope type this version reads, on texts longer than any window and original context.
#include "base/json.h"
#include "tests/support/device.h"
#include "tests/support/paths.h"
#include "trainer/model/adapter.h"
#include "trainer/model/generate.h"
#include "trainer/model/tensor_io.h"
#include "trainer/score/response_log_probs.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <QDir>
#include <QtTest>

using namespace stet;

namespace {

constexpr double kTolerance = 1e-4;

std::string goldenPath(const QString& name)
{
    return test::goldenDir() + "/transformers/" + name.toStdString();
}

std::unique_ptr<model::Decoder> load(const std::string& folder)
{
    return model::Decoder::load(files::openModelFolder(folder), test::compute());
}

// Both computed on the device the decoder is on; goldens are on the CPU.
at::Tensor hiddenOf(const model::Decoder& decoder, const model::SequenceBatch& batch,
                    const model::Adapters& adapters = {})
{
    return decoder.hiddenStates({batch.ids().to(decoder.compute().device), batch.lengths()}, adapters);
}

at::Tensor logitsOf(const model::Decoder& decoder, const at::Tensor& hidden)
{
    return decoder.logits(hidden.flatten(0, -2)).to(c10::kCPU);
}

std::vector<std::int64_t> row(const at::Tensor& ids, std::int64_t index)
{
    const at::Tensor line = ids[index].contiguous();
    return {line.const_data_ptr<std::int64_t>(), line.const_data_ptr<std::int64_t>() + line.numel()};
}

}  // namespace

class TransformersGoldens : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { STET_LOAD_DEVICE(); }
    void logitsAndGreedyIdsAreTransformers_data();
    void logitsAndGreedyIdsAreTransformers();
    void paddingChangesNoNumber_data() { logitsAndGreedyIdsAreTransformers_data(); }
    void paddingChangesNoNumber();
    void anAdapterOfPeftGivesItsLogProbabilities_data();
    void anAdapterOfPeftGivesItsLogProbabilities();
    void longTextsOfATrainedModel();
    void anUntiedHeadOverALargeVocabularyIsRead();
};

void TransformersGoldens::logitsAndGreedyIdsAreTransformers_data()
{
    QTest::addColumn<QString>("name");
    const QDir folder(QString::fromStdString(goldenPath(QString())));
    const QStringList names = folder.entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    QVERIFY(names.size() >= 27);
    for (const QString& name : names) {
        QTest::newRow(qPrintable(name)) << name;
    }
}

void TransformersGoldens::logitsAndGreedyIdsAreTransformers()
{
    QFETCH(QString, name);
    const c10::InferenceMode inference;
    const auto decoder = load(goldenPath(name));
    const auto golden = model::readTensors(goldenPath(name + QStringLiteral(".safetensors")));
    const at::Tensor& ids = golden.at("ids");
    const at::Tensor logits = logitsOf(*decoder, hiddenOf(*decoder, ids)).view_as(golden.at("logits"));
    const double difference = (logits - golden.at("logits")).abs().max().item<double>();
    qInfo("largest difference of a logit: %.2g", difference);
    QVERIFY(difference < test::tolerance(kTolerance));
    model::GenerateOptions options;
    options.maxNewTokens = static_cast<int>(golden.at("greedy").size(1));
    std::vector<model::GenerateItem> items;
    for (std::int64_t i = 0; i < ids.size(0); ++i) {
        auto prompt = row(ids, i);
        prompt.resize(static_cast<std::size_t>(golden.at("prompts")[i].item<std::int64_t>()));
        items.push_back({std::to_string(i), prompt});
        QCOMPARE(model::generate(*decoder, {}, {items.back()}, {}, options).front().ids, row(golden.at("greedy"), i));
    }
    // And in one batch, where the shorter prompt is padded.
    const auto together = model::generate(*decoder, {}, items, {}, options);
    for (std::size_t i = 0; i < items.size(); ++i) {
        QCOMPARE(together[i].ids, row(golden.at("greedy"), static_cast<std::int64_t>(i)));
    }
}

// A row's numbers don't depend on the rows beside it, not even where frequencies follow the length.
void TransformersGoldens::paddingChangesNoNumber()
{
    QFETCH(QString, name);
    const c10::InferenceMode inference;
    const auto decoder = load(goldenPath(name));
    const auto golden = model::readTensors(goldenPath(name + QStringLiteral(".safetensors")));
    const at::Tensor ids = golden.at("ids");
    const std::int64_t length = 20;
    const at::Tensor both = hiddenOf(*decoder, {ids, {ids.size(1), length}});
    const at::Tensor alone = hiddenOf(*decoder, ids.narrow(0, 1, 1).narrow(1, 0, length))[0];
    const double difference = (both[1].narrow(0, 0, length) - alone).abs().max().item<double>();
    QVERIFY2(difference < test::tolerance(2e-5), qPrintable(QString::number(difference)));
}

void TransformersGoldens::anAdapterOfPeftGivesItsLogProbabilities_data()
{
    QTest::addColumn<QString>("base");
    QTest::addColumn<QString>("name");
    const auto row = [](const char* what, const char* base, const char* name) {
        QTest::newRow(what) << QString::fromLatin1(base) << QString::fromLatin1(name);
    };
    row("every linear layer", "grouped-untied", "lora");
    row("rank-stabilised, two targets", "grouped-untied", "rslora");
    row("fused projections", "phi3-longrope", "fused");
    row("queries and values", "gemma2", "lora");
}

void TransformersGoldens::anAdapterOfPeftGivesItsLogProbabilities()
{
    QFETCH(QString, base);
    QFETCH(QString, name);
    const c10::InferenceMode inference;
    const auto decoder = load(goldenPath(base));
    const auto golden = model::readTensors(goldenPath(base + QStringLiteral(".safetensors")));
    const auto adapter = model::Adapter::load(goldenPath(base + QStringLiteral("/") + name), *decoder);
    const at::Tensor& expected = golden.at("logprob." + name.toStdString());
    const at::Tensor hidden = hiddenOf(*decoder, golden.at("ids"), {{&adapter}, nullptr});
    const at::Tensor logProbs = at::log_softmax(logitsOf(*decoder, hidden), -1).view_as(expected);
    const double difference = (logProbs - expected).abs().max().item<double>();
    qInfo("largest difference of a log-probability: %.2g", difference);
    QVERIFY(difference < test::tolerance(kTolerance));
    // And it is not the base's: the adapter was used.
    QVERIFY((at::log_softmax(golden.at("logits"), -1) - expected).abs().max().item<double>() > 0.1);
}

void TransformersGoldens::longTextsOfATrainedModel()
{
    if (test::sharedData().empty()) {
        QSKIP("../shared/data is absent");
    }
    const c10::InferenceMode inference;
    const auto decoder = load(test::sharedData() + "/models/stories260K");
    double largest = 0;
    for (const Json& text : readJsonFile(goldenPath(QStringLiteral("stories260k.json")))) {
        auto ids = text.at("ids").get<std::vector<std::int64_t>>();
        const auto expected = text.at("logprob").get<std::vector<double>>();
        const score::Sequence sequence{{ids.front()}, {ids.begin() + 1, ids.end()}};
        const at::Tensor found = score::responseLogProbs(*decoder, {}, {sequence}).front();
        QCOMPARE(found.numel(), static_cast<std::int64_t>(expected.size()));
        for (std::size_t i = 0; i < expected.size(); ++i) {
            largest = std::max(largest, std::fabs(found[static_cast<std::int64_t>(i)].item<double>() - expected[i]));
        }
    }
    qInfo("largest difference of a log-probability: %.2g", largest);
    QVERIFY(largest < test::tolerance(kTolerance));
}

void TransformersGoldens::anUntiedHeadOverALargeVocabularyIsRead()
{
    if (test::sharedData().empty()) {
        QSKIP("../shared/data is absent");
    }
    const c10::InferenceMode inference;
    const auto folder = files::openModelFolder(test::sharedData() + "/models/tiny-random-llama");
    QVERIFY(!folder.config.tiedEmbeddings);
    QCOMPARE(folder.config.vocabSize, std::int64_t(32000));
    const auto decoder = load(folder.path);
    const at::Tensor logits = logitsOf(*decoder, hiddenOf(*decoder, at::full({1, 3}, 5, at::kLong)));
    QCOMPARE(logits.size(1), std::int64_t(32000));
    QVERIFY(logits.isfinite().all().item<bool>());
}

QTEST_APPLESS_MAIN(TransformersGoldens)
#include "tst_transformers_goldens.moc"
