#include "annotate/exchange/linter.h"

#include "base/sha256.h"
#include "base/utf8.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace stet::annotate {

namespace {

std::string trimmed(const std::string& text)
{
    const auto begin = text.find_first_not_of(" \t\r\n");
    return begin == std::string::npos ? std::string()
                                      : text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

bool isPlaceholder(const std::string& judgment)
{
    static const std::array<const char*, 7> kPlaceholders = {"$error$", "n/a", "na", "none", "null", "todo", "tbd"};
    const std::string text = lower(trimmed(judgment));
    return std::any_of(kPlaceholders.begin(), kPlaceholders.end(), [&](const char* known) { return text == known; });
}

// "Perfect" and "The response is perfect." are praise; "Perfect, but …" is criticism.
bool isPraise(const std::string& judgment)
{
    const std::string text = lower(trimmed(judgment));
    static const std::array<const char*, 6> kOpenings = {
        "perfect",  "the response is perfect", "the response is correct", "the answer is correct", "great answer",
        "excellent"};
    static const std::array<const char*, 8> kTurns = {" but",   "however", "although", "except",
                                                      "though", " yet ",   "could",    "should"};
    const bool praises = std::any_of(kOpenings.begin(), kOpenings.end(),
                                     [&](const char* opening) { return text.rfind(opening, 0) == 0; });
    const bool turns = std::any_of(kTurns.begin(), kTurns.end(),
                                   [&](const char* turn) { return text.find(turn) != std::string::npos; });
    return praises && !turns;
}

// What stands in double quotes, straight or curly, of at least three characters.
std::vector<std::string> quoted(const std::string& judgment)
{
    std::vector<std::string> quotes;
    for (const auto& [open, close] :
         {std::pair<std::string, std::string>{"\"", "\""}, {"\xE2\x80\x9C", "\xE2\x80\x9D"}}) {
        for (std::size_t at = judgment.find(open); at != std::string::npos;) {
            const auto begin = at + open.size();
            const auto end = judgment.find(close, begin);
            if (end == std::string::npos) {
                break;
            }
            if (end - begin >= 3) {
                quotes.push_back(judgment.substr(begin, end - begin));
            }
            at = judgment.find(open, end + close.size());
        }
    }
    return quotes;
}

}  // namespace

std::vector<Finding> Linter::look(const NewResponse& r, int row)
{
    std::vector<Finding> findings;
    const auto say = [&](const std::string& problem, const std::string& suggestion) {
        findings.push_back({row, r.externalId, problem, suggestion});
    };
    if (trimmed(r.output).empty()) {
        say("The response is empty.", "Leave it out.");
    }
    if (trimmed(r.instruction).empty()) {
        say("The instruction is empty.", "Leave it out.");
    }
    for (const std::string* text : {&r.instruction, &r.input, &r.output, &r.judgment}) {
        if (text->find("\xEF\xBF\xBD") != std::string::npos) {
            say("It holds the replacement character \xEF\xBF\xBD: the file was saved in another encoding.",
                "Save the file as UTF-8 and import it again.");
            break;
        }
    }
    if (r.verdict == Verdict::Criticised) {
        if (trimmed(r.judgment).empty()) {
            say("The judgment is an empty text, which counts as criticism.", "Write one, or accept the response.");
        } else if (isPlaceholder(r.judgment)) {
            say("The judgment is the placeholder " + trimmed(r.judgment) + ".", "Leave it out, or write a judgment.");
        } else if (isPraise(r.judgment)) {
            say("The judgment praises, but is stored as criticism.", "Accept the response instead.");
        } else {
            for (const auto& quote : quoted(r.judgment)) {
                if (r.output.find(quote) == std::string::npos && r.instruction.find(quote) == std::string::npos) {
                    say("The judgment quotes \xE2\x80\x9C" + quote.substr(0, 60) +
                            "\xE2\x80\x9D, which the response lacks.",
                        "Check that it belongs to this response.");
                    break;
                }
            }
        }
    }
    const std::string key = toHex(sha256(r.instruction + '\0' + r.input + '\0' + r.output));
    const auto [first, fresh] = m_seen.emplace(key, row);
    if (!fresh) {
        say("Instruction and response are the same as in row " + std::to_string(first->second) + ".",
            "Keep one of them.");
    }
    return findings;
}

}  // namespace stet::annotate
