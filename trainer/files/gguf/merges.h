// The merges of a SentencePiece vocabulary, which GGUF leaves out: each way to join two tokens into a third, best
// first. Source: generate_merges of Transformers. No Torch. Any thread.
#pragma once

#include "trainer/files/gguf/vocabulary.h"

#include <string_view>
#include <utility>
#include <vector>

namespace stet::files::gguf {

using Merge = std::pair<std::string_view, std::string_view>;  // into the vocabulary's tokens

// byPosition: earlier tokens first, whatever their scores (Gemma). A control token comes of no merge: typed, it stays
// text. Failure(BadInput): tokens so long that it would take minutes.
std::vector<Merge> mergesOf(const Vocabulary& vocabulary, bool byPosition, const std::string& path);

}  // namespace stet::files::gguf
