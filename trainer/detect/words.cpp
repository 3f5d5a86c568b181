#include "trainer/detect/words.h"

#include "base/character_kind.h"
#include "base/utf8.h"

#include <algorithm>

namespace stet::detect {

namespace {

std::vector<CharacterKind> kindsOf(std::string_view text)
{
    const auto starts = codePointStarts(text);
    std::vector<CharacterKind> kinds;
    kinds.reserve(starts.size());
    for (std::size_t i = 0; i + 1 < starts.size(); ++i) {
        kinds.push_back(kindOf(codePointAt(text, starts[i])));
    }
    return kinds;
}

}  // namespace

std::vector<int> wordsOf(std::string_view text, const std::vector<text::TokenRange>& ranges)
{
    const std::vector<CharacterKind> kinds = kindsOf(text);
    std::vector<int> words(ranges.size(), kNoWord);
    int count = 0;
    int reached = 0;      // the end of the token before
    bool goesOn = false;  // it is a word that letters may continue
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        const int end = std::min(ranges[i].end, static_cast<int>(kinds.size()));
        const int begin = std::clamp(ranges[i].begin, 0, end);
        const auto first = kinds.begin() + begin;
        const auto last = kinds.begin() + end;
        const bool word = std::any_of(
            first, last, [](CharacterKind k) { return k == CharacterKind::Letter || k == CharacterKind::Unspaced; });
        if (word) {
            const bool shares = i > 0 && words[i - 1] != kNoWord && begin < reached;
            count += shares || (goesOn && begin == reached && *first == CharacterKind::Letter) ? 0 : 1;
            words[i] = count - 1;
        }
        goesOn = word && *(last - 1) == CharacterKind::Letter;
        reached = end;
    }
    return words;
}

}  // namespace stet::detect
