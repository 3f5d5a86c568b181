// What is computed in one pass, or without holding what ATen's operations hold, gives their numbers and gradients.
#include "tests/support/device.h"
#include "trainer/model/layers/linear.h"
#include "trainer/model/ops/elementwise.h"
#include "trainer/model/ops/head.h"
#include "trainer/model/ops/rotary.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/grad_mode.h>

#include <QtTest>

#include <functional>

using namespace stet;
using model::HeadForm;

namespace {

at::Tensor numbers(std::vector<std::int64_t> sizes, std::uint64_t seed, double scale = 1)
{
    return (at::empty(sizes).normal_(0, 1, at::detail::createCPUGenerator(seed)) * scale).to(test::compute().device);
}

struct Outcome {
    at::Tensor value;
    std::vector<at::Tensor> gradients;
};

// f of the inputs, and the gradients of a weighted sum of it.
Outcome outcome(const std::function<at::Tensor(const std::vector<at::Tensor>&)>& f, std::vector<at::Tensor> inputs)
{
    for (auto& input : inputs) {
        input = input.detach().clone().requires_grad_(true);
    }
    const at::Tensor value = f(inputs);
    const at::Tensor weights = at::linspace(-1, 2, value.numel()).view_as(value).to(value.device());
    (value * weights).sum().backward();
    Outcome out{value.detach(), {}};
    for (const auto& input : inputs) {
        out.gradients.push_back(input.grad());
    }
    return out;
}

double apart(const at::Tensor& a, const at::Tensor& b)
{
    return ((a - b).abs().max() / b.abs().max()).item<double>();
}

void same(const Outcome& found, const Outcome& expected, double tolerance = 2e-6)
{
    QVERIFY2(apart(found.value, expected.value) < tolerance,
             qPrintable(QString::number(apart(found.value, expected.value))));
    for (std::size_t i = 0; i < expected.gradients.size(); ++i) {
        const double difference = apart(found.gradients[i], expected.gradients[i]);
        QVERIFY2(difference < tolerance, qPrintable(QStringLiteral("gradient %1: %2").arg(i).arg(difference)));
    }
}

}  // namespace

class FusedOpsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { STET_LOAD_DEVICE(); }

    void theNormIsAtens_data()
    {
        QTest::addColumn<bool>("plusOne");
        QTest::newRow("weight") << false;
        QTest::newRow("1 + weight") << true;
    }
    void theNormIsAtens()
    {
        QFETCH(bool, plusOne);
        files::ModelConfig config;
        config.normWeightPlusOne = plusOne;
        config.normWeightInFloat32 = plusOne;
        config.rmsNormEps = 1e-5;
        const at::Tensor weight = numbers({67}, 1);
        const std::vector<at::Tensor> x = {numbers({2, 33, 67}, 2, 3)};
        same(outcome([&](const auto& in) { return model::rmsNorm(in[0], weight, config); }, x),
             outcome([&](const auto& in) { return model::rmsNormByAten(in[0], weight, config); }, x));
    }

    // Also far from zero, where an exponential of its own could go wrong.
    void theGateIsAtens_data()
    {
        QTest::addColumn<double>("scale");
        for (const double scale : {0.01, 1.0, 30.0, 1000.0}) {
            QTest::addRow("%g", scale) << scale;
        }
    }
    void theGateIsAtens()
    {
        QFETCH(double, scale);
        const std::vector<at::Tensor> x = {numbers({3, 17, 2 * 45}, 3, scale)};
        const auto by = [&](auto gate) {
            return outcome([&](const auto& in) { return gate(in[0], files::Activation::Silu); }, x);
        };
        same(by(model::gated), by(model::gatedByAten));
    }

    void turningIsAtens_data()
    {
        QTest::addColumn<int>("dims");
        QTest::addColumn<int>("rows");
        QTest::newRow("whole heads") << 24 << 1;
        QTest::newRow("parts of heads, packed") << 16 << 1;
        QTest::newRow("rows") << 24 << 2;
    }
    void turningIsAtens()
    {
        QFETCH(int, dims);
        QFETCH(int, rows);
        const at::Tensor angles = numbers({rows, 19, 1, dims / 2}, 4, 3);
        const at::Tensor both = at::cat({angles, angles}, -1);
        const model::Rotation rotation{both.cos(), both.sin()};
        // As the heads of the joined product lie: a part of each token's row.
        const std::vector<at::Tensor> x = {numbers({rows, 19, 5 * 24}, 5)};
        const auto by = [&](auto turn) {
            return outcome(
                [&](const auto& in) {
                    return turn(in[0].narrow(-1, 24, 72).view({rows, 19, 3, 24}), rotation);
                },
                x);
        };
        same(by(model::rotate), by(model::rotateByAten));
    }

    void logProbabilitiesOfTargetsAreTheSoftmaxs_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("vocabulary");
        QTest::addColumn<double>("divisor");
        QTest::addColumn<double>("cap");
        QTest::newRow("one piece") << 7 << 300 << 1.0 << 0.0;
        QTest::newRow("many pieces") << 4500 << 1700 << 1.0 << 0.0;
        QTest::newRow("divided") << 7 << 5000 << 8.0 << 0.0;
        QTest::newRow("capped") << 4500 << 1300 << 1.0 << 3.0;
        QTest::newRow("both") << 9 << 700 << 2.0 << 3.0;
        QTest::newRow("none") << 0 << 300 << 1.0 << 0.0;
    }
    void logProbabilitiesOfTargetsAreTheSoftmaxs()
    {
        QFETCH(int, rows);
        QFETCH(int, vocabulary);
        QFETCH(double, divisor);
        QFETCH(double, cap);
        const HeadForm form{divisor, cap};
        const at::Tensor weight = numbers({vocabulary, 24}, 6);
        const at::Tensor targets = (at::arange(rows) * 7919 % vocabulary).to(weight.device());
        const std::vector<at::Tensor> x = {numbers({rows, 24}, 7, 2)};
        const auto found =
            outcome([&](const auto& in) { return model::targetLogProbs(in[0], weight, targets, form); }, x);
        if (rows == 0) {
            QCOMPARE(found.value.numel(), std::int64_t(0));
            return;
        }
        same(found,
             outcome(
                 [&](const auto& in) {
                     return at::log_softmax(model::headLogits(in[0], weight, form), -1)
                         .gather(1, targets.unsqueeze(1))
                         .squeeze(1);
                 },
                 x),
             1e-5);
        const at::NoGradGuard noGrad;
        QVERIFY(apart(model::targetLogProbs(x[0], weight, targets, form), found.value) < 1e-6);
    }

    // One product for modules that share their input, with two adapters, one of them trained with dropout.
    void aLinearLayerWithItsBranchesIsAutograds_data()
    {
        QTest::addColumn<double>("dropout");
        QTest::newRow("no dropout") << 0.0;
        QTest::newRow("dropout") << 0.3;
    }
    void aLinearLayerWithItsBranchesIsAutograds();
};

void FusedOpsTest::aLinearLayerWithItsBranchesIsAutograds()
{
    QFETCH(double, dropout);
    const model::SequenceBatch batch({{{1, 2, 3}, {4, 5}}, {{6}, {7, 8}}}, test::compute().device);
    const at::Tensor weight = numbers({30, 16}, 8);
    const at::Tensor bias = numbers({30}, 9);
    const std::vector<model::Linear::Module> modules = {{"first", 0, 10}, {"second", 10, 20}};
    const model::Linear linear(modules,
                               std::make_shared<model::DenseWeight>(model::DenseWeight::Rows{weight, {weight}},
                                                                    model::DenseWeight::Rows{bias, {bias}}));
    model::Adapter frozen;
    frozen.modules["second"] = {numbers({2, 16}, 10), numbers({20, 2}, 11), 0.5};
    const std::vector<at::Tensor> inputs = {numbers({1, 8, 16}, 12), numbers({4, 16}, 13), numbers({10, 4}, 14),
                                            numbers({4, 16}, 15), numbers({20, 4}, 16)};
    const auto trainedBy = [](const std::vector<at::Tensor>& in) {
        model::Adapter trained;
        trained.modules["first"] = {in[1], in[2], 2.0};
        trained.modules["second"] = {in[3], in[4], 2.0};
        return trained;
    };
    const model::Adapter sizes = trainedBy(inputs);
    std::unique_ptr<model::DropoutBank> bank;
    if (dropout > 0) {
        bank = std::make_unique<model::DropoutBank>(sizes, dropout, 5, c10::kFloat);
    }
    const model::LoraDropout drop{bank.get(), 3, {"1:plain", "2:plain"}};
    const auto found = outcome(
        [&](const auto& in) {
            const model::Adapter trained = trainedBy(in);
            return linear.forward(in[0], model::LoraBranches({{&frozen, &trained}, &drop}, batch));
        },
        inputs);
    const auto expected = outcome(
        [&](const auto& in) {
            const model::Adapter trained = trainedBy(in);
            std::vector<at::Tensor> parts;
            for (const auto& module : modules) {
                at::Tensor part = at::linear(in[0], weight.narrow(0, module.begin, module.columns),
                                             bias.narrow(0, module.begin, module.columns));
                for (const model::Adapter* adapter : std::initializer_list<const model::Adapter*>{&frozen, &trained}) {
                    const auto* pair =
                        adapter->modules.contains(module.name) ? &adapter->modules.at(module.name) : nullptr;
                    if (pair == nullptr) {
                        continue;
                    }
                    at::Tensor input = in[0];
                    if (bank != nullptr && adapter == &trained) {
                        input = model::DropoutMasks(drop, trained, batch).of(module.name).of(in[0][0]).unsqueeze(0);
                    }
                    part = part + at::linear(at::linear(input, pair->a), pair->b) * pair->scale;
                }
                parts.push_back(part);
            }
            return at::cat(parts, -1);
        },
        inputs);
    same(found, expected, 1e-5);
    if (bank != nullptr) {
        const model::DropoutMasks masks(drop, sizes, batch);
        QVERIFY((masks.of("first").of(at::ones_like(inputs[0][0])) == 0).any().item<bool>());
    }
}

QTEST_APPLESS_MAIN(FusedOpsTest)
#include "tst_fused_ops.moc"
