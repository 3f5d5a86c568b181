#include "trainer/estimate/memory.h"

#include "base/failure.h"
#include "trainer/dataset/batches.h"
#include "trainer/files/weight_layout.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace stet::round {

namespace {

BatchShape shapeOf(const Group& group, Use use)
{
    BatchShape batch;
    for (const TrainingExample* example : group) {
        for (const ContextSequence& reading : example->readings) {
            if (reading.use == use) {
                batch.add(reading.sequence);
            }
        }
    }
    return batch;
}

// Others' judgments of an example are read a few sequences at a time (example_reader).
BatchShape othersOf(const TrainingExample& example, std::int64_t microBatchTokens)
{
    BatchShape largest;
    for (const auto& batch : model::batchesWithin(example.others, microBatchTokens)) {
        BatchShape shape;
        for (const std::size_t index : batch) {
            shape.add(example.others[index]);
        }
        largest = shape.tokens > largest.tokens ? shape : largest;
    }
    return largest;
}

bool covers(const BatchShape& a, const BatchShape& b)
{
    return a.tokens >= b.tokens && a.longest >= b.longest && a.scored >= b.scored &&
        a.sequences * a.longest >= b.sequences * b.longest;
}

bool covers(const MicroBatch& a, const MicroBatch& b)
{
    const auto sum = [](const MicroBatch& batch) {
        return std::accumulate(batch.compared.begin(), batch.compared.end(), std::int64_t{0});
    };
    const auto largest = [](const MicroBatch& batch) {
        return batch.compared.empty() ? 0 : *std::max_element(batch.compared.begin(), batch.compared.end());
    };
    return a.drift == b.drift && covers(a.trained, b.trained) && covers(a.detected, b.detected) && sum(a) >= sum(b) &&
        largest(a) >= largest(b);
}

// Of an automatic micro-batch, and of the memory it may take on a GPU: its allocator keeps pieces that fit nothing
// else.
constexpr double kFewestTokens = 256;
constexpr double kMostTokens = 16384;
constexpr double kShareOfMemory = 0.8;

// Orders of so many epochs are looked at: what a shuffle puts together changes little after that.
constexpr std::int64_t kEpochs = 16;

// Looks at every micro-batch of a round.
class LargestMicroBatch {
public:
    LargestMicroBatch(const RoundSize& size, const model::Compute& compute, std::int64_t microBatchTokens)
        : m_size(size)
        , m_compute(compute)
        , m_tokens(microBatchTokens)
        , m_adapter(adapterShape(size.model, size.adapter))
        , m_batches(size.set.examples, size.settings)
    {
    }

    std::uint64_t bytes()
    {
        lookAtReferencePass();
        const auto count = static_cast<std::int64_t>(m_size.set.examples.size());
        const std::int64_t steps = std::min(kEpochs * files::stepsPerEpoch(m_size.settings, count),
                                            files::resolvedSteps(m_size.settings, count));
        for (std::int64_t step = 0; step < steps; ++step) {
            lookAtStep(step);
        }
        for (const MicroBatch& batch : m_largest) {
            m_most = std::max(m_most, trainingMemory(m_size.model, m_compute, batch, m_adapter));
        }
        return m_most;
    }

private:
    void lookAtReferencePass()
    {
        Group fixed;
        for (const auto& example : m_size.set.examples) {
            if (m_size.objective.fixesAtStart(example)) {
                fixed.push_back(&example);
            }
        }
        for (const Group& group : microBatches(fixed, m_tokens)) {
            for (const Use use : {Use::Trained, Use::Detection}) {
                lookAtReading(shapeOf(group, use));
            }
            for (const TrainingExample* example : group) {
                lookAtReading(othersOf(*example, m_tokens));
            }
        }
    }

    void lookAtStep(std::int64_t step)
    {
        for (const Group& group : microBatches(m_batches.at(step), m_tokens)) {
            MicroBatch batch = microBatchOf(group, m_size.objective);
            lookAtTraining(batch);
            if (m_size.objective.readsDetection()) {
                for (const TrainingExample* example : group) {
                    batch.detected = othersOf(*example, m_tokens);
                    lookAtTraining(batch);
                }
            }
        }
        if (m_size.set.anchors.empty()) {
            return;
        }
        for (const Group& group : microBatches(anchorBatch(m_size.set.anchors, m_size.settings, step), m_tokens)) {
            MicroBatch batch{shapeOf(group, Use::Trained)};
            if (m_size.settings.anchor.kind == files::AnchorKind::Kl) {
                batch.detected = batch.trained;
                for (const TrainingExample* example : group) {
                    batch.compared.push_back(example->tokens);
                }
            }
            lookAtTraining(batch);
        }
    }

    // Kept only where no other is as large in every way: a large file has few such.
    void lookAtTraining(const MicroBatch& batch)
    {
        const auto covered = [&](const MicroBatch& other) { return covers(other, batch); };
        if (std::none_of(m_largest.begin(), m_largest.end(), covered)) {
            std::erase_if(m_largest, [&](const MicroBatch& other) { return covers(batch, other); });
            m_largest.push_back(batch);
        }
    }

    void lookAtReading(const BatchShape& batch)
    {
        if (batch.tokens > 0) {
            m_most = std::max(m_most, readingMemory(m_size.model, m_compute, batch));
        }
    }

    const RoundSize& m_size;
    model::Compute m_compute;
    std::int64_t m_tokens;
    AdapterShape m_adapter;
    StepBatches m_batches;
    std::vector<MicroBatch> m_largest;
    std::uint64_t m_most = 0;
};

}  // namespace

std::int64_t microBatchTokens(const RoundSize& size, const model::Compute& compute, std::uint64_t free)
{
    if (size.settings.microBatchTokens) {
        return *size.settings.microBatchTokens;
    }
    // 6 FLOP per parameter and token; 30 GFLOP/s per CPU core, 330 TFLOP/s on a GPU (half of an H200's, twice a
    // 4090's).
    const bool gpu = !compute.device.is_cpu();
    const double rate = gpu ? 330e12 : 30e9 * compute.threads;
    const double wanted = 0.5 * rate / (6.0 * static_cast<double>(files::parameterCount(size.model)));
    auto tokens = static_cast<std::int64_t>(std::clamp(wanted, kFewestTokens, kMostTokens));
    while (gpu && tokens > static_cast<std::int64_t>(2 * kFewestTokens) &&
           static_cast<double>(roundMemory(size, compute, tokens)) > kShareOfMemory * static_cast<double>(free)) {
        tokens /= 2;
    }
    return tokens;
}

MicroBatch microBatchOf(const Group& group, const Objective& objective)
{
    MicroBatch batch{shapeOf(group, Use::Trained)};
    if (objective.readsDetection()) {
        batch.detected = shapeOf(group, Use::Detection);
    }
    if (objective.comparesWithBefore()) {
        batch.detected = batch.trained;
        batch.drift = true;
    }
    for (const TrainingExample* example : group) {
        if (objective.wholeVocabulary() && (example->criticised || batch.drift)) {
            batch.compared.push_back(example->tokens);
        }
    }
    return batch;
}

std::uint64_t roundMemory(const RoundSize& size, const model::Compute& compute, std::int64_t microBatchTokens)
{
    return LargestMicroBatch(size, compute, microBatchTokens).bytes();
}

void refuseTooLittleMemory(const MemoryNeed& need, const c10::Device& device, std::uint64_t free)
{
    const auto available = free != 0 ? free : model::freeMemory(device);
    model::refuseTooLargeWeights(need.weights, available);
    if (need.weights + need.round > available) {
        throw Failure(FailureKind::OutOfMemory,
                      "The round needs about " + model::inGigabytes(need.weights + need.round) + " and " +
                          model::inGigabytes(available) + " are free on " + device.str() +
                          ". Lower max_length or micro_batch_tokens in round.json, or close other programs");
    }
}

}  // namespace stet::round
