// The tokenizer's part of a GGUF file's metadata, checked: one text, type and score for each id, every id within them.
// No Torch. Any thread.
#pragma once

#include "trainer/files/gguf/metadata.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace stet::files::gguf {

enum class TokenType : std::uint8_t { Normal = 1, Unknown = 2, Control = 3, UserDefined = 4, Unused = 5, Byte = 6 };

// tokenizer.ggml.model: byte-level BPE, or SentencePiece's BPE.
enum class VocabularyKind { ByteLevel, SentencePiece };

struct Vocabulary {
    VocabularyKind kind = VocabularyKind::ByteLevel;
    std::string pre;                  // tokenizer.ggml.pre
    std::vector<std::string> tokens;  // valid UTF-8, each but once, none empty
    std::vector<TokenType> types;     // as many
    std::vector<double> scores;       // as many, or none
    std::vector<std::string> merges;  // "left right"; none: they follow from tokens and scores
    std::optional<std::int64_t> bos;
    std::optional<std::int64_t> eos;
    std::optional<std::int64_t> unknown;
    std::optional<std::int64_t> padding;
    std::optional<bool> addBos;  // what the file says
    std::optional<bool> addEos;
    bool spacePrefix = true;  // SentencePiece: a text begins with a space

    const std::string& at(std::int64_t id) const { return tokens[static_cast<std::size_t>(id)]; }
};

// tokenizer.json as it was, which a file may hold beside its own words (GGUF's specification).
inline constexpr const char* kWholeTokenizer = "tokenizer.huggingface.json";
inline constexpr std::size_t kMostWholeTokenizer = std::size_t{16} << 20U;

// Failure(BadInput): lists of different lengths, an id that is none, a token twice; Failure(ModelRefused) names another
// kind of tokenizer.
Vocabulary readVocabulary(const Metadata& metadata);

// Where generation stops: the end of sequence, and the tokens that end a turn, as llama.cpp finds them: by their keys,
// and by their texts.
std::vector<std::int64_t> stopIdsOf(const Metadata& metadata, const Vocabulary& vocabulary);

}  // namespace stet::files::gguf
