// What a round's bytes come from, as hashes: its examples, model, parent and settings. By them a checkpoint knows the
// round it belongs to, and `verify` the file that was trained on. Taken by runRound as soon as the examples are read,
// before anybody changes the file; hashing a large model takes a while. Any thread.
#pragma once

#include "trainer/round/round_setup.h"

#include <string>
#include <vector>

namespace stet::round {

// SHA-256, in hexadecimal digits.
struct RoundHashes {
    std::string examples;
    std::string model;   // of config.json, tokenizer.json and all weight files
    std::string parent;  // of the parent adapter's weights and configuration; empty without one
    std::string round;   // of all of them, of every setting that changes the result, and of the token ids that are read
};

// Of token ids, each sequence's prompt and response told apart.
std::string hashOfSequences(const std::vector<score::Sequence>& sequences);

// Failure(BadInput): a file can't be read.
std::string hashOfModel(const files::ModelFolder& model);
RoundHashes hashesOf(const RoundSetup& setup);

}  // namespace stet::round
