// Models in GGUF against Transformers: tiny random ones of every architecture (tests/golden/make_gguf_goldens.py), and
// two real ones where they are at hand (STET_REAL_MODELS, tests/golden/make_real_gguf_goldens.py).
#include "base/failure.h"
#include "base/json.h"
#include "tests/support/device.h"
#include "tests/support/failures.h"
#include "tests/support/paths.h"
#include "tests/trainer/files/gguf_file.h"
#include "trainer/model/adapter.h"
#include "trainer/model/decoder.h"
#include "trainer/model/merge.h"
#include "trainer/model/tensor_io.h"
#include "trainer/model/weights/weight_source.h"
#include "trainer/text/tokenizer.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <QDir>
#include <QtTest>

using namespace stet;

namespace {

constexpr double kTolerance = 1e-4;

std::string golden(const QString& name)
{
    return test::goldenDir() + "/gguf/" + name.toStdString();
}

at::Tensor logitsOf(const std::string& path, const at::Tensor& ids)
{
    const c10::InferenceMode inference;
    const auto decoder = model::Decoder::load(files::openModelFolder(path), test::compute());
    const at::Tensor batch = ids.reshape({1, -1}).to(decoder->compute().device);
    return decoder->logits(decoder->hiddenStates(batch, {})[0]).to(c10::kCPU);
}

double difference(const at::Tensor& a, const at::Tensor& b)
{
    return (a - b).abs().max().item<double>();
}

}  // namespace

class GgufGoldens : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { STET_LOAD_DEVICE(); }

    void logitsAreThoseOfTransformers_data()
    {
        QTest::addColumn<QString>("name");
        const QStringList names = QDir(QString::fromStdString(golden({}))).entryList({QStringLiteral("*.gguf")});
        for (const QString& name : names) {
            if (!name.startsWith(QStringLiteral("parts-"))) {
                QTest::newRow(qPrintable(name)) << name.chopped(5);
            }
        }
    }

    void logitsAreThoseOfTransformers()
    {
        QFETCH(QString, name);
        const auto expected = model::readTensors(golden(name) + ".safetensors");
        const double far = difference(logitsOf(golden(name) + ".gguf", expected.at("ids")), expected.at("logits"));
        QVERIFY2(far <= test::tolerance(kTolerance), qPrintable(QString::number(far)));
    }

    void aModelInPartsGivesTheSame()
    {
        const auto expected = model::readTensors(golden(QStringLiteral("llama-tied.safetensors")));
        const auto parts = logitsOf(golden(QStringLiteral("parts-00001-of-00003.gguf")), expected.at("ids"));
        QVERIFY(difference(parts, expected.at("logits")) <= test::tolerance(kTolerance));
    }

    void whatTheFileSaysIsKnown()
    {
        const auto folder = files::openModelFolder(golden(QStringLiteral("llama.gguf")));
        QVERIFY(folder.isGguf());
        QCOMPARE(folder.config.architecture, std::string("LlamaForCausalLM"));
        QCOMPARE(folder.config.dtype, std::string("bfloat16"));
        QCOMPARE(folder.config.rope.type, files::RopeType::Llama3);
        QCOMPARE(folder.config.rope.factor, 8.0);
        QCOMPARE(folder.stopIds, (std::vector<std::int64_t>{2}));
        QCOMPARE(folder.eosToken.value(), std::string("<|im_end|>"));
        QVERIFY(folder.chatTemplate.has_value());
        QVERIFY2(folder.warnings.empty(), folder.warnings.empty() ? "" : folder.warnings.front().c_str());
    }

    void aWeightIsTheSameInEveryType()
    {
        const auto folder = files::openModelFolder(golden(QStringLiteral("llama-super.gguf")));
        const auto weights = model::openWeights(folder);
        const std::string name = "model.layers.0.mlp.down_proj.weight";
        const at::Tensor exact = weights->read(name, c10::kFloat);
        QVERIFY(exact.sizes() == at::IntArrayRef(weights->tensors().at(name).shape));
        QVERIFY(at::equal(weights->read(name, c10::kBFloat16), exact.to(c10::kBFloat16)));
        QCOMPARE(weights->read(name).scalar_type(), c10::kBFloat16);
    }

    // What is merged into a GGUF model is a Hugging Face folder that says the same, with its settings and its
    // tokenizer.
    void aMergedModelIsItsFolder_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name : {"llama", "gemma3", "phi3", "granite"}) {
            QTest::newRow(name) << QString::fromUtf8(name);
        }
    }

    void aMergedModelIsItsFolder()
    {
        QFETCH(QString, name);
        const QTemporaryDir dir;
        const std::string path = golden(name) + ".gguf";
        const auto base = files::openModelFolder(path);
        const std::string adapter = dir.path().toStdString() + "/adapter";
        std::filesystem::create_directory(adapter);
        const std::string module = base.config.fusedProjections ? "gate_up_proj" : "up_proj";
        files::AdapterConfig config;
        config.rank = 2;
        config.alpha = 2;
        config.targets.names = {module};
        model::Adapter::create(*model::Decoder::load(base, test::compute()), config, 1).save(adapter);
        const std::string out = dir.path().toStdString() + "/merged";
        model::MergeOptions options;
        options.wide = true;
        model::mergeAdapter(base, adapter, out, options);
        const auto ids = model::readTensors(golden(name) + ".safetensors").at("ids");
        QVERIFY(difference(logitsOf(path, ids), logitsOf(out, ids)) <= test::tolerance(kTolerance));
        const auto merged = files::openModelFolder(out);
        QCOMPARE(merged.stopIds, base.stopIds);
        QCOMPARE(merged.specialTokens, base.specialTokens);
        QCOMPARE(merged.chatTemplate, base.chatTemplate);
        const std::string text = "The quick <|im_end|> brown fox\n\n12 3";
        for (const auto specials : {text::Specials::None, text::Specials::InTextAndBegun}) {
            QCOMPARE(text::Tokenizer::load(out)->encode(text, specials).ids,
                     text::Tokenizer::load(path)->encode(text, specials).ids);
        }
    }

    void realFilesGiveTransformersIdsAndLogits_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("smollm2") << QStringLiteral("smollm2");
        QTest::newRow("gemma3") << QStringLiteral("gemma3");
    }

    void realFilesGiveTransformersIdsAndLogits()
    {
        QFETCH(QString, name);
        const QString folder = qEnvironmentVariable("STET_REAL_MODELS");
        const std::string path = (folder + QLatin1Char('/') + name + QStringLiteral(".gguf")).toStdString();
        if (folder.isEmpty() || !std::filesystem::exists(path)) {
            QSKIP("STET_REAL_MODELS names no folder with this real model");
        }
        const std::string stem = test::goldenDir() + "/gguf-real/" + name.toStdString();
        const auto tokenizer = text::Tokenizer::load(path);
        for (const Json& expected : readJsonFile(stem + "-ids.json")) {
            const auto content = expected.at("text").get<std::string>();
            const auto ids = tokenizer->encode(content, text::Specials::InTextAndBegun).ids;
            QVERIFY2(ids == expected.at("ids").get<std::vector<std::int64_t>>(), toLine(content).c_str());
        }
        const auto expected = model::readTensors(stem + ".safetensors");
        const at::Tensor logits = logitsOf(path, expected.at("ids"));
        const double far = difference(logits.index_select(1, expected.at("columns")), expected.at("logits"));
        QVERIFY2(far <= test::tolerance(kTolerance), qPrintable(QString::number(far)));
        QVERIFY(at::equal(logits.argmax(1), expected.at("best")));
    }
};

QTEST_APPLESS_MAIN(GgufGoldens)
#include "tst_gguf_goldens.moc"
