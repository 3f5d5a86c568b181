// What was changed in a text, word by word: the fewest words left out and put in (Myers' difference, a longest common
// subsequence). A word is a run of letters and digits, a Chinese character, or one sign; the spaces between words are
// texts, too. Called by whoever shows a corrected response beside the response. Pure, any thread; fails at nothing.
//
// Time and memory are bounded whatever the texts are: past kMostWordsChanged the words between the common beginning
// and the common end are one thing left out and one put in, which is how such a text reads anyway.
#pragma once

#include <string>
#include <vector>

namespace stet::annotate {

struct DiffPiece {
    enum class Kind { Same, LeftOut, PutIn };
    Kind kind = Kind::Same;
    std::string text;
    bool operator==(const DiffPiece&) const = default;
};

constexpr int kMostWordsChanged = 1000;

// Same and LeftOut together are `before`, Same and PutIn are `after`; no two neighbours are of one kind, and LeftOut
// stands before the PutIn that takes its place. Texts are valid UTF-8.
std::vector<DiffPiece> wordDiff(const std::string& before, const std::string& after);

// Words of a kind, without spaces.
int wordsOf(const std::vector<DiffPiece>& pieces, DiffPiece::Kind kind);

}  // namespace stet::annotate
