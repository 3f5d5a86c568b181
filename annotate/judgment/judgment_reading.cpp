#include "annotate/judgment/judgment_reading.h"

#include "base/utf8.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace stet::annotate {

namespace {

bool isLetter(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || std::isalnum(byte) != 0;
}

// Small letters of Latin, Greek and Cyrillic, in UTF-8.
std::string folded(std::string text)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
        const auto become = [&](unsigned first, unsigned second) {
            text[i] = static_cast<char>(first);
            text[i + 1] = static_cast<char>(second);
        };
        if (lead < 0x80) {
            text[i] = static_cast<char>(std::tolower(lead));
        } else if (lead == 0xC3 && next >= 0x80 && next <= 0x9E && next != 0x97) {  // À–Þ
            become(0xC3, next + 0x20);
        } else if (lead == 0xCE && next >= 0x91 && next <= 0x9F) {  // Α–Ο
            become(0xCE, next + 0x20);
        } else if (lead == 0xCE && next >= 0xA0 && next <= 0xA9) {  // Π–Ω
            become(0xCF, next - 0x20);
        } else if (lead == 0xD0 && next >= 0x90 && next <= 0x9F) {  // А–П
            become(0xD0, next + 0x20);
        } else if (lead == 0xD0 && next >= 0xA0 && next <= 0xAF) {  // Р–Я
            become(0xD1, next - 0x20);
        } else if (lead == 0xD0 && next >= 0x80 && next <= 0x8F) {  // Ѐ–Џ
            become(0xD1, next + 0x10);
        }
    }
    return text;
}

bool endsWord(const std::string& text, std::size_t at)
{
    return at >= text.size() || !isLetter(text[at]);
}

bool beginsWith(const std::string& text, std::size_t at, std::string_view opening)
{
    return text.compare(at, opening.size(), opening) == 0;
}

bool holdsWord(const std::string& text, std::string_view word)
{
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
        if ((at == 0 || !isLetter(text[at - 1])) && endsWord(text, at + word.size())) {
            return true;
        }
    }
    return false;
}

constexpr std::array kOpenings = {"perfect",     "great",         "excellent", "very good", "good job", "good work",
                                  "good answer", "good response", "well done", "nice",      "很好",     "完美",
                                  "正确",        "没有问题",      "非常好",    "不错"};
constexpr std::array kOpeningWords = {"correct",     "no error",   "no errors",  "no mistake",
                                      "no mistakes", "no problem", "no problems"};
constexpr std::array kPraisedThings = {"the response is ", "this response is ", "the answer is ", "this answer is "};
constexpr std::array kPraises = {"perfect", "great", "excellent", "correct", "good", "fine", "satisfactory"};
constexpr std::array kTurningWords = {"but",   "however", "except",  "although",      "though", "yet",    "only",
                                      "could", "should",  "instead", "unfortunately", "wrong",  "missing"};
constexpr std::array kTurningSigns = {"但", "不过", "然而", "可是", "只是", "应该", "除了", "错"};

bool beginsWithPraise(const std::string& text)
{
    const auto at = static_cast<std::size_t>(std::find_if(text.begin(), text.end(), isLetter) - text.begin());
    const auto opens = [&](const char* opening) { return beginsWith(text, at, opening); };
    const auto opensAsWord = [&](std::string_view opening) {
        return beginsWith(text, at, opening) && endsWord(text, at + opening.size());
    };
    return std::any_of(kOpenings.begin(), kOpenings.end(), opens) ||
        std::any_of(kOpeningWords.begin(), kOpeningWords.end(), opensAsWord) ||
        std::any_of(kPraisedThings.begin(), kPraisedThings.end(), [&](const std::string& thing) {
               return std::any_of(kPraises.begin(), kPraises.end(),
                                  [&](const char* praise) { return opensAsWord(thing + praise); });
           });
}

bool turns(const std::string& text)
{
    return std::any_of(kTurningWords.begin(), kTurningWords.end(),
                       [&](const char* word) { return holdsWord(text, word); }) ||
        std::any_of(kTurningSigns.begin(), kTurningSigns.end(),
                    [&](const char* sign) { return text.find(sign) != std::string::npos; });
}

std::string trimmed(const std::string& text)
{
    const auto begin = text.find_first_not_of(" \t\r\n");
    return begin == std::string::npos ? std::string()
                                      : text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

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

// Of what the response is said to hold.
std::vector<std::string> quotesOf(const std::string& judgment)
{
    std::vector<std::string> quotes;
    std::size_t clause = 0;
    for (std::size_t at = 0; at < judgment.size(); ++at) {
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

}  // namespace

bool readsLikePraise(const std::string& judgment)
{
    const std::string text = folded(judgment);
    return beginsWithPraise(text) && !turns(text);
}

bool isPlaceholder(const std::string& judgment)
{
    static constexpr std::array kPlaceholders = {"$error$", "n/a", "na", "none", "null", "todo", "tbd"};
    const std::string text = folded(trimmed(judgment));
    return std::any_of(kPlaceholders.begin(), kPlaceholders.end(), [&](const char* known) { return text == known; });
}

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

}  // namespace stet::annotate
