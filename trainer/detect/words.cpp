#include "trainer/detect/words.h"

#include "base/utf8.h"

#include <algorithm>
#include <cstdint>

namespace stet::detect {

namespace {

enum class Kind { Space, Letter, Unspaced, Other };  // Unspaced: a letter of a script written without spaces

bool within(std::uint32_t c, std::uint32_t first, std::uint32_t last)
{
    return c >= first && c <= last;
}

Kind asciiKind(std::uint32_t c)
{
    if (c <= 0x20 || c == 0x7F) {
        return Kind::Space;
    }
    return within(c, '0', '9') || within(c, 'A', 'Z') || within(c, 'a', 'z') ? Kind::Letter : Kind::Other;
}

// By blocks of Unicode; what is rare enough to be told apart by a character counts with its block.
Kind kindOf(std::uint32_t c)
{
    if (c < 0x80) {
        return asciiKind(c);
    }
    if (c == 0x85 || c == 0xA0 || within(c, 0x2000, 0x200F) || within(c, 0x2028, 0x202F) || c == 0x3000 ||
        c == 0xFEFF) {
        return Kind::Space;
    }
    if (c < 0xC0 || c == 0xD7 || c == 0xF7 || within(c, 0x2010, 0x2BFF) || within(c, 0x2E00, 0x2E7F) ||
        within(c, 0x3001, 0x3004) || within(c, 0x3008, 0x3020) || within(c, 0xFE10, 0xFE6F) ||
        within(c, 0xFF01, 0xFF0F) || within(c, 0xFF1A, 0xFF20) || within(c, 0xFF5B, 0xFF65) ||
        within(c, 0xFFF0, 0xFFFF) || within(c, 0x1F000, 0x1FAFF)) {
        return Kind::Other;
    }
    const bool unspaced = within(c, 0x0E00, 0x0EFF) || within(c, 0x1000, 0x109F) || within(c, 0x1780, 0x17FF) ||
        within(c, 0x2E80, 0xABFF) || within(c, 0xF900, 0xFAFF) || within(c, 0xFF66, 0xFF9F) || c >= 0x20000;
    return unspaced ? Kind::Unspaced : Kind::Letter;
}

std::vector<Kind> kindsOf(std::string_view text)
{
    const auto starts = codePointStarts(text);
    std::vector<Kind> kinds;
    kinds.reserve(starts.size());
    for (std::size_t i = 0; i + 1 < starts.size(); ++i) {
        kinds.push_back(kindOf(codePointAt(text, starts[i])));
    }
    return kinds;
}

}  // namespace

std::vector<int> wordsOf(std::string_view text, const std::vector<text::TokenRange>& ranges)
{
    const std::vector<Kind> kinds = kindsOf(text);
    std::vector<int> words(ranges.size(), kNoWord);
    int count = 0;
    int reached = 0;      // the end of the token before
    bool goesOn = false;  // it is a word that letters may continue
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        const int end = std::min(ranges[i].end, static_cast<int>(kinds.size()));
        const int begin = std::clamp(ranges[i].begin, 0, end);
        const auto first = kinds.begin() + begin;
        const auto last = kinds.begin() + end;
        const bool word = std::any_of(first, last, [](Kind k) { return k == Kind::Letter || k == Kind::Unspaced; });
        if (word) {
            const bool shares = i > 0 && words[i - 1] != kNoWord && begin < reached;
            count += shares || (goesOn && begin == reached && *first == Kind::Letter) ? 0 : 1;
            words[i] = count - 1;
        }
        goesOn = word && *(last - 1) == Kind::Letter;
        reached = end;
    }
    return words;
}

}  // namespace stet::detect
