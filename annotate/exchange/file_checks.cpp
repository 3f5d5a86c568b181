#include "annotate/exchange/file_checks.h"

#include "annotate/exchange/record_text.h"

namespace stet::annotate {

std::vector<Finding> UnknownFields::look(const Json& record, const std::string& id, int row)
{
    constexpr std::size_t kMostNamed = 10;
    constexpr std::size_t kLongestName = 80;
    std::vector<Finding> findings;
    for (const auto& [name, value] : record.items()) {
        if (!isKnownField(name) && m_named.size() < kMostNamed && m_named.insert(name).second) {
            findings.push_back(
                {FindingKind::UnknownField, row, id,
                 "The field '" + name.substr(0, kLongestName) + "' means nothing here; it is kept as it came.",
                 "Check its spelling.", name.substr(0, kLongestName)});
        }
    }
    return findings;
}

void FileIds::give(NewResponse& r)
{
    while (r.externalId.empty()) {
        const std::string number = std::to_string(++m_last);
        if (m_rows.count(number) == 0 && !m_project.findExternal(number)) {
            r.externalId = number;
        }
    }
}

std::vector<Finding> FileIds::look(const NewResponse& r, int row)
{
    std::vector<Finding> findings;
    const auto say = [&](FindingKind kind, const std::string& problem, const std::string& suggestion) {
        findings.push_back({kind, row, r.externalId, problem, suggestion, excerptOf(r.output)});
    };
    const auto first = m_rows.find(r.externalId);
    const auto id = m_project.findExternal(r.externalId);
    const auto item = id ? m_project.item(*id) : std::nullopt;
    const bool same = item &&
        textsHash(item->instruction, item->input, item->output, item->messages) ==
            textsHash(r.instruction, r.input, r.output, r.messages);
    if (same || m_known.holds(r)) {
        say(FindingKind::Known, "The project has this response already.", "Keep one of them.");
    }
    if (first != m_rows.end()) {
        say(FindingKind::SameId, "Row " + std::to_string(first->second) + " has the same id.",
            "Give each row an id of its own.");
    } else if (item && !same) {
        say(FindingKind::OthersId, "Another response of the project has this id.", "Give it an id of its own.");
    }
    return findings;
}

void FileIds::remember(const NewResponse& r, int row)
{
    m_rows.emplace(r.externalId, row);
}

}  // namespace stet::annotate
