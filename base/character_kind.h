// What kind of character a code point is, as far as words go: where one begins and ends. Pure; any thread.
#pragma once

#include <cstdint>

namespace stet {

// Letter: digits, too. Unspaced: a letter of a script written without spaces, where every one may be a word.
enum class CharacterKind { Space, Letter, Unspaced, Other };

// By blocks of Unicode; what is rare enough to be told apart by a character counts with its block.
CharacterKind kindOf(std::uint32_t codePoint);

}  // namespace stet
