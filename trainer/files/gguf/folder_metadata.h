// What a Hugging Face folder says about its model and tokenizer, as the metadata of a GGUF file; the way back from
// config.h and tokenizer_json.h. Source: the converters of llama.cpp (conversion/*.py). No Torch. Any thread.
#pragma once

#include "trainer/files/gguf/header_writer.h"
#include "trainer/files/model_folder.h"

#include <string>
#include <vector>

namespace stet::files::gguf {

struct FolderMetadata {
    std::vector<Pair> pairs;
    std::vector<float> ropeFactors;  // Llama 3's, which are a tensor there; mostly none
};

// Failure(ModelRefused) names what can't be said in GGUF or isn't written: a family, a rope type, a window, a tokenizer
// of another kind than byte-level BPE, a way of cutting texts that has no name there.
FolderMetadata metadataOfFolder(const ModelFolder& folder);

// The tokenizer's part. Failure(BadInput): tokenizer.json can't be read.
std::vector<Pair> tokenizerPairs(const ModelFolder& folder);

}  // namespace stet::files::gguf
