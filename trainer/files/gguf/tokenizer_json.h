// The tokenizer of a GGUF file as the tokenizer.json its Hugging Face folder would have, so that one reader serves
// both. Follows Transformers' own reading (integrations/gguf/gguf_tokenizer_mapping.py); where that leaves out what
// tokenizer.ggml.pre means (digits, Unicode's composed form, BOS), the model's original tokenizer. No Torch. Any
// thread.
#pragma once

#include "base/json.h"
#include "trainer/files/gguf/vocabulary.h"

#include <string>

namespace stet::files::gguf {

// Failure(BadInput), Failure(ModelRefused): as readVocabulary; a pre-tokenizer that isn't known, by name.
std::string tokenizerJson(const Metadata& metadata);

// bos_token … by name, chat_template: what tokenizer_config.json would say.
Json tokenizerConfigJson(const Metadata& metadata, const Vocabulary& vocabulary);

}  // namespace stet::files::gguf
