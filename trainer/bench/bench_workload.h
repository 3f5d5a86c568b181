// What `bench` measures on: examples of known size made from a seed, so that a number means the same everywhere. Any
// thread.
#pragma once

#include "trainer/dataset/training_set.h"
#include "trainer/text/example_encoder.h"

#include <cstdint>
#include <vector>

namespace stet::bench {

// An example with a judgment whose response has `tokens` tokens, or as many as leave every context untruncated.
files::Example benchExample(const text::ExampleEncoder& encoder, std::int64_t tokens, std::uint64_t seed);
std::int64_t responseTokens(const text::ExampleEncoder& encoder, const files::Example& example);

// A batch to train on: responses of 16 to 80 tokens, every eighth flagged.
std::vector<round::TrainingExample> benchBatch(const text::ExampleEncoder& encoder, int count, std::uint64_t seed);

}  // namespace stet::bench
