// What a preview plans of memory against what the round then holds, on the kind of model where a guess is furthest off:
// a small one with a large vocabulary, on answers of unlike length.
#include "base/files.h"
#include "tests/support/paths.h"
#include "trainer/model/decoder.h"
#include "trainer/model/memory_meter.h"
#include "trainer/model/tensor_io.h"
#include "trainer/round/round.h"

#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>

using namespace stet;
namespace fs = std::filesystem;

namespace {

std::string tinyModel()
{
    return test::goldenDir() + "/cut/model";
}

// The goldens' tokenizer; a vocabulary of which it fills little.
void makeModel(const std::string& folder)
{
    fs::create_directories(folder);
    for (const char* name : {"tokenizer.json", "tokenizer_config.json", "generation_config.json"}) {
        fs::copy_file(tinyModel() + "/" + name, folder + "/" + name);
    }
    Json config = readJsonFile(tinyModel() + "/config.json");
    config["vocab_size"] = 20000;
    publishFile(folder + "/config.json", config.dump());
    const auto parsed = files::parseModelConfig(config, folder);
    const auto decoder = model::Decoder::create(parsed, model::resolveCompute({"cpu", "float32", 1}, {}), 1);
    model::writeTensors(folder + "/model.safetensors", decoder->weights());
}

Json exampleLine(int index)
{
    std::string output = "Tom saw a red ball";
    for (int i = 0; i < index % 7 * 2; ++i) {
        output += " and a big dog";
    }
    Json line = {{"id", index}, {"instruction", "Write about Tom."}, {"output", output}};
    // Two judgments, so that one is another's for contrast D5.
    const char* judgment =
        index % 2 == 0 ? "The name must begin with a capital letter." : "It leaves out the last item.";
    line["judgment"] = index % 3 == 0 ? Json() : Json(judgment);
    return line;
}

std::string makeRound(const std::string& folder, const std::string& model, Json settings)
{
    fs::create_directories(folder);
    std::string text;
    for (int i = 0; i < 24; ++i) {
        text += exampleLine(i).dump() + "\n";
    }
    publishFile(folder + "/examples.jsonl", text);
    settings.update({{"model", model}, {"device", "cpu"}, {"threads", 1}, {"epochs", 2}});
    publishFile(folder + "/round.json", settings.dump());
    return folder;
}

}  // namespace

class RoundMemoryTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        model::loadAccelerator();
        QVERIFY(m_dir.isValid());
        makeModel(path("model"));
    }

    void theRoundPeaksWhereItsPreviewSaid_data()
    {
        QTest::addColumn<QString>("settings");
        const auto row = [](const char* name, const Json& settings) {
            QTest::newRow(name) << QString::fromStdString(settings.dump());
        };
        row("cut", Json::object());
        row("cut, small micro-batches", {{"micro_batch_tokens", 128}});
        row("cut, flags anew in every step, dropout", {{"preset", "cut-paper"}, {"schedule", {{"warmup_steps", 1}}}});
        row("cut, other judgments", {{"contrast", "D5"}, {"flags", "current"}});
        row("sft", {{"objective", "sft"}});
        row("self-distillation", {{"objective", "self-distillation"}});
        row("self-distillation, small micro-batches",
            {{"objective", "self-distillation"}, {"micro_batch_tokens", 128}});
        row("offline self-distillation", {{"objective", "offline-self-distillation"}});
        row("ftpo", {{"preset", "ftpo"}, {"lambda", 1}});  // where weights are random, a judgment changes little
        row("ftpo, small micro-batches", {{"preset", "ftpo"}, {"lambda", 1}, {"micro_batch_tokens", 128}});
        row("anchor kl", {{"anchor", {{"kind", "kl"}, {"answers", "all"}}}});
        row("anchor sft", {{"anchor", {{"kind", "sft"}, {"answers", "all"}}}});
    }

    void theRoundPeaksWhereItsPreviewSaid()
    {
        QFETCH(QString, settings);
        const std::string folder =
            makeRound(path(QTest::currentDataTag()), path("model"), Json::parse(settings.toStdString()));
        const auto planned = static_cast<double>(round::previewRound(folder).memory);
        const model::MemoryMeter meter(c10::kCPU);
        round::runRound(folder, {}, {});
        const auto peak = static_cast<double>(meter.peak());
        const double ratio = planned / peak;
        qInfo("planned %.2f MB, held %.2f MB at most: %.3f", planned / 1e6, peak / 1e6, ratio);
        QVERIFY2(ratio > 0.85 && ratio < 1.15, qPrintable(QString::number(ratio)));
    }

private:
    std::string path(const std::string& name) const { return m_dir.path().toStdString() + "/" + name; }

    QTemporaryDir m_dir;
};

QTEST_APPLESS_MAIN(RoundMemoryTest)
#include "tst_round_memory.moc"
