// A model folder, or a GGUF file in its place, as the rest of the worker sees it: checked settings, the list of weight
// files, and the tensors in them. Of a folder only config.json, generation_config.json, tokenizer.json,
// tokenizer_config.json, special_tokens_map.json, added_tokens.json, chat_template.jinja, *.safetensors and their index
// are ever opened; shard names must be bare file names inside the folder. No Torch. Any thread.
#pragma once

#include "trainer/files/gguf/weights.h"
#include "trainer/files/model_config.h"
#include "trainer/files/safetensors.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace stet::files {

struct ModelFolder {
    std::string path;  // of the folder or of the GGUF file
    ModelConfig config;
    std::vector<std::int64_t> stopIds;    // generation stops at any: generation_config's eos_token_id, else config's
    std::optional<std::string> eosToken;  // eos_token (text)
    // By name ("bos_token" …), for chat templates (tokenizer_config.h).
    std::map<std::string, std::string> specialTokens;
    std::optional<std::string> chatTemplate;  // tokenizer_config's or chat_template.jinja; nullopt: there is none
    std::vector<std::string> namedTemplates;  // of a list of templates by name; chatTemplate is its "default", if any
    std::vector<std::string> weightFiles;     // paths of the safetensors or GGUF files, in index order
    // By Hugging Face's name; entry.file indexes weightFiles. One of the two is empty.
    std::map<std::string, TensorEntry> tensors;
    std::map<std::string, gguf::WeightPlace> packed;  // of a GGUF file
    bool isGguf() const { return !packed.empty(); }
    std::uint64_t weightBytes = 0;
    std::vector<std::string> warnings;  // what is odd about the folder but doesn't keep it from being read
};

// Opens headers only. Failure(BadInput): not a folder, no config.json, no weights, a Git-LFS pointer in place of
// weights, truncated or lying header, a tensor that is missing or has the wrong shape for the config.
// Failure(ModelRefused): see parseModelConfig and gguf/; also a format that isn't read (foreign_files.h).
ModelFolder openModelFolder(const std::string& path);

}  // namespace stet::files
