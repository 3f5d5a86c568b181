// A packed batch gives each sequence the numbers it has alone, whatever lies beside it, in every family.
#include "tests/support/device.h"
#include "tests/support/paths.h"
#include "trainer/model/decoder.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <QDir>
#include <QRandomGenerator>
#include <QtTest>

#include <algorithm>

using namespace stet;
using model::Sequence;
using model::SequenceBatch;

namespace {

std::string familyFolder(const QString& name)
{
    return test::goldenDir() + "/transformers/" + name.toStdString();
}

std::vector<std::int64_t> randomIds(int count, std::int64_t vocabulary, QRandomGenerator& random)
{
    std::vector<std::int64_t> ids;
    for (int i = 0; i < count; ++i) {
        ids.push_back(random.bounded(static_cast<int>(vocabulary)));
    }
    return ids;
}

// Two to six, some of them longer than the windows of the families that have one.
std::vector<Sequence> randomSequences(const files::ModelConfig& config, QRandomGenerator& random)
{
    std::vector<Sequence> sequences;
    const int most = static_cast<int>(std::min<std::int64_t>(config.contextLength, 48)) / 2;
    const int count = random.bounded(2, 7);
    for (int i = 0; i < count; ++i) {
        sequences.push_back({randomIds(random.bounded(1, most), config.vocabSize, random),
                             randomIds(random.bounded(1, most), config.vocabSize, random)});
    }
    return sequences;
}

}  // namespace

class PackingTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { STET_LOAD_DEVICE(); }
    void aSequenceHasTheNumbersItHasAlone_data();
    void aSequenceHasTheNumbersItHasAlone();
    void gradientsAreThoseOfTheSequencesAlone();
};

void PackingTest::aSequenceHasTheNumbersItHasAlone_data()
{
    QTest::addColumn<QString>("name");
    const QStringList names =
        QDir(QString::fromStdString(familyFolder({}))).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    QVERIFY(names.size() >= 27);
    for (const QString& name : names) {
        QTest::newRow(qPrintable(name)) << name;
    }
}

// STET_PACKINGS: how many are tried, eight at least, in each family.
void PackingTest::aSequenceHasTheNumbersItHasAlone()
{
    QFETCH(QString, name);
    const c10::InferenceMode inference;
    const auto decoder = model::Decoder::load(files::openModelFolder(familyFolder(name)), test::compute());
    const auto device = decoder->compute().device;
    QRandomGenerator random(7);
    const int packings = std::max(8, qEnvironmentVariableIntValue("STET_PACKINGS"));
    double largest = 0;
    for (int packing = 0; packing < packings; ++packing) {
        const auto sequences = randomSequences(decoder->config(), random);
        const SequenceBatch together(sequences, device);
        const at::Tensor hidden = decoder->hiddenStates(together, {});
        const auto logProbs = together.split(decoder->logProbs(together.predicting(hidden), together.targets()));
        for (std::size_t i = 0; i < sequences.size(); ++i) {
            auto ids = sequences[i].prompt;
            ids.insert(ids.end(), sequences[i].response.begin(), sequences[i].response.end());
            const at::Tensor alone = decoder->hiddenStates(at::tensor(ids, at::kLong).unsqueeze(0).to(device), {})[0];
            const at::Tensor own = at::log_softmax(decoder->logits(alone), -1);
            for (std::size_t token = 0; token < sequences[i].response.size(); ++token) {
                const auto at = static_cast<std::int64_t>(sequences[i].prompt.size() + token) - 1;
                const double expected = own[at][sequences[i].response[token]].item<double>();
                const double found = logProbs[i][static_cast<std::int64_t>(token)].item<double>();
                largest = std::max(largest, std::abs(found - expected));
            }
        }
    }
    qInfo("largest difference of a log-probability: %.2g in %d packings", largest, packings);
    QVERIFY(largest < test::tolerance(1e-5));
}

void PackingTest::gradientsAreThoseOfTheSequencesAlone()
{
    const auto decoder =
        model::Decoder::load(files::openModelFolder(familyFolder(QStringLiteral("grouped-untied"))), test::compute());
    files::AdapterConfig config;
    config.targets.pattern = ".*_proj";
    model::Adapter adapter = model::Adapter::create(*decoder, config, 3);
    for (auto& [module, pair] : adapter.modules) {
        pair.b = at::linspace(-0.3, 0.3, pair.b.numel()).view_as(pair.b).to(pair.b.device());
    }
    adapter.requireGrad(true);
    QRandomGenerator random(11);
    const auto sequences = randomSequences(decoder->config(), random);
    const auto gradientsOf = [&](const std::vector<std::vector<Sequence>>& batches) {
        for (auto& parameter : adapter.parameters()) {
            parameter.mutable_grad().reset();
        }
        for (const auto& some : batches) {
            const SequenceBatch batch(some, decoder->compute().device);
            const at::Tensor hidden = decoder->hiddenStates(batch, {{&adapter}, nullptr});
            decoder->logProbs(batch.predicting(hidden), batch.targets()).sum().backward();
        }
        std::vector<at::Tensor> all;
        for (const auto& parameter : adapter.parameters()) {
            all.push_back(parameter.grad().flatten().to(at::kCPU));
        }
        return at::cat(all);
    };
    std::vector<std::vector<Sequence>> alone;
    for (const auto& sequence : sequences) {
        alone.push_back({sequence});
    }
    const at::Tensor expected = gradientsOf(alone);
    const at::Tensor found = gradientsOf({sequences});
    QVERIFY(expected.norm().item<double>() > 0.1);
    QVERIFY((found - expected).norm().item<double>() < test::tolerance(1e-5) * expected.norm().item<double>());
}

QTEST_APPLESS_MAIN(PackingTest)
#include "tst_packing.moc"
