#include "annotate/judgment/drafted_judgment.h"

#include "annotate/judgment/judgment_reading.h"
#include "annotate/judgment/word_diff.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <vector>

namespace stet::annotate {

namespace {

// Of its words, from this share on a text is what it was made from.
constexpr double kCopy = 0.8;
constexpr double kStillTheDraft = 0.5;

constexpr std::array<std::string_view, 6> kEnds = {".", "!", "?", "。", "！", "？"};
constexpr std::array<std::string_view, 5> kClosing = {"\"", "'", ")", "”", "」"};

std::string trimmed(std::string_view text)
{
    constexpr std::string_view kSpaces = " \t\r\n";
    const auto begin = text.find_first_not_of(kSpaces);
    return begin == std::string_view::npos
        ? std::string()
        : std::string(text.substr(begin, text.find_last_not_of(kSpaces) + 1 - begin));
}

template <std::size_t N> std::size_t lengthOfOne(const std::array<std::string_view, N>& known, std::string_view text)
{
    for (const auto one : known) {
        if (text.starts_with(one)) {
            return one.size();
        }
    }
    return 0;
}

struct Sentence {
    std::string text;
    bool whole = false;  // with its mark
};

// A mark ends a sentence where a space, the end or, in Chinese, anything follows; what closes a quote goes along.
std::vector<Sentence> sentencesOf(const std::string& text)
{
    std::vector<Sentence> sentences;
    const std::string_view all = text;
    std::size_t begin = 0;
    const auto take = [&](std::size_t end, bool whole) {
        if (auto sentence = trimmed(all.substr(begin, end - begin)); !sentence.empty()) {
            sentences.push_back({std::move(sentence), whole});
        }
        begin = end;
    };
    for (std::size_t i = 0; i < all.size();) {
        if (all[i] == '\n') {
            take(i++, true);
            continue;
        }
        const std::size_t mark = lengthOfOne(kEnds, all.substr(i));
        i += std::max<std::size_t>(mark, 1);
        if (mark > 0) {
            for (std::size_t close = lengthOfOne(kClosing, all.substr(i)); close > 0;
                 close = lengthOfOne(kClosing, all.substr(i))) {
                i += close;
            }
            if (mark > 1 || i == all.size() || std::isspace(static_cast<unsigned char>(all[i])) != 0) {
                take(i, true);
            }
        }
    }
    take(all.size(), false);
    return sentences;
}

// A small model goes round in circles, and is cut off in the middle.
std::string wholeSentencesOnce(const std::string& text, bool cutOff)
{
    std::vector<Sentence> sentences = sentencesOf(text);
    if (cutOff && !sentences.empty() && !sentences.back().whole) {
        sentences.pop_back();
    }
    std::vector<std::string> said;
    std::string result;
    for (const auto& sentence : sentences) {
        if (std::find(said.begin(), said.end(), sentence.text) == said.end()) {
            result += (result.empty() ? "" : " ") + sentence.text;
            said.push_back(sentence.text);
        }
    }
    return result;
}

// How much of `text` stands in `source`, in its order; 1: every word.
double shareFrom(const std::string& source, const std::string& text)
{
    const auto pieces = wordDiff(source, text);
    const int kept = wordsOf(pieces, DiffPiece::Kind::Same);
    const int words = kept + wordsOf(pieces, DiffPiece::Kind::PutIn);
    return words == 0 ? 0 : static_cast<double>(kept) / words;
}

std::string lowerLetters(const std::string& text)
{
    std::string letters;
    for (const char c : text) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0 || static_cast<unsigned char>(c) >= 0x80) {
            letters += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        }
    }
    return letters;
}

}  // namespace

DraftReading readDraft(const std::string& answer, bool stoppedByLength, const ResponseItem& of,
                       const std::string& nothingWrong)
{
    using Kind = DraftReading::Kind;
    if (trimmed(answer).empty()) {
        return {Kind::Empty, {}};
    }
    const std::string text = wholeSentencesOnce(answer, stoppedByLength);
    if (text.empty()) {
        return {Kind::Unfinished, {}};
    }
    if (lowerLetters(text) == lowerLetters(nothingWrong)) {
        return {Kind::NothingWrong, {}};
    }
    if (shareFrom(of.output, text) >= kCopy || shareFrom(of.instruction, text) >= kCopy || isPlaceholder(text)) {
        return {Kind::Copy, {}};
    }
    return readsLikePraise(text) ? DraftReading{Kind::NothingWrong, {}} : DraftReading{Kind::Criticism, text};
}

bool isDrafted(const ResponseItem& item)
{
    return item.hintedBy.kind == AuthorKind::Model;
}

bool waitsForDraft(const ResponseItem& item)
{
    return item.verdict == Verdict::Open && item.hasOutput && item.hint.empty() && isNobody(item.hintedBy);
}

Author judgmentAuthor(const ResponseItem& item, Verdict verdict, const std::string& judgment, const Author& person)
{
    const bool asDrafted = item.hint.empty() ? verdict == Verdict::Accepted : judgment == item.hint;
    if (!isDrafted(item) || verdict == Verdict::Skipped || verdict == Verdict::Open) {
        return person;
    }
    if (asDrafted) {
        return item.hintedBy;
    }
    Author author = person;
    if (verdict == Verdict::Criticised && !item.hint.empty() && shareFrom(judgment, item.hint) >= kStillTheDraft) {
        author.model = item.hintedBy.model;
        author.round = item.hintedBy.round;
    }
    return author;
}

}  // namespace stet::annotate
