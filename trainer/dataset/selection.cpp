#include "trainer/dataset/selection.h"

#include "base/sha256.h"

#include <algorithm>
#include <numeric>
#include <string>

namespace stet::round {

std::vector<std::size_t> downSample(const std::vector<files::Example>& examples, double ratio, std::uint64_t seed)
{
    std::vector<std::size_t> kept;
    std::vector<std::pair<Sha256Digest, std::size_t>> accepted;
    for (std::size_t i = 0; i < examples.size(); ++i) {
        if (examples[i].judgment) {
            kept.push_back(i);
        } else {
            accepted.emplace_back(sha256(std::to_string(seed) + ":" + std::to_string(examples[i].line)), i);
        }
    }
    const auto wanted =
        ratio < 0 ? accepted.size() : static_cast<std::size_t>(ratio * static_cast<double>(kept.size()));
    std::sort(accepted.begin(), accepted.end());
    accepted.resize(std::min(accepted.size(), wanted));
    for (const auto& [digest, index] : accepted) {
        kept.push_back(index);
    }
    std::sort(kept.begin(), kept.end());
    return kept;
}

std::vector<std::size_t> epochOrder(const std::vector<int>& lines, std::uint64_t seed, std::int64_t epoch, bool shuffle)
{
    std::vector<std::size_t> order(lines.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    if (!shuffle) {
        return order;
    }
    std::vector<std::pair<Sha256Digest, std::size_t>> keyed;
    for (const std::size_t i : order) {
        keyed.emplace_back(sha256(std::to_string(seed) + ":" + std::to_string(epoch) + ":" + std::to_string(lines[i])),
                           i);
    }
    std::sort(keyed.begin(), keyed.end());
    std::transform(keyed.begin(), keyed.end(), order.begin(), [](const auto& pair) { return pair.second; });
    return order;
}

}  // namespace stet::round
