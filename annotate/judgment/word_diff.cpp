#include "annotate/judgment/word_diff.h"

#include "base/utf8.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace stet::annotate {

namespace {

using Kind = DiffPiece::Kind;
using Words = std::vector<std::string_view>;

enum class Sort { Letter, Space, Alone };

bool within(std::uint32_t c, std::uint32_t first, std::uint32_t last)
{
    return c >= first && c <= last;
}

Sort sortOf(std::uint32_t c)
{
    if (c == ' ' || within(c, '\t', '\r') || c == 0xA0 || c == 0x3000 || within(c, 0x2000, 0x200A)) {
        return Sort::Space;
    }
    const bool ascii = c < 0x80;
    if (ascii) {
        const bool letter = within(c, '0', '9') || within(c, 'A', 'Z') || within(c, 'a', 'z') || c == '_';
        return letter ? Sort::Letter : Sort::Alone;
    }
    // Signs of Latin-1, general punctuation, symbols; then writing without spaces between words, and emoji.
    const bool alone =
        within(c, 0xA1, 0xBF) || within(c, 0x2010, 0x2BFF) || (c >= 0x2E80 && !within(c, 0xAC00, 0xD7AF));
    return alone ? Sort::Alone : Sort::Letter;
}

// An apostrophe between letters belongs to the word: don't.
bool isApostrophe(std::uint32_t c)
{
    return c == '\'' || c == 0x2019;
}

Words wordsIn(std::string_view text)
{
    const auto starts = codePointStarts(text);
    const std::size_t count = starts.size() - 1;
    const auto at = [&](std::size_t i) { return codePointAt(text, starts[i]); };
    Words words;
    for (std::size_t i = 0; i < count;) {
        const Sort sort = sortOf(at(i));
        std::size_t end = i + 1;
        while (sort != Sort::Alone && end < count &&
               (sortOf(at(end)) == sort ||
                (sort == Sort::Letter && isApostrophe(at(end)) && end + 1 < count &&
                 sortOf(at(end + 1)) == Sort::Letter))) {
            ++end;
        }
        words.push_back(text.substr(starts[i], starts[end] - starts[i]));
        i = end;
    }
    return words;
}

bool isSpace(std::string_view text)
{
    const auto words = wordsIn(text);
    return words.size() == 1 && sortOf(codePointAt(text, 0)) == Sort::Space;
}

// Pieces that grow at their end; neighbours of one kind become one.
class Pieces {
public:
    void add(Kind kind, std::string_view word)
    {
        if (word.empty()) {
            return;
        }
        if (m_pieces.empty() || m_pieces.back().kind != kind) {
            m_pieces.push_back({kind, {}});
        }
        m_pieces.back().text += word;
    }

    // Of a change what is left out first, and a space alone between two changes is part of them.
    std::vector<DiffPiece> readable() const
    {
        Pieces result;
        for (std::size_t i = 0; i < m_pieces.size();) {
            if (m_pieces[i].kind == Kind::Same) {
                result.add(Kind::Same, m_pieces[i++].text);
                continue;
            }
            std::string out;
            std::string in;
            for (; i < m_pieces.size() && (m_pieces[i].kind != Kind::Same || joins(i)); ++i) {
                out += m_pieces[i].kind == Kind::PutIn ? "" : m_pieces[i].text;
                in += m_pieces[i].kind == Kind::LeftOut ? "" : m_pieces[i].text;
            }
            result.add(Kind::LeftOut, out);
            result.add(Kind::PutIn, in);
        }
        return std::move(result.m_pieces);
    }

private:
    bool joins(std::size_t i) const { return i + 1 < m_pieces.size() && isSpace(m_pieces[i].text); }

    std::vector<DiffPiece> m_pieces;
};

// Myers, "An O(ND) difference algorithm" (1986), forwards: the furthest place on each diagonal for 0, 1, 2 … changes,
// all of them kept for the way back.
class ShortestEdit {
public:
    ShortestEdit(const Words& before, const Words& after) : m_before(before), m_after(after) { }

    // False: more than kMostWordsChanged apart.
    bool find()
    {
        for (int changes = 0; changes <= kMostWordsChanged; ++changes) {
            m_reached.emplace_back(static_cast<std::size_t>(2 * changes + 1));
            for (int diagonal = -changes; diagonal <= changes; diagonal += 2) {
                const int x = slide(start(changes, diagonal), diagonal);
                reach(changes, diagonal, x);
                if (x >= size(m_before) && x - diagonal >= size(m_after)) {
                    return true;
                }
            }
        }
        return false;
    }

    // The words with what became of each, once it was found.
    std::vector<std::pair<Kind, std::string_view>> script() const
    {
        std::vector<std::pair<Kind, std::string_view>> backwards;
        int x = size(m_before);
        int y = size(m_after);
        const auto same = [&](int downTo) {
            for (; x > downTo; --y) {
                backwards.emplace_back(Kind::Same, m_before[static_cast<std::size_t>(--x)]);
            }
        };
        for (int changes = static_cast<int>(m_reached.size()) - 1; changes > 0; --changes) {
            const int diagonal = x - y;
            const bool in = putsIn(changes, diagonal);
            same(start(changes, diagonal));
            if (in) {
                backwards.emplace_back(Kind::PutIn, m_after[static_cast<std::size_t>(--y)]);
            } else {
                backwards.emplace_back(Kind::LeftOut, m_before[static_cast<std::size_t>(--x)]);
            }
        }
        same(0);
        std::reverse(backwards.begin(), backwards.end());
        return backwards;
    }

private:
    static int size(const Words& words) { return static_cast<int>(words.size()); }
    int at(int changes, int diagonal) const
    {
        const int place = diagonal + changes;  // from 0
        return m_reached[static_cast<std::size_t>(changes)][static_cast<std::size_t>(place)];
    }
    void reach(int changes, int diagonal, int x)
    {
        const int place = diagonal + changes;
        m_reached[static_cast<std::size_t>(changes)][static_cast<std::size_t>(place)] = x;
    }

    // Is the diagonal reached by a word put in, from the one above it, rather than by one left out?
    bool putsIn(int changes, int diagonal) const
    {
        return diagonal == -changes ||
            (diagonal != changes && at(changes - 1, diagonal - 1) < at(changes - 1, diagonal + 1));
    }

    int start(int changes, int diagonal) const
    {
        if (changes == 0) {
            return 0;
        }
        return putsIn(changes, diagonal) ? at(changes - 1, diagonal + 1) : at(changes - 1, diagonal - 1) + 1;
    }

    int slide(int x, int diagonal) const
    {
        while (x < size(m_before) && x - diagonal < size(m_after) &&
               m_before[static_cast<std::size_t>(x)] == m_after[static_cast<std::size_t>(x - diagonal)]) {
            ++x;
        }
        return x;
    }

    const Words& m_before;
    const Words& m_after;
    std::vector<std::vector<int>> m_reached;  // by changes, then by diagonal
};

void addMiddle(Pieces& pieces, const Words& before, const Words& after)
{
    ShortestEdit edit(before, after);
    if (edit.find()) {
        for (const auto& [kind, word] : edit.script()) {
            pieces.add(kind, word);
        }
        return;
    }
    for (const auto word : before) {
        pieces.add(Kind::LeftOut, word);
    }
    for (const auto word : after) {
        pieces.add(Kind::PutIn, word);
    }
}

}  // namespace

std::vector<DiffPiece> wordDiff(const std::string& before, const std::string& after)
{
    const Words old = wordsIn(before);
    const Words now = wordsIn(after);
    const auto begin = std::mismatch(old.begin(), old.end(), now.begin(), now.end());
    const auto end = std::mismatch(old.rbegin(), std::make_reverse_iterator(begin.first), now.rbegin(),
                                   std::make_reverse_iterator(begin.second));
    Pieces pieces;
    std::for_each(old.begin(), begin.first, [&](auto word) { pieces.add(Kind::Same, word); });
    addMiddle(pieces, Words(begin.first, end.first.base()), Words(begin.second, end.second.base()));
    std::for_each(end.first.base(), old.end(), [&](auto word) { pieces.add(Kind::Same, word); });
    return pieces.readable();
}

int wordsOf(const std::vector<DiffPiece>& pieces, DiffPiece::Kind kind)
{
    int count = 0;
    for (const auto& piece : pieces) {
        if (piece.kind == kind) {
            const auto words = wordsIn(piece.text);
            count += static_cast<int>(
                std::count_if(words.begin(), words.end(), [](std::string_view word) { return !isSpace(word); }));
        }
    }
    return count;
}

}  // namespace stet::annotate
