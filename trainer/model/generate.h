// Batched generation: greedy at temperature 0, else sampled with a seed per prompt, so that a result doesn't depend on
// its batch. Compute thread. Cancellable between tokens; results in input order.
#pragma once

#include "base/generation.h"
#include "trainer/model/decoder.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace stet::model {

struct GenerateOptions {
    int maxNewTokens = kDefaultNewTokens;
    double temperature = 0;
    double topP = 1;
    std::uint64_t seed = 0;
    int batch = 8;
};

struct GenerateItem {
    std::string key;  // the item's id; part of its seed
    std::vector<std::int64_t> prompt;
};

struct Generated {
    std::vector<std::int64_t> ids;  // without prompt and without the stop id
    bool stoppedByLength = false;
};

// onToken(index of item, id) streams; onDone(index, result) comes once per item.
struct GenerateEvents {
    std::function<void(std::size_t, std::int64_t)> onToken;
    std::function<void(std::size_t, const Generated&)> onDone;
    CancelCheck cancelled;
};

// A prompt must have at least one token and leave room for one: Failure(BadInput) names the item's key.
std::vector<Generated> generate(const Decoder& decoder, const Adapters& adapters,
                                const std::vector<GenerateItem>& items, const std::vector<std::int64_t>& stopIds,
                                const GenerateOptions& options, const GenerateEvents& events = {});

}  // namespace stet::model
