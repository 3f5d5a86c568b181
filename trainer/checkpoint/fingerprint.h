// What a training's bytes come from, as hashes: by them a checkpoint knows the training it belongs to, and `verify` the
// files that were trained on. SHA-256, in hexadecimal digits. Any thread.
#pragma once

#include "trainer/files/model_folder.h"
#include "trainer/model/batch/sequence_batch.h"

#include <string>
#include <vector>

namespace stet::round {

// Of token ids, each sequence's prompt and response told apart.
std::string hashOfSequences(const std::vector<model::Sequence>& sequences);

// Of config.json, tokenizer.json and all weight files, or of a GGUF file's parts; of a large model it takes a while.
// Failure(BadInput): a file can't be read.
std::string hashOfModel(const files::ModelFolder& model);

}  // namespace stet::round
