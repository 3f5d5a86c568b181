// UTF-8 and code points. Offsets in files and messages count Unicode code points of the text as given. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stet {

bool isValidUtf8(std::string_view text);

// The text with every byte that is not part of a valid sequence replaced by U+FFFD.
std::string toValidUtf8(std::string_view text);

// Number of code points of a valid UTF-8 text.
std::size_t codePointCount(std::string_view text);

// Byte offset of each code point, and the text's size as the last entry: n + 1 numbers.
std::vector<std::size_t> codePointStarts(std::string_view text);

// The code point that begins at byte `start` of a valid UTF-8 text.
std::uint32_t codePointAt(std::string_view text, std::size_t start);

// Length of the longest prefix that ends at a whole character: what may be sent while bytes still arrive.
std::size_t completePrefix(std::string_view text);

}  // namespace stet
