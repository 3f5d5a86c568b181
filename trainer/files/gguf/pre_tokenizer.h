// How a byte-level tokenizer cuts a text before it merges: GGUF has only a name for it (tokenizer.ggml.pre), whose
// meaning llama.cpp and Transformers know. Here are those of the architectures that are read. No Torch. Any thread.
#pragma once

#include "base/json.h"

#include <optional>
#include <string>

namespace stet::files::gguf {

struct PreTokenizer {
    std::string json;           // pre_tokenizer of a tokenizer.json
    bool ignoreMerges = false;  // a piece that is a token is that token, whatever the merges say
    bool addsBos = false;       // where the file doesn't say
    bool normalises = false;    // to Unicode's composed form (NFC)
};

// nullptr: not a name that is known.
const PreTokenizer* preTokenizer(const std::string& name);

// The name of what cuts as a tokenizer.json says; nullopt: none is known that does.
std::optional<std::string> preTokenizerName(const Json& preTokenizer, bool normalises, bool ignoreMerges);

// "llama-bpe, qwen2, …": for messages.
std::string preTokenizerNames();

}  // namespace stet::files::gguf
