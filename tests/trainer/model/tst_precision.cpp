// bfloat16: logits keep float32, forwards and backwards; every family stays near float32; and the products reach the
// CPU's bfloat16 unit where it has one, by oneDNN's own report.
#include "tests/support/device.h"
#include "tests/support/paths.h"
#include "tests/support/patience.h"
#include "trainer/model/decoder.h"
#include "trainer/model/ops/head.h"
#include "trainer/model/tensor_io.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <c10/core/InferenceMode.h>

#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>

using namespace stet;

namespace {

std::string goldenPath(const QString& name)
{
    return test::goldenDir() + "/transformers/" + name.toStdString();
}

std::unique_ptr<model::Decoder> load(const QString& name, const char* dtype)
{
    return model::Decoder::load(files::openModelFolder(goldenPath(name)), test::compute(dtype));
}

// What oneDNN calls a kernel ("brg_matmul:avx512_core_bf16") ends with the CPU's unit it is made for. What stands in
// for a unit that is missing has another end ("gemm:jit:bf16").
bool isOfAUnit(const QString& kernel)
{
    const QString end = kernel.section(QLatin1Char(':'), -1);
    return end.startsWith(QLatin1String("avx512_core_bf16")) || end.startsWith(QLatin1String("avx512_core_amx")) ||
        end.startsWith(QLatin1String("avx10"));
}

// The kernels that oneDNN says it ran for the bfloat16 products of one forward; isa: the most it may use.
QStringList kernelsOfProducts(const QString& isa)
{
    const QTemporaryDir folder;
    QFile in(folder.filePath(QStringLiteral("in.jsonl")));
    if (!in.open(QIODevice::WriteOnly)) {
        return {};
    }
    QByteArray ids = "1";
    for (int i = 1; i < 240; ++i) {
        ids += "," + QByteArray::number(3 + i % 400);
    }
    in.write("{\"id\":\"a\",\"ids\":[" + ids + "]}\n");
    in.close();
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("ONEDNN_VERBOSE"), QStringLiteral("profile_exec"));
    if (!isa.isEmpty()) {
        environment.insert(QStringLiteral("ONEDNN_MAX_CPU_ISA"), isa);
    }
    process.setProcessEnvironment(environment);
    process.start(QString::fromStdString(test::trainerProgram()),
                  {QStringLiteral("logits"), QStringLiteral("--model"),
                   QString::fromStdString(test::exampleDir() + "/model"), QStringLiteral("--device"),
                   QStringLiteral("cpu"), QStringLiteral("--dtype"), QStringLiteral("bfloat16"), QStringLiteral("--in"),
                   in.fileName(), QStringLiteral("--out"), folder.filePath(QStringLiteral("out.safetensors"))});
    if (!process.waitForFinished(test::kPatienceMs) || process.exitCode() != 0) {
        return {};
    }
    QStringList kernels;
    for (const QString& line : QString::fromUtf8(process.readAllStandardOutput()).split(QLatin1Char('\n'))) {
        const QStringList fields = line.split(QLatin1Char(','));
        const bool product =
            fields.size() > 8 && (fields[5] == QLatin1String("matmul") || fields[5] == QLatin1String("inner_product"));
        if (product && fields[3] == QLatin1String("exec") && fields[8].contains(QLatin1String("bf16"))) {
            kernels << fields[6];
        }
    }
    return kernels;
}

}  // namespace

class PrecisionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { STET_LOAD_DEVICE(); }

    void logitsKeepFloat32()
    {
        auto generator = at::detail::createCPUGenerator(3);
        const auto device = test::compute().device;
        const at::Tensor hidden = at::randn({5, 64}, generator).to(c10::kBFloat16);
        const at::Tensor weight = (at::randn({300, 64}, generator) * 4).to(c10::kBFloat16);
        const at::Tensor logits = model::headLogits(hidden.to(device), weight.to(device), {}).to(c10::kCPU);
        const at::Tensor expected = at::linear(hidden.to(c10::kDouble), weight.to(c10::kDouble));
        QCOMPARE(logits.scalar_type(), c10::kFloat);
        QVERIFY((logits - expected).abs().max().item<double>() < test::tolerance(1e-4));
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
        const auto device = test::compute().device;
        const at::Tensor found = model::headLogits(hidden.to(device), weight.to(device), {}).to(c10::kCPU);
        QVERIFY(found.requires_grad());
        (found * pull).sum().backward();
        const at::Tensor expected = at::linear(wide, weight.to(c10::kFloat));
        (expected * pull).sum().backward();
        QVERIFY((found - expected).abs().max().item<double>() < test::tolerance(1e-3));
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
        const at::Tensor ids = golden.at("ids").to(decoder->compute().device);
        const at::Tensor logits = decoder->logits(decoder->hiddenStates(ids, {}).flatten(0, 1)).to(c10::kCPU);
        QCOMPARE(logits.scalar_type(), c10::kFloat);
        const at::Tensor expected = golden.at("logits").flatten(0, 1);
        const double error = (logits - expected).norm().item<double>() / expected.norm().item<double>();
        qInfo("relative error of the logits: %.3f", error);
        QVERIFY(error < 0.05);
    }

    void productsReachTheCpusUnit()
    {
        if (test::device() != "cpu") {
            QSKIP("a matter of the CPU");
        }
        const std::string unit = model::cpuBfloat16Unit();
        if (unit.empty()) {
            QSKIP("this CPU has no bfloat16 unit");
        }
        // Four products in each of four layers.
        const QStringList kernels = kernelsOfProducts({});
        QVERIFY2(kernels.size() >= 16, qPrintable(kernels.join(QLatin1Char(' '))));
        for (const QString& kernel : kernels) {
            QVERIFY2(isOfAUnit(kernel), qPrintable(kernel));
        }
        const bool amx = std::any_of(kernels.begin(), kernels.end(),
                                     [](const QString& kernel) { return kernel.contains(QLatin1String("amx")); });
        QCOMPARE(amx, unit == "AMX");
    }

    // That report tells the unit from what stands in for it: with the unit out of reach, no kernel passes for it.
    void theReportTellsAFallBack()
    {
        if (test::device() != "cpu") {
            QSKIP("a matter of the CPU");
        }
        if (model::cpuBfloat16Unit().empty()) {
            QSKIP("this CPU has no bfloat16 unit");
        }
        for (const QString& kernel : kernelsOfProducts(QStringLiteral("AVX512_CORE"))) {
            QVERIFY2(!isOfAUnit(kernel), qPrintable(kernel));
        }
    }
};

QTEST_GUILESS_MAIN(PrecisionTest)
#include "tst_precision.moc"
