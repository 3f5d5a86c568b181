#include "annotate/judgment/judgment_reading.h"

#include "annotate/judgment/folded_text.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace stet::annotate {

namespace {

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

}  // namespace stet::annotate
