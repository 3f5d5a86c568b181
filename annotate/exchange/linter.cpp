#include "annotate/exchange/linter.h"

#include "annotate/judgment/judgment_reading.h"
#include "base/sha256.h"
#include "base/utf8.h"

namespace stet::annotate {

namespace {

std::string trimmed(const std::string& text)
{
    const auto begin = text.find_first_not_of(" \t\r\n");
    return begin == std::string::npos ? std::string()
                                      : text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

}  // namespace

std::vector<Finding> Linter::look(const NewResponse& r, int row)
{
    std::vector<Finding> findings;
    const auto say = [&](const std::string& problem, const std::string& suggestion) {
        findings.push_back({row, r.externalId, problem, suggestion});
    };
    if (r.hasOutput && trimmed(r.output).empty()) {
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
        } else if (readsLikePraise(r.judgment)) {
            say("The judgment praises, but is stored as criticism.", "Accept the response instead.");
        } else if (const auto quote = absentQuote(r.judgment, {r.output, r.instruction, r.input}); !quote.empty()) {
            say("The judgment quotes “" + quote.substr(0, completePrefix(quote.substr(0, 60))) +
                    "”, which the response lacks.",
                "Check that it belongs to this response.");
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
