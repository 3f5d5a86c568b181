#include "annotate/judgment/quoted_words.h"

#include "annotate/judgment/folded_text.h"
#include "base/character_kind.h"
#include "base/utf8.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace stet::annotate {

namespace {

struct QuoteMarks {
    std::string_view open;
    std::string_view close;
    std::size_t shortest;  // characters
};

constexpr QuoteMarks kMarks[] = {{"“", "”", 3}, {"\"", "\"", 3}, {"「", "」", 1}, {"‘", "’", 3}};
constexpr std::size_t kLongestQuote = 80;

// What stands before a quote in its sentence says whether the response is said to hold it, or to lack it. In doubt
// nobody is accused.
constexpr std::array kLackingWords = {"does not", "doesn't", "did not", "didn't", "fails to"};
constexpr std::array kCorrectingWords = {
    "should", "must",    "ought",   "correct",    "rather",   "better",  "replace", "change",  "write",
    "use",    "add",     "include", "missing",    "misses",   "lacks",   "omits",   "instead", "spelled",
    "spelt",  "mention", "needs",   "leaves out", "left out", "forgets", "forgot"};
constexpr std::array kCorrectingSigns = {"应", "该是", "改", "写成", "换成", "而是", "缺", "漏", "正确", "没", "未"};
constexpr std::array kDenyingWords = {"not", "no", "instead of", "rather than"};
constexpr std::array kDenyingSigns = {"n't", "不应", "不该", "不要", "而不是", "别"};

bool isCorrection(const std::string& before, const std::string& after)
{
    const auto english = [&](const char* word) { return holdsWord(before, word); };
    const auto chinese = [&](const char* sign) { return before.find(sign) != std::string::npos; };
    if (std::any_of(kLackingWords.begin(), kLackingWords.end(), english)) {
        return true;
    }
    if (std::any_of(kDenyingWords.begin(), kDenyingWords.end(), english) ||
        std::any_of(kDenyingSigns.begin(), kDenyingSigns.end(), chinese)) {
        return false;
    }
    return std::any_of(kCorrectingWords.begin(), kCorrectingWords.end(), english) ||
        std::any_of(kCorrectingSigns.begin(), kCorrectingSigns.end(), chinese) || beginsWith(after, 0, " instead");
}

// From the end of the sentence or quote before up to `at`, in small letters.
std::string clauseBefore(const std::string& judgment, std::size_t from, std::size_t at)
{
    std::string clause = folded(judgment.substr(from, at - from));
    for (const std::string_view mark : {". ", "! ", "? ", "; ", "\n", "。", "！", "？", "；"}) {
        if (const auto found = clause.rfind(mark); found != std::string::npos) {
            clause.erase(0, found + mark.size());
        }
    }
    return clause;
}

// Where the judgment goes over to the text as it should have been ("The corrected response should look like this: …"):
// quotes in there are that text's own.
std::size_t rewriteIn(const std::string& judgment)
{
    for (std::size_t at = 0; at < judgment.size(); ++at) {
        const std::string_view colon = judgment[at] == ':' ? ":" : "：";
        if (!beginsWith(judgment, at, colon)) {
            continue;
        }
        const auto behind = at + colon.size();
        const auto next = judgment.find_first_not_of(" \t\r\n", behind);
        const bool apart = colon.size() > 1 || next > behind;  // not 12:30
        const bool quoted = next != std::string::npos &&
            std::any_of(std::begin(kMarks), std::end(kMarks),
                        [&](const QuoteMarks& marks) { return beginsWith(judgment, next, marks.open); });
        if (apart && !quoted && isCorrection(clauseBefore(judgment, 0, at), {})) {
            return at;
        }
    }
    return judgment.size();
}

// Of what the response is said to hold.
std::vector<std::string> quotesOf(const std::string& judgment)
{
    std::vector<std::string> quotes;
    std::size_t clause = 0;
    const auto rewrite = rewriteIn(judgment);
    for (std::size_t at = 0; at < rewrite; ++at) {
        for (const auto& marks : kMarks) {
            if (!beginsWith(judgment, at, marks.open)) {
                continue;
            }
            const auto begin = at + marks.open.size();
            const auto end = judgment.find(marks.close, begin);
            const std::string quote = end == std::string::npos ? std::string() : judgment.substr(begin, end - begin);
            const auto length = codePointCount(quote);
            if (length >= marks.shortest && length <= kLongestQuote) {
                const auto behind = end + marks.close.size();
                if (!isCorrection(clauseBefore(judgment, clause, at), folded(judgment.substr(behind, 12)))) {
                    quotes.push_back(quote);
                }
                clause = behind;
                at = behind - 1;
                break;
            }
        }
    }
    return quotes;
}

// What is looked for: without white space around it and marks at its end.
std::string bare(const std::string& quote)
{
    std::string text = folded(trimmed(quote));
    for (bool shorter = true; shorter;) {
        shorter = false;
        if (!text.empty() && std::ispunct(static_cast<unsigned char>(text.back())) != 0) {
            text.pop_back();
            shorter = true;
        }
        for (const std::string_view mark : {"…", "。", "，", "！", "？", "；", "："}) {
            if (text.ends_with(mark)) {
                text.resize(text.size() - mark.size());
                shorter = true;
            }
        }
    }
    return text;
}

// Whether the characters on both sides of the boundary `at`, an index of `starts`, belong to one word.
bool withinWord(const std::string& text, const std::vector<std::size_t>& starts, std::size_t at)
{
    const auto isSpaced = [&](std::size_t i) { return kindOf(codePointAt(text, starts[i])) == CharacterKind::Letter; };
    return at > 0 && at + 1 < starts.size() && isSpaced(at - 1) && isSpaced(at);
}

}  // namespace

std::string absentQuote(const std::string& judgment, const std::vector<std::string>& texts)
{
    const auto quotes = quotesOf(judgment);
    for (const auto& quote : quotes) {
        const std::string wanted = bare(quote);
        for (const auto& text : texts) {
            if (folded(text).find(wanted) != std::string::npos) {
                return {};
            }
        }
    }
    return quotes.empty() ? std::string() : quotes.front();
}

std::vector<TextRange> quotedPlaces(const std::string& judgment, const std::string& response)
{
    const std::string text = folded(response);
    const auto starts = codePointStarts(text);
    const auto indexOf = [&](std::size_t byte) {
        return static_cast<std::size_t>(std::lower_bound(starts.begin(), starts.end(), byte) - starts.begin());
    };
    std::vector<TextRange> places;
    for (const auto& quote : quotesOf(judgment)) {
        const std::string wanted = bare(quote);
        for (auto at = wanted.empty() ? std::string::npos : text.find(wanted); at != std::string::npos;
             at = text.find(wanted, at + wanted.size())) {
            const auto begin = indexOf(at);
            const auto end = indexOf(at + wanted.size());
            if (!withinWord(text, starts, begin) && !withinWord(text, starts, end)) {
                places.push_back({static_cast<int>(begin), static_cast<int>(end)});
            }
        }
    }
    std::sort(places.begin(), places.end());
    places.erase(std::unique(places.begin(), places.end()), places.end());
    return places;
}

std::vector<Mark> withFlags(std::vector<Mark> marks, const std::vector<TextRange>& places)
{
    for (const TextRange& place : places) {
        const bool marked = std::any_of(marks.begin(), marks.end(), [&](const Mark& mark) {
            return mark.begin < place.end && place.begin < mark.end;
        });
        if (!marked) {
            marks.push_back({place.begin, place.end, MarkKind::Flag});
        }
    }
    std::stable_sort(marks.begin(), marks.end(), [](const Mark& a, const Mark& b) { return a.begin < b.begin; });
    return marks;
}

}  // namespace stet::annotate
