// A full Hugging Face checkpoint with an adapter folded in: W' = W + scale·B·A in float32, rounded once to the type the
// file has, or kept. One tensor at a time: neither the model nor a shard is held. Compute thread.
#pragma once

#include "trainer/files/model_folder.h"

#include <cstdint>
#include <functional>
#include <string>

namespace stet::model {

struct MergeOptions {
    std::uint64_t shardBytes = std::uint64_t{5} << 30;  // a larger model is cut into files with an index
    bool wide = false;                                  // all in float32: the numbers of base and adapter, unrounded
    std::function<void(double)> progress;               // 0 to 1; may be empty
    std::function<bool()> cancelled;                    // throws Cancelled when true; may be empty
};

// Writes `out`, which must not exist, at once or not at all: weights, config.json, tokenizer and licence files,
// a model card (model_card.h).
// Failure(BadInput): no such adapter, disk full, `out` exists; as Adapter::load.
void mergeAdapter(const files::ModelFolder& base, const std::string& adapterFolder, const std::string& out,
                  const MergeOptions& options);

}  // namespace stet::model
