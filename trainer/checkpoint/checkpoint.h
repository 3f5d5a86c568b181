// checkpoint-<step>/ folders: tensors and a state, with a manifest of sizes and hashes written last. A reader takes the
// newest whose manifest holds; half written or damaged ones are passed over. Compute thread.
#pragma once

#include "base/json.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace stet::round {

struct Checkpoint {
    std::int64_t step = 0;                                             // updates done
    std::map<std::string, std::map<std::string, at::Tensor>> tensors;  // file stem → tensors: "adapter", "optimizer"
    Json state;                                                        // everything else
};

// Publishes folder/checkpoint-<step>, then deletes all but the newest `keep`, and later ones.
void saveCheckpoint(const std::string& folder, const Checkpoint& checkpoint, int keep);

// The newest intact one. Damaged ones are named in `warnings`.
std::optional<Checkpoint> loadNewestCheckpoint(const std::string& folder, std::vector<std::string>& warnings);

// The step of the newest one that has its manifest; none: there is none. Nothing of it is read.
std::optional<std::int64_t> newestCheckpoint(const std::string& folder);

void removeCheckpoints(const std::string& folder);

}  // namespace stet::round
