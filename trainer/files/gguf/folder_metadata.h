// What a Hugging Face folder says about its model and tokenizer, as the metadata of a GGUF file; the way back from
// config.h and tokenizer_json.h. Source: the converters of llama.cpp (conversion/*.py) and what it does with each key
// (src/models/*.cpp). No Torch. Any thread.
#pragma once

#include "trainer/files/gguf/header_writer.h"
#include "trainer/files/model_folder.h"

#include <string>
#include <utility>
#include <vector>

namespace stet::files::gguf {

struct FolderMetadata {
    std::vector<Pair> pairs;
    // Of the rotation, which are tensors there, by name: Llama 3's, LongRoPE's; mostly none.
    std::vector<std::pair<std::string, std::vector<float>>> ropeFactors;
    std::vector<std::string> notes;  // what the file says otherwise than the folder, a sentence each
};

// Failure(ModelRefused) names what can't be said in GGUF or isn't written: a family, a rope type, a tokenizer of
// another kind, a way of cutting texts that has no name there.
FolderMetadata metadataOfFolder(const ModelFolder& folder);

// The tokenizer's part, for the architecture of that name. Failure(BadInput): tokenizer.json can't be read.
std::vector<Pair> tokenizerPairs(const ModelFolder& folder, const std::string& architecture);

}  // namespace stet::files::gguf
