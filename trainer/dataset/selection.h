// Which examples a round trains on and in which order: the deterministic rules of docs/headless.md, by SHA-256. Pure.
#pragma once

#include "trainer/files/example_lines.h"

#include <cstdint>
#include <vector>

namespace stet::round {

// Indices, in file order: every criticised example, and int(ratio × criticised) accepted ones, those with the smallest
// SHA-256 of
// "<seed>:<line>"; ratio −1 keeps all accepted.
std::vector<std::size_t> downSample(const std::vector<files::Example>& examples, double ratio, std::uint64_t seed);

// The order of one epoch: by SHA-256 of "<seed>:<epoch>:<line>" when shuffled, else as given. `lines`: each example's
// data line.
std::vector<std::size_t> epochOrder(const std::vector<int>& lines, std::uint64_t seed, std::int64_t epoch,
                                    bool shuffle);

}  // namespace stet::round
