#include "annotate/exchange/linter.h"

#include "annotate/judgment/judgment_reading.h"
#include "annotate/judgment/quoted_words.h"
#include "base/utf8.h"

#include <algorithm>
#include <iterator>
#include <optional>

namespace stet::annotate {

namespace {

std::string trimmed(const std::string& text)
{
    const auto begin = text.find_first_not_of(" \t\r\n");
    return begin == std::string::npos ? std::string()
                                      : text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

std::string keyOf(const NewResponse& r)
{
    return textsHash(r.instruction, r.input, r.output, r.messages);
}

// Of a judgment at most one thing is said, the first that holds.
std::optional<Finding> judgmentFinding(const NewResponse& r)
{
    if (trimmed(r.judgment).empty()) {
        return Finding{FindingKind::EmptyJudgment,
                       0,
                       r.externalId,
                       "The judgment is an empty text, which counts as criticism.",
                       "Write one, or accept the response.",
                       excerptOf(r.output)};
    }
    if (isPlaceholder(r.judgment)) {
        return Finding{FindingKind::Placeholder,
                       0,
                       r.externalId,
                       "The judgment is the placeholder " + trimmed(r.judgment) + ".",
                       "Leave it out, or write a judgment.",
                       excerptOf(r.judgment)};
    }
    if (readsLikePraise(r.judgment)) {
        return Finding{FindingKind::Praise,
                       0,
                       r.externalId,
                       "The judgment praises, but is stored as criticism.",
                       "Accept the response instead.",
                       excerptOf(r.judgment)};
    }
    const auto quote = absentQuote(r.judgment, {r.output, r.instruction, r.input});
    if (quote.empty()) {
        return std::nullopt;
    }
    return Finding{FindingKind::AbsentQuote,
                   0,
                   r.externalId,
                   "The judgment quotes “" + quote.substr(0, completePrefix(quote.substr(0, 60))) +
                       "”, which the response lacks.",
                   "Check that it belongs to this response.",
                   excerptOf(r.judgment)};
}

bool holdsReplacement(const NewResponse& r)
{
    const std::string* const texts[] = {&r.instruction, &r.input, &r.output, &r.judgment};
    return std::any_of(std::begin(texts), std::end(texts),
                       [](const std::string* text) { return text->find("\xEF\xBF\xBD") != std::string::npos; });
}

}  // namespace

std::vector<Finding> Linter::look(const NewResponse& r, int row) const
{
    std::vector<Finding> findings;
    const auto say = [&](FindingKind kind, const std::string& problem, const std::string& suggestion) {
        findings.push_back(
            {kind, row, r.externalId, problem, suggestion, excerptOf(r.output.empty() ? r.instruction : r.output)});
    };
    if (r.hasOutput && trimmed(r.output).empty()) {
        say(FindingKind::EmptyResponse, "The response is empty.", "Leave it out.");
    }
    if (trimmed(r.instruction).empty()) {
        say(FindingKind::EmptyInstruction, "The instruction is empty.", "Leave it out.");
    }
    if (holdsReplacement(r)) {
        say(FindingKind::Encoding,
            "It holds the replacement character \xEF\xBF\xBD: the file was saved in another encoding.",
            "Save the file as UTF-8 and import it again.");
    }
    if (auto finding = r.verdict == Verdict::Criticised ? judgmentFinding(r) : std::nullopt) {
        finding->row = row;
        findings.push_back(std::move(*finding));
    }
    if (const auto first = m_seen.find(keyOf(r)); first != m_seen.end()) {
        say(FindingKind::SameTexts,
            "Instruction and response are the same as in row " + std::to_string(first->second) + ".",
            "Keep one of them.");
    }
    return findings;
}

void Linter::remember(const NewResponse& response, int row)
{
    m_seen.emplace(keyOf(response), row);
}

}  // namespace stet::annotate
