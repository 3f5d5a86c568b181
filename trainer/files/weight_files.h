// Which files of a model folder hold its weights: model.safetensors, else the shards that its index names. As in
// Transformers the single file wins where both are there. No Torch. Any thread.
#pragma once

#include <string>
#include <vector>

namespace stet::files {

struct WeightFiles {
    std::vector<std::string> names;  // bare file names in the folder, in index order
    std::string warning;             // that an index of other files is passed over; mostly empty
};

// Failure(BadInput): there are none, or the index is damaged or names something else than bare .safetensors files.
WeightFiles findWeightFiles(const std::string& folder);

}  // namespace stet::files
