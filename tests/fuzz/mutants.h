// Mutants of a corpus without libFuzzer: the same generator state gives the same mutant on every machine.
#pragma once

#include "tests/fuzz/targets.h"

#include <random>
#include <string>
#include <vector>

namespace stet::fuzz {

// The files of `folder` in the order of their names; empty when there is none.
std::vector<std::pair<std::string, std::string>> corpusOf(const std::string& folder);

// One of the corpus, changed in one to six places: bits, bytes, numbers at the edge, pieces removed, repeated, or taken
// from another of the corpus. Three of four are repaired where the target knows how.
std::string mutant(const Target& target, const std::vector<std::pair<std::string, std::string>>& corpus,
                   std::mt19937_64& random);

}  // namespace stet::fuzz
