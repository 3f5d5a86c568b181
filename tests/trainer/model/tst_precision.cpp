// bfloat16: logits keep float32, forwards and backwards; every family stays near float32; and the products reach the
// CPU's bfloat16 unit where it has one, by oneDNN's own report.
#include "tests/support/paths.h"
#include "trainer/model/decoder.h"
#include "trainer/model/head.h"
#include "trainer/model/tensor_io.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <c10/core/InferenceMode.h>

#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

using namespace stet;

namespace {

std::string goldenPath(const QString& name)
{
    return test::goldenDir() + "/transformers/" + name.toStdString();
}

std::unique_ptr<model::Decoder> load(const QString& name, const char* dtype)
{
    return model::Decoder::load(files::openModelFolder(goldenPath(name)),
                                model::resolveCompute({"cpu", dtype, 1}, "float32"));
}

}  // namespace

class PrecisionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { model::loadAccelerator(); }

    void logitsKeepFloat32()
    {
        auto generator = at::detail::createCPUGenerator(3);
        const at::Tensor hidden = at::randn({5, 64}, generator).to(c10::kBFloat16);
        const at::Tensor weight = (at::randn({300, 64}, generator) * 4).to(c10::kBFloat16);
        const at::Tensor logits = model::headLogits(hidden, weight);
        const at::Tensor expected = at::linear(hidden.to(c10::kDouble), weight.to(c10::kDouble));
        QCOMPARE(logits.scalar_type(), c10::kFloat);
        QVERIFY((logits - expected).abs().max().item<double>() < 1e-4);
        // What rounding the logits would have done.
        QVERIFY((logits.to(c10::kBFloat16) - expected).abs().max().item<double>() > 0.05);
    }

    // More rows than are widened at once, with a gradient.
    void theGradientIsThatOfFloat32()
    {
        auto generator = at::detail::createCPUGenerator(4);
        const at::Tensor weight = at::randn({70000, 512}, generator).to(c10::kBFloat16);
        at::Tensor hidden = at::randn({3, 512}, generator).to(c10::kBFloat16).requires_grad_(true);
        at::Tensor wide = hidden.detach().to(c10::kFloat).requires_grad_(true);
        const at::Tensor pull = at::randn({3, 70000}, generator);
        const at::Tensor found = model::headLogits(hidden, weight);
        QVERIFY(found.requires_grad());
        (found * pull).sum().backward();
        const at::Tensor expected = at::linear(wide, weight.to(c10::kFloat));
        (expected * pull).sum().backward();
        QVERIFY((found - expected).abs().max().item<double>() < 1e-3);
        const at::Tensor similarity =
            at::cosine_similarity(hidden.grad().to(c10::kFloat).flatten(), wide.grad().flatten(), 0);
        QVERIFY(similarity.item<double>() > 0.9999);
    }

    void everyFamilyStaysNearFloat32_data()
    {
        QTest::addColumn<QString>("name");
        for (const QString& name :
             QDir(QString::fromStdString(goldenPath(QString()))).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
            QTest::newRow(qPrintable(name)) << name;
        }
    }

    void everyFamilyStaysNearFloat32()
    {
        QFETCH(QString, name);
        const c10::InferenceMode inference;
        const auto decoder = load(name, "bfloat16");
        const auto golden = model::readTensors(goldenPath(name + QStringLiteral(".safetensors")));
        const at::Tensor logits = decoder->logits(decoder->hiddenStates(golden.at("ids"), {}).flatten(0, 1));
        QCOMPARE(logits.scalar_type(), c10::kFloat);
        const at::Tensor expected = golden.at("logits").flatten(0, 1);
        const double error = (logits - expected).norm().item<double>() / expected.norm().item<double>();
        qInfo("relative error of the logits: %.3f", error);
        QVERIFY(error < 0.05);
    }

    void productsReachTheCpusUnit()
    {
        if (model::cpuBfloat16Unit().empty()) {
            QSKIP("this CPU has no bfloat16 unit");
        }
        const QString trainer = QStringLiteral(STET_BINARY_DIR "/stet-trainer");
        if (!QFile::exists(trainer)) {
            QSKIP("stet-trainer is not built");
        }
        const QTemporaryDir folder;
        QFile in(folder.filePath(QStringLiteral("in.jsonl")));
        QVERIFY(in.open(QIODevice::WriteOnly));
        in.write("{\"id\":\"a\",\"ids\":[1,5,9,12,30,7,8,21,22,23,24,25,26,27,28,29]}\n");
        in.close();
        QProcess process;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("ONEDNN_VERBOSE"), QStringLiteral("profile_exec"));
        process.setProcessEnvironment(environment);
        process.start(trainer,
                      {QStringLiteral("logits"), QStringLiteral("--model"),
                       QString::fromStdString(test::goldenDir() + "/cut/model"), QStringLiteral("--device"),
                       QStringLiteral("cpu"), QStringLiteral("--dtype"), QStringLiteral("bfloat16"),
                       QStringLiteral("--in"), in.fileName(), QStringLiteral("--out"),
                       folder.filePath(QStringLiteral("out.safetensors"))});
        QVERIFY(process.waitForFinished(60000));
        const QByteArray said = process.readAllStandardOutput();
        QCOMPARE(process.exitCode(), 0);
        int products = 0;
        for (const QByteArray& line : said.split('\n')) {
            if (line.contains("exec,cpu,") && line.contains("bf16") &&
                (line.contains("matmul") || line.contains("inner_product"))) {
                ++products;
                QVERIFY2(line.contains("amx") || line.contains("bf16:") || line.contains("_bf16") ||
                             line.contains("avx10"),
                         line.constData());
                QVERIFY2(!line.contains("ref:"), line.constData());
            }
        }
        // Seven linear modules in each of two layers.
        QVERIFY2(products >= 14, said.left(2000).constData());
    }
};

QTEST_GUILESS_MAIN(PrecisionTest)
#include "tst_precision.moc"
