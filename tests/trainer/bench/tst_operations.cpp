// What a layer and a step run doesn't grow unseen: launches are what a GPU waits for, and a number read back empties
// its queue.
#include "tests/support/device.h"
#include "tests/support/paths.h"
#include "trainer/bench/operation_count.h"
#include "trainer/bench/operation_measures.h"
#include "trainer/serve/loaded_model.h"

#include <ATen/ATen.h>

#include <QtTest>

using namespace stet;

class OperationsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { STET_LOAD_DEVICE(); }

    void whatComputesIsCountedOnce()
    {
        const at::Tensor x = at::ones({4, 6});
        const auto count = bench::countOperations([&] {
            const at::Tensor product = at::linear(x, x.narrow(0, 0, 3));  // through t and mm
            (void)(product.view({-1}) + 1).sum().item<float>();
        });
        const std::map<std::string, std::int64_t> expected = {
            {"aten::mm", 1}, {"aten::add", 1}, {"aten::sum", 1}, {"aten::_local_scalar_dense", 1}};
        QVERIFY(count.byName == expected);
        QCOMPARE(count.total(), std::int64_t(4));
        QCOMPARE(count.hostReads(), std::int64_t(1));
    }

    void aLayerRunsNoMoreThanItNeeds()
    {
        const std::string folder = test::exampleDir() + "/model";
        const auto modelFolder = files::openModelFolder(folder);
        const auto decoder = model::Decoder::load(modelFolder, test::compute());
        const auto tokenizer = text::Tokenizer::load(folder);
        const text::ExampleEncoder encoder(tokenizer, text::PromptStyle::resolve("alpaca", modelFolder), modelFolder);
        const auto measures = bench::measureOperations(*decoder, encoder, 4096);
        qInfo("operations a layer: %.1f forward, %.1f backward; a step: %lld in %lld micro-batches, %lld read back",
              measures.forwardPerLayer, measures.backwardPerLayer, static_cast<long long>(measures.step),
              static_cast<long long>(measures.microBatches), static_cast<long long>(measures.hostReads));
        // On a GPU, where rows have no kernels yet, norms, angles and gates are chains of ATen's operations.
        const bool kernels = test::device() == "cpu";
        QVERIFY(measures.forwardPerLayer <= (kernels ? 24 : 60));
        QVERIFY(measures.backwardPerLayer <= (kernels ? 48 : 100));
        QCOMPARE(measures.microBatches, std::int64_t(1));
        QVERIFY(measures.hostReads <= 1);
    }
};

QTEST_APPLESS_MAIN(OperationsTest)
#include "tst_operations.moc"
