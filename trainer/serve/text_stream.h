// The text of an answer while it grows token by token: whole characters only, and together exactly what the tokens
// decode to. The method of vLLM's detokenizer: each piece is what a few tokens decode to with the last of them, less
// what they decode to without it. Compute thread; borrows the tokenizer.
#pragma once

#include "trainer/text/tokenizer.h"

#include <cstdint>
#include <string>
#include <vector>

namespace stet::serve {

class TextStream {
public:
    explicit TextStream(const text::Tokenizer& tokenizer) : m_tokenizer(&tokenizer) { }

    // What the token adds; empty while a character is not complete. Linear in the tokens of a character.
    std::string add(std::int64_t id);

private:
    const text::Tokenizer* m_tokenizer;
    std::vector<std::int64_t> m_context;  // tokens of the piece before: how they begin depends on them
    std::vector<std::int64_t> m_open;     // tokens that were not told yet
};

}  // namespace stet::serve
