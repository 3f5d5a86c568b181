// Dropout masks follow from counters alone: the same in any batch and on any device, other ones for every token, step,
// module and seed, and as often zero as was asked.
#include "tests/support/device.h"
#include "tests/support/paths.h"
#include "trainer/model/adapter.h"
#include "trainer/model/decoder.h"
#include "trainer/model/ops/dropout.h"

#include <ATen/ATen.h>

#include <QtTest>

using namespace stet;

namespace {

constexpr double kProbability = 0.1;
constexpr std::uint64_t kSeed = 42;

// Prompts and responses of different lengths.
std::vector<model::Sequence> sequences()
{
    return {{{1, 2, 3}, {4, 5}}, {{6}, {7, 8, 9, 10, 11, 12, 13, 14, 15}}, {{16, 17}, {18}}};
}

const std::vector<std::string> kKeys = {"0:plain", "0:judged", "7:plain"};

}  // namespace

class DropoutTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<model::Decoder> m_decoder;
    model::Adapter m_adapter;

    model::DropoutBank bank(std::uint64_t seed = kSeed, c10::ScalarType dtype = c10::kFloat) const
    {
        return {m_adapter, kProbability, seed, dtype};
    }

    // On the CPU: the masks of all rows, each of its real tokens, [T, in], as the adapter's device makes them.
    static std::vector<at::Tensor> masks(const model::Adapter& adapter, const model::DropoutBank& bank,
                                         const std::vector<model::Sequence>& rows, const std::vector<std::string>& keys,
                                         std::int64_t step, const std::string& module)
    {
        const at::Tensor& a = adapter.modules.at(module).a;
        const model::SequenceBatch batch(rows, a.device());
        const model::LoraDropout dropout{&bank, step, keys};
        const model::DropoutMasks made(dropout, adapter, batch);
        const at::Tensor all = made.of(module).of(at::ones({batch.ids().size(1), a.size(1)}, a.device())).unsqueeze(0);
        std::vector<at::Tensor> list;
        for (std::size_t row = 0; row < rows.size(); ++row) {
            list.push_back(batch.sequence(all, row).to(at::kCPU));
        }
        return list;
    }
    std::vector<at::Tensor> masks(const model::DropoutBank& bank, const std::vector<model::Sequence>& rows,
                                  const std::vector<std::string>& keys, std::int64_t step, const std::string& module)
    {
        return masks(m_adapter, bank, rows, keys, step, module);
    }
    at::Tensor one(std::uint64_t seed, std::int64_t step, const std::string& key, const std::string& module)
    {
        return masks(bank(seed), {sequences()[1]}, {key}, step, module).front();
    }

private Q_SLOTS:
    void initTestCase()
    {
        STET_LOAD_DEVICE();
        m_decoder = model::Decoder::load(files::openModelFolder(test::goldenDir() + "/transformers/grouped-untied"),
                                         test::compute());
        files::AdapterConfig config;
        config.rank = 2;
        config.alpha = 2;
        config.targets.names = {"q_proj", "up_proj", "down_proj"};
        m_adapter = model::Adapter::create(*m_decoder, config, 1);
    }

    void aRowsMaskIsTheSameInAnyBatch()
    {
        const auto bank = this->bank();
        for (const auto& [module, pair] : m_adapter.modules) {
            const auto together = masks(bank, sequences(), kKeys, 3, module);
            for (std::size_t row = 0; row < kKeys.size(); ++row) {
                const auto alone = masks(bank, {sequences()[row]}, {kKeys[row]}, 3, module);
                QVERIFY(at::equal(together[row], alone.front()));
            }
        }
    }

    void everyCounterMakesAnotherMask()
    {
        const std::string first = m_adapter.modules.begin()->first;
        const std::string other = m_adapter.modules.rbegin()->first;
        const at::Tensor mask = one(kSeed, 3, "0:plain", first);
        QVERIFY(at::equal(mask, one(kSeed, 3, "0:plain", first)));
        QVERIFY(!at::equal(mask, one(kSeed + 1, 3, "0:plain", first)));
        QVERIFY(!at::equal(mask, one(kSeed, 4, "0:plain", first)));
        QVERIFY(!at::equal(mask, one(kSeed, 3, "0:judged", first)));
        const at::Tensor elsewhere = one(kSeed, 3, "0:plain", other);
        const std::int64_t width = std::min(mask.size(1), elsewhere.size(1));
        QVERIFY(!at::equal(mask.narrow(1, 0, width), elsewhere.narrow(1, 0, width)));
        for (std::int64_t t = 1; t < mask.size(0); ++t) {
            QVERIFY(!at::equal(mask[t - 1], mask[t]));
        }
    }

    void asManyAreDroppedAsWasAskedAndNoneDependsOnItsNeighbour()
    {
        const model::DropoutBank bank = this->bank();
        const std::int64_t tokens = 4000;
        const model::Sequence lengthy{{1}, std::vector<std::int64_t>(tokens - 1, 2)};
        for (const auto& [module, pair] : m_adapter.modules) {
            const at::Tensor mask = masks(bank, {lengthy}, {"0:plain"}, 0, module).front().to(at::kDouble);
            const double keep = 1 - kProbability;
            QVERIFY((mask * (mask - 1 / keep)).abs().max().item<double>() < 1e-6);  // 0 or 1/keep
            const auto count = static_cast<double>(mask.numel());
            const double error = std::sqrt((1 - keep) / keep / count);
            QVERIFY(std::fabs(mask.mean().item<double>() - 1) < 5 * error);
            const at::Tensor centred = (mask - mask.mean()) / mask.std();
            const auto related = [&](std::int64_t dimension) {
                const std::int64_t n = mask.size(dimension) - 1;
                return (centred.narrow(dimension, 0, n) * centred.narrow(dimension, 1, n)).mean().item<double>();
            };
            QVERIFY(std::fabs(related(0)) < 5 / std::sqrt(count));
            QVERIFY(std::fabs(related(1)) < 5 / std::sqrt(count));
        }
    }

    // Says something where the test runs on a GPU, or on the device apart.
    void aGpuHasTheMasksOfTheCpu()
    {
        const std::string module = m_adapter.modules.begin()->first;
        const auto here = masks(bank(), sequences(), kKeys, 3, module);
        const auto decoder =
            model::Decoder::load(files::openModelFolder(test::goldenDir() + "/transformers/grouped-untied"),
                                 model::resolveCompute({"cpu", "float32", 1}, "float32"));
        const model::Adapter adapter = model::Adapter::create(*decoder, m_adapter.config, 1);
        const model::DropoutBank bank(adapter, kProbability, kSeed, c10::kFloat);
        const auto cpu = masks(adapter, bank, sequences(), kKeys, 3, module);
        for (std::size_t row = 0; row < here.size(); ++row) {
            QVERIFY(at::equal(here[row], cpu[row]));
        }
    }
};

QTEST_GUILESS_MAIN(DropoutTest)
#include "tst_dropout.moc"
