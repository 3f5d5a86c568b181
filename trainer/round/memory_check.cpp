#include "trainer/round/memory_check.h"

#include "base/failure.h"

#include <algorithm>
#include <iomanip>
#include <sstream>

namespace stet::round {

namespace {

std::string inGigabytes(std::uint64_t bytes)
{
    std::ostringstream text;
    text << std::fixed << std::setprecision(bytes < 10'000'000 ? 3 : 1) << static_cast<double>(bytes) / 1e9 << " GB";
    return text.str();
}

}  // namespace

// 6 FLOP per parameter and token, 30 GFLOP/s per CPU core, 50 TFLOP/s on a GPU.
std::int64_t automaticMicroBatch(const model::Compute& compute, std::int64_t parameters)
{
    const double rate = compute.device.is_cuda() ? 50e12 : 30e9 * compute.threads;
    const double tokens = 0.5 * rate / (6.0 * static_cast<double>(parameters));
    return static_cast<std::int64_t>(std::clamp(tokens, 256.0, 16384.0));
}

void refuseTooLittleMemory(const files::ModelConfig& config, const RoundMemory& memory)
{
    const auto most = std::max(memory.longest, memory.longest * memory.batchSize);
    const auto tokens = std::clamp(memory.microBatchTokens, memory.longest, most);
    const auto estimate = model::estimateMemory(config, memory.compute.dtype, tokens);
    const auto distributions = memory.wholeVocabulary
        ? static_cast<std::uint64_t>(tokens) * static_cast<std::uint64_t>(config.vocabSize) * 16
        : 0;
    const auto needed = estimate.round + distributions - (memory.withWeights ? 0 : estimate.weights);
    const auto free = memory.free != 0 ? memory.free : model::freeMemory(memory.compute.device);
    if (needed > free) {
        throw Failure(FailureKind::OutOfMemory,
                      "The round needs about " + inGigabytes(needed) + " and " + inGigabytes(free) + " are free on " +
                          memory.compute.device.str() +
                          ". Lower max_length or micro_batch_tokens in round.json, or close other programs");
    }
}

}  // namespace stet::round
