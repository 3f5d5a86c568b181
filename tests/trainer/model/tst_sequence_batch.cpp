// The value that a forward reads: what predicts what, and what may be read at once.
#include "trainer/model/batch/sequence_batch.h"

#include <ATen/ATen.h>

#include <QtTest>

using namespace stet;
using model::BatchShape;
using model::Sequence;
using model::SequenceBatch;

namespace {

std::vector<std::int64_t> numbers(const at::Tensor& tensor)
{
    const at::Tensor flat = tensor.to(at::kLong).contiguous();
    return {flat.const_data_ptr<std::int64_t>(), flat.const_data_ptr<std::int64_t>() + flat.numel()};
}

// Hidden states [B, T, 1] that say their own place.
at::Tensor places(const SequenceBatch& batch)
{
    return at::arange(batch.ids().numel()).view({batch.ids().size(0), batch.ids().size(1), 1});
}

using Numbers = std::vector<std::int64_t>;

}  // namespace

class SequenceBatchTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyResponseTokenIsPredictedByTheStateBeforeIt()
    {
        const SequenceBatch batch({{{1, 2}, {3, 4}}, {{5}, {6, 7, 8, 9}}}, c10::kCPU);
        QVERIFY(batch.packed());
        QCOMPARE(numbers(batch.ids()), (Numbers{1, 2, 3, 4, 5, 6, 7, 8, 9}));
        QCOMPARE(batch.lengths(), (Numbers{4, 5}));
        QCOMPARE(numbers(batch.targets()), (Numbers{3, 4, 6, 7, 8, 9}));
        QCOMPARE(numbers(batch.predicting(places(batch))), (Numbers{1, 2, 4, 5, 6, 7}));
        const auto parts = batch.split(batch.targets());
        QCOMPARE(numbers(parts[0]), (Numbers{3, 4}));
        QCOMPARE(numbers(parts[1]), (Numbers{6, 7, 8, 9}));
    }

    void theFirstTokenOfAllHasNoPrediction()
    {
        const Sequence cut{{}, {6, 7, 8}};
        QCOMPARE(cut.predicted(), std::int64_t(2));
        const SequenceBatch batch({cut}, c10::kCPU);
        QCOMPARE(numbers(batch.targets()), (Numbers{7, 8}));
        QCOMPARE(numbers(batch.predicting(places(batch))), (Numbers{0, 1}));
    }

    void packedSequencesLieOneAfterAnother()
    {
        const SequenceBatch batch({{{1}, {2}}, {{3}, {4, 5}}}, c10::kCPU);
        QCOMPARE(numbers(batch.sequence(places(batch), 0)), (Numbers{0, 1}));
        QCOMPARE(numbers(batch.sequence(places(batch), 1)), (Numbers{2, 3, 4}));
        QCOMPARE(numbers(batch.last(places(batch))), (Numbers{1, 4}));
    }

    void padsOfRowsBelongToNoSequence()
    {
        const SequenceBatch batch(at::zeros({2, 3}, at::kLong), {2, 3});
        QVERIFY(!batch.packed());
        QCOMPARE(numbers(batch.sequence(places(batch), 0)), (Numbers{0, 1}));
        QCOMPARE(numbers(batch.sequence(places(batch), 1)), (Numbers{3, 4, 5}));
        QCOMPARE(numbers(batch.last(places(batch))), (Numbers{1, 5}));
    }

    void idsAloneAreABatchWithoutPadding()
    {
        const SequenceBatch batch = at::zeros({2, 3}, at::kLong);
        QCOMPARE(batch.lengths(), (Numbers{3, 3}));
    }

    void aBatchIsAsLargeAsItsTokens()
    {
        BatchShape shape;
        shape.add(Sequence{{1, 2}, {3}});
        shape.add(Sequence{{1}, {2, 3, 4, 5}});
        QCOMPARE(shape.sequences, std::int64_t(2));
        QCOMPARE(shape.tokens, std::int64_t(8));
        QCOMPARE(shape.longest, std::int64_t(5));
        QCOMPARE(shape.scored, std::int64_t(5));
    }

    void batchesKeepTheOrderAndTheBound()
    {
        const std::vector<BatchShape> items = {{1, 4, 4, 0}, {1, 6, 6, 0}, {2, 3, 2, 0}, {1, 50, 50, 0}, {1, 1, 1, 0}};
        const std::vector<std::vector<std::size_t>> expected = {{0, 1}, {2}, {3}, {4}};
        QCOMPARE(model::batchesWithin(items, 12), expected);
    }
};

QTEST_APPLESS_MAIN(SequenceBatchTest)
#include "tst_sequence_batch.moc"
