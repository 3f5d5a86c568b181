// The parts that folder_metadata.cpp puts together, a file each: what only a family has, the rotary embedding, the
// scores of SentencePiece. No Torch. Any thread.
#pragma once

#include "base/failure.h"
#include "base/json.h"
#include "trainer/files/gguf/folder_metadata.h"
#include "trainer/files/gguf/vocabulary.h"

#include <string>
#include <utility>
#include <vector>

namespace stet::files::gguf {

// "… can't be written as GGUF: `reason`", with what works instead.
Failure notInGguf(const std::string& path, const std::string& reason);

// Pairs below "ARCHITECTURE.".
class SettingPairs {
public:
    explicit SettingPairs(std::string architecture) : m_architecture(std::move(architecture)) { }

    const std::string& architecture() const { return m_architecture; }
    void whole(const char* key, std::int64_t value)
    {
        m_pairs.push_back(numberPair(m_architecture + "." + key, static_cast<std::uint32_t>(value)));
    }
    void real(const char* key, double value) { m_pairs.push_back(realPair(m_architecture + "." + key, value)); }
    void text(const char* key, const std::string& value)
    {
        m_pairs.push_back(textPair(m_architecture + "." + key, value));
    }
    void flags(const char* key, const std::vector<bool>& values)
    {
        m_pairs.push_back(flagsPair(m_architecture + "." + key, values));
    }

    std::vector<Pair> take() { return std::move(m_pairs); }

private:
    std::string m_architecture;
    std::vector<Pair> m_pairs;
};

// Failure(ModelRefused): llama.cpp takes something else for granted of the family. folder_family.cpp.
void addFamily(const ModelFolder& folder, SettingPairs& pairs);

// Failure(ModelRefused): a rope type, or a part of one, that has no words there. folder_rope.cpp.
void addRope(const ModelFolder& folder, SettingPairs& pairs, FolderMetadata& metadata);

// What SentencePiece's BPE has in GGUF in the place of merges. folder_sentencepiece.cpp.
struct SentencePiece {
    std::vector<float> scores;  // one a token: what is merged first has the highest
    bool spacePrefix = false;   // a text begins with a space
};

// Of BPE with byte_fallback. Marks the bytes and the unknown token in `vocabulary`. byPosition: as merges.h.
// Failure(ModelRefused): llama.cpp would merge otherwise than the folder does.
SentencePiece sentencePieceOf(const Json& tokenizer, Vocabulary& vocabulary, bool byPosition, const std::string& path);

}  // namespace stet::files::gguf
